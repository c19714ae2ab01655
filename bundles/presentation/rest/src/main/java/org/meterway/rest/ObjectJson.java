// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.meterway.api.channel.ManagedObject;
import org.meterway.api.channel.ManagedObject.ManagedResource;

/** An object of a meter as JSON: every instance with all resources of the definition. */
final class ObjectJson {
    private ObjectJson() {}

    static void write(JsonGenerator out, ManagedObject object) throws IOException {
        out.writeStartObject();
        out.writeNumberField("id", object.id());
        out.writeStringField("name", object.name());
        out.writeStringField("version", object.version());
        out.writeArrayFieldStart("instances");
        for (int instance : object.instances()) {
            out.writeStartObject();
            out.writeNumberField("id", instance);
            out.writeArrayFieldStart("resources");
            for (ManagedResource resource : object.resources()) {
                out.writeStartObject();
                out.writeNumberField("id", resource.id());
                out.writeStringField("name", resource.name());
                out.writeStringField("operations", resource.operations());
                out.writeStringField("type", resource.type());
                out.writeStringField("units", resource.units());
                out.writeBooleanField("multiple", resource.multiple());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
