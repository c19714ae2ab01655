// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "REST")
@interface Config {
    String PID = "org.meterway.rest";

    @AttributeDefinition(name = "Largest import", description = "Bytes of a CSV file", min = "1")
    long import_limit_bytes() default 16_000_000;

    @AttributeDefinition(
            name = "Live clients",
            description = "Clients that may follow the live stream at once",
            min = "1")
    int live_clients() default 100;
}
