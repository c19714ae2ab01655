// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import org.eclipse.leshan.core.model.ResourceModel;
import org.eclipse.leshan.core.node.InvalidLwM2mPathException;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Values in LwM2M's TLV format (LwM2M Core 1.1, 7.4.3) under the path they were read from. Types come from the object's
 * definition, because TLV does not carry them; values of objects without one are left unnamed. Their time is when they were
 * received.
 */
@Component
public final class TlvCodec implements Codec {
    private static final int OBJECT_INSTANCE = 0;
    private static final int MULTIPLE_RESOURCE = 2;
    private static final int RESOURCE = 3;

    private final ObjectModels models = new ObjectModels();

    @Activate
    public TlvCodec() {
        // Definitions are read when they are needed.
    }

    @Override
    public String name() {
        return "lwm2m-tlv";
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public Set<String> contentTypes() {
        return Set.of(ContentTypes.TLV);
    }

    @Override
    public Decoded decode(Frame frame, DecodeContext names) throws FrameRejectedException {
        LwM2mPath target;
        try {
            target = new LwM2mPath(frame.target());
        } catch (InvalidLwM2mPathException | IllegalArgumentException notAPath) {
            throw new FrameRejectedException("target", -1, "'" + frame.target() + "' is no LwM2M path");
        }
        if (target.isRoot()) {
            throw new FrameRejectedException("target", -1, "TLV does not say of which object it is");
        }
        Walk walk = new Walk(frame, new ReadingList(names));
        walk.entries(
                0,
                frame.bytes().length,
                target.getObjectId(),
                target.getObjectInstanceId() == null ? -1 : target.getObjectInstanceId(),
                -1);
        return walk.readings.decoded();
    }

    private final class Walk {
        private final Frame frame;
        private final byte[] bytes;
        private final ReadingList readings;

        Walk(Frame frame, ReadingList readings) {
            this.frame = frame;
            this.bytes = frame.bytes();
            this.readings = readings;
        }

        /**
         * Entries from one offset to another.
         *
         * @param instance the object instance they are in, −1 if they say it themselves or there is one only
         * @param resource the multiple resource they are in, −1 if in none
         */
        void entries(int from, int to, int object, int instance, int resource) throws FrameRejectedException {
            int at = from;
            while (at < to) {
                int start = at;
                int head = bytes[at++] & 0xFF;
                int kind = head >> 6;
                int idBytes = (head & 0x20) == 0 ? 1 : 2;
                int lengthBytes = head >> 3 & 3;
                if (at + idBytes + lengthBytes > to) {
                    throw new FrameRejectedException("tlv", start, "its header is cut off");
                }
                int id = unsigned(at, idBytes);
                at += idBytes;
                int length = lengthBytes == 0 ? head & 7 : unsigned(at, lengthBytes);
                at += lengthBytes;
                if (length > to - at) {
                    throw new FrameRejectedException(
                            "tlv", start, "says " + length + " bytes follow, but " + (to - at) + " do");
                }
                entry(start, kind, id, at, length, object, instance, resource);
                at += length;
            }
        }

        private void entry(int start, int kind, int id, int at, int length, int object, int instance, int resource)
                throws FrameRejectedException {
            int within = Math.max(instance, 0);
            switch (kind) {
                case OBJECT_INSTANCE -> {
                    if (resource >= 0 || instance >= 0 && instance != id) {
                        throw new FrameRejectedException("tlv", start, "object instance " + id + " is out of place");
                    }
                    // Only once: what is inside must be resources.
                    inside(at, at + length, object, id);
                }
                case MULTIPLE_RESOURCE -> {
                    if (resource >= 0) {
                        throw new FrameRejectedException("tlv", start, "multiple resource " + id + " is out of place");
                    }
                    entries(at, at + length, object, within, id);
                }
                case RESOURCE -> {
                    if (resource >= 0) {
                        throw new FrameRejectedException("tlv", start, "resource " + id + " is out of place");
                    }
                    value("/" + object + "/" + within + "/" + id, object, id, at, length);
                }
                default -> {
                    int owner = resource >= 0 ? resource : targetResource(start);
                    value("/" + object + "/" + within + "/" + owner + "/" + id, object, owner, at, length);
                }
            }
        }

        private void inside(int from, int to, int object, int instance) throws FrameRejectedException {
            if (from < to && (bytes[from] & 0xFF) >> 6 == OBJECT_INSTANCE) {
                throw new FrameRejectedException("tlv", from, "an object instance is inside another");
            }
            entries(from, to, object, instance, -1);
        }

        /** Resource instances stand alone when their resource was read. */
        private int targetResource(int start) throws FrameRejectedException {
            Integer resource = new LwM2mPath(frame.target()).getResourceId();
            if (resource == null) {
                throw new FrameRejectedException("tlv", start, "a resource instance is out of place");
            }
            return resource;
        }

        private void value(String path, int object, int resource, int at, int length) throws FrameRejectedException {
            Optional<Register> register = readings.register(path);
            if (register.isEmpty()) {
                return;
            }
            Optional<ResourceModel> model =
                    models.find(object, Optional.empty()).map(found -> found.resources.get(resource));
            if (model.isEmpty()) {
                readings.unnamed(path);
                return;
            }
            BigDecimal value =
                    switch (model.get().type) {
                        case INTEGER, TIME -> new BigDecimal(new BigInteger(bytes, at, integer(path, at, length)));
                        case UNSIGNED_INTEGER ->
                            new BigDecimal(new BigInteger(1, bytes, at, integer(path, at, length)));
                        case FLOAT -> floating(path, at, length);
                        default ->
                            throw ReadingList.needsNumber(
                                    register.get(), path, at, "of type " + ObjectTree.typeName(model.get()));
                    };
            readings.add(register.get(), path, frame.receivedAt(), value, at);
        }

        private int integer(String path, int at, int length) throws FrameRejectedException {
            if (length != 1 && length != 2 && length != 4 && length != 8) {
                throw new FrameRejectedException(path, at, "an integer has 1, 2, 4 or 8 bytes, this has " + length);
            }
            return length;
        }

        private BigDecimal floating(String path, int at, int length) throws FrameRejectedException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, at, length);
            return switch (length) {
                case Float.BYTES -> ReadingList.exact(buffer.getFloat(), path, at);
                case Double.BYTES -> ReadingList.exact(buffer.getDouble(), path, at);
                default -> throw new FrameRejectedException(path, at, "a float has 4 or 8 bytes, this has " + length);
            };
        }

        private int unsigned(int at, int length) {
            int value = 0;
            for (int i = 0; i < length; i++) {
                value = value << 8 | bytes[at + i] & 0xFF;
            }
            return value;
        }
    }
}
