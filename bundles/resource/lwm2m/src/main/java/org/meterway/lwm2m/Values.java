// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.leshan.core.link.DefaultLinkSerializer;
import org.eclipse.leshan.core.link.Link;
import org.eclipse.leshan.core.link.LinkParseException;
import org.eclipse.leshan.core.link.lwm2m.DefaultLwM2mLinkParser;
import org.eclipse.leshan.core.model.ResourceModel;
import org.eclipse.leshan.core.model.ResourceModel.Type;
import org.eclipse.leshan.core.node.LwM2mMultipleResource;
import org.eclipse.leshan.core.node.LwM2mNode;
import org.eclipse.leshan.core.node.LwM2mObject;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mResourceInstance;
import org.eclipse.leshan.core.node.LwM2mRoot;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.node.ObjectLink;
import org.eclipse.leshan.core.util.datatype.ULong;
import org.jspecify.annotations.Nullable;

/** Converts between the values of commands and answers and those of LwM2M (LwM2M Core 1.1, Appendix C). */
final class Values {
    private Values() {}

    /** A resource to write; multiple if the value is a map from instance number to value. */
    static LwM2mResource resource(LwM2mPath path, ResourceModel model, Object value) {
        if (value instanceof Map<?, ?> instances) {
            List<LwM2mResourceInstance> nodes = new ArrayList<>();
            instances.forEach((key, each) -> {
                int id = instanceNumber(path, key);
                nodes.add(LwM2mResourceInstance.newInstance(id, toLwM2m(path + "/" + id, model, each), model.type));
            });
            return new LwM2mMultipleResource(path.getResourceId(), model.type, nodes);
        }
        if (Boolean.TRUE.equals(model.multiple)) {
            throw new IllegalArgumentException(path + " has instances: expected a map from instance number to "
                    + ObjectTree.typeName(model) + ", or a path with the instance");
        }
        return LwM2mSingleResource.newResource(
                path.getResourceId(), toLwM2m(path.toString(), model, value), model.type);
    }

    private static int instanceNumber(LwM2mPath path, Object key) {
        try {
            int id = Integer.parseInt(String.valueOf(key));
            if (id >= 0 && id < 65_535) {
                return id;
            }
        } catch (NumberFormatException notANumber) {
            // said below
        }
        throw new IllegalArgumentException(path + ": '" + key + "' is no resource instance number");
    }

    /**
     * A value in the type its resource has.
     *
     * @throws IllegalArgumentException naming the path and the type expected
     */
    static Object toLwM2m(String path, ResourceModel model, @Nullable Object value) {
        Object converted = value == null ? null : convert(model.type, value);
        if (converted == null) {
            String got = value == null
                    ? "nothing"
                    : value.getClass().getSimpleName() + " '" + Gatekeeper.printable(String.valueOf(value)) + "'";
            throw new IllegalArgumentException(
                    path + " (" + model.name + "): expected " + ObjectTree.typeName(model) + ", got " + got);
        }
        return converted;
    }

    private static @Nullable Object convert(Type type, Object value) {
        try {
            return switch (type) {
                case STRING -> value instanceof String ? value : null;
                case BOOLEAN -> value instanceof Boolean ? value : null;
                case INTEGER -> value instanceof Number number ? decimal(number).longValueExact() : null;
                case UNSIGNED_INTEGER ->
                    value instanceof Number number
                            ? ULong.valueOf(decimal(number).toBigIntegerExact())
                            : null;
                case FLOAT ->
                    value instanceof Number number ? finite(decimal(number).doubleValue()) : null;
                case TIME -> time(value);
                case OPAQUE ->
                    value instanceof byte[]
                            ? value
                            : value instanceof String hex ? HexFormat.of().parseHex(hex) : null;
                case OBJLNK -> value instanceof String link ? ObjectLink.decodeFromString(link) : null;
                case CORELINK ->
                    value instanceof String links
                            ? new DefaultLwM2mLinkParser()
                                    .parseCoreLinkFormat(links.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                            : null;
                case NONE -> null;
            };
        } catch (ArithmeticException | IllegalArgumentException | DateTimeParseException | LinkParseException wrong) {
            return null;
        }
    }

    private static BigDecimal decimal(Number number) {
        return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** Time is an instant, its RFC 3339 text, or seconds since 1970; LwM2M carries whole seconds. */
    private static @Nullable Date time(Object value) {
        if (value instanceof Instant instant) {
            return Date.from(instant);
        }
        if (value instanceof String text) {
            return Date.from(Instant.parse(text));
        }
        return value instanceof Number number
                ? Date.from(Instant.ofEpochSecond(decimal(number).longValueExact()))
                : null;
    }

    /** The values of a node by resource (instance) path, in the meter's order. */
    static Map<String, Object> flatten(LwM2mPath path, LwM2mNode node) {
        Map<String, Object> values = new LinkedHashMap<>();
        flatten(path, node, values);
        return values;
    }

    static void flatten(LwM2mPath path, @Nullable LwM2mNode node, Map<String, Object> into) {
        if (node instanceof LwM2mRoot root) {
            root.getObjects().forEach((id, object) -> flatten(new LwM2mPath(id), object, into));
        } else if (node instanceof LwM2mObject object) {
            object.getInstances().forEach((id, instance) -> flatten(path.append(id), instance, into));
        } else if (node instanceof LwM2mObjectInstance instance) {
            instance.getResources().forEach((id, resource) -> flatten(path.append(id), resource, into));
        } else if (node instanceof LwM2mResource resource && resource.isMultiInstances()) {
            resource.getInstances()
                    .forEach((id, instance) -> into.put(path.append(id).toString(), fromLwM2m(instance.getValue())));
        } else if (node instanceof LwM2mResource resource) {
            into.put(path.toString(), fromLwM2m(resource.getValue()));
        } else if (node instanceof LwM2mResourceInstance instance) {
            into.put(path.toString(), fromLwM2m(instance.getValue()));
        }
    }

    private static Object fromLwM2m(Object value) {
        if (value instanceof Date date) {
            return date.toInstant();
        }
        if (value instanceof ULong unsigned) {
            BigInteger number = new BigInteger(unsigned.toString());
            return number.bitLength() < 64 ? (Object) number.longValue() : number;
        }
        if (value instanceof ObjectLink link) {
            return link.encodeToString();
        }
        if (value instanceof Link[] links) {
            return new DefaultLinkSerializer().serializeCoreLinkFormat(links);
        }
        return value;
    }
}
