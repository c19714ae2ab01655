// SPDX-License-Identifier: EPL-2.0
package org.meterway.linemeters;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Queue;

/** A DLMS/COSEM meter over HDLC: association with no or a low-level password, GET of one attribute or of a list, segmented answers. */
public final class DlmsMeter implements EmulatedMeter {
    private static final HexFormat HEX = HexFormat.of();
    private static final int FLAG = 0x7E;

    private final int logical;
    private final int physical;
    private final byte[] password;
    private final int segment;
    private final Map<String, byte[]> attributes = new HashMap<>();
    private final Queue<byte[]> segments = new ArrayDeque<>();
    private byte[] heard = new byte[0];
    private byte[] last = new byte[0];
    private boolean connected;
    private boolean associated;
    private int baud;
    private int sent;
    private int received;

    /**
     * @param logical upper HDLC address
     * @param physical lower HDLC address; 0 if it listens to one of a single byte
     * @param password low-level security; empty for none
     * @param segment most bytes of an answer in one frame
     */
    public DlmsMeter(int logical, int physical, String password, int segment) {
        this.logical = logical;
        this.physical = physical;
        this.password = password.getBytes(StandardCharsets.US_ASCII);
        this.segment = segment;
    }

    /** A register (class 3): its count, the power of ten and the unit of IEC 62056-6-2 (30 is Wh). */
    public DlmsMeter register(String obis, long count, int scaler, int unit) {
        attributes.put(
                key(3, obis, 2),
                ByteBuffer.allocate(5).put((byte) 6).putInt((int) count).array());
        attributes.put(key(3, obis, 3), new byte[] {2, 2, 0x0F, (byte) scaler, 0x16, (byte) unit});
        return this;
    }

    /** Any attribute, A-XDR in hex. */
    public DlmsMeter attribute(int classId, String obis, int attribute, String hex) {
        attributes.put(key(classId, obis, attribute), HEX.parseHex(hex));
        return this;
    }

    /** Listens at this rate only. */
    public DlmsMeter at(int bitsPerSecond) {
        baud = bitsPerSecond;
        return this;
    }

    @Override
    public int baud() {
        return baud;
    }

    private static String key(int classId, String obis, int attribute) {
        return classId + "/" + obis + "/" + attribute;
    }

    @Override
    public byte[] hear(byte[] bytes) {
        heard = joined(heard, bytes);
        if (heard.length > 4_096) {
            heard = Arrays.copyOfRange(heard, heard.length - 2_048, heard.length);
        }
        for (int start = 0; start + 9 <= heard.length; start++) {
            if ((heard[start] & 0xFF) != FLAG || (heard[start + 1] & 0xF0) != 0xA0) {
                continue;
            }
            int length = (heard[start + 1] & 0x07) << 8 | heard[start + 2] & 0xFF;
            int end = start + 1 + length;
            if (length < 7 || end >= heard.length || (heard[end] & 0xFF) != FLAG) {
                continue;
            }
            byte[] frame = Arrays.copyOfRange(heard, start + 1, end);
            if (crc(frame, frame.length - 2)
                    == (frame[frame.length - 2] & 0xFF | (frame[frame.length - 1] & 0xFF) << 8)) {
                heard = new byte[0];
                return frame(frame);
            }
        }
        return new byte[0];
    }

    private byte[] frame(byte[] frame) {
        int at = 2;
        int from = at;
        while ((frame[at] & 1) == 0) {
            at++;
        }
        byte[] server = Arrays.copyOfRange(frame, from, ++at);
        from = at;
        while ((frame[at] & 1) == 0) {
            at++;
        }
        byte[] client = Arrays.copyOfRange(frame, from, ++at);
        if (!mine(server)) {
            return new byte[0];
        }
        int control = frame[at++] & 0xFF;
        byte[] information =
                frame.length - 2 > at + 2 ? Arrays.copyOfRange(frame, at + 2, frame.length - 2) : new byte[0];
        if ((control & 0xEF) == 0x83) { // SNRM
            connected = true;
            associated = false;
            sent = 0;
            received = 0;
            segments.clear();
            last = new byte[0];
            return hdlc(client, server, 0x73, HEX.parseHex("818012050180060180070400000001080400000001"), false);
        }
        if ((control & 0xEF) == 0x43) { // DISC
            int answer = connected ? 0x73 : 0x1F;
            connected = false;
            return hdlc(client, server, answer, new byte[0], false);
        }
        if (!connected) {
            return hdlc(client, server, 0x1F, new byte[0], false);
        }
        if ((control & 1) == 0) {
            return information(client, server, control, information);
        }
        if ((control & 0x0F) == 0x01) { // RR
            // A poll that does not confirm the last frame asks for it again.
            return control >> 5 == sent ? next(client, server) : last;
        }
        return new byte[0];
    }

    private boolean mine(byte[] server) {
        return switch (server.length) {
            case 1 -> (server[0] & 0xFF) >> 1 == logical;
            case 2 -> (server[0] & 0xFF) >> 1 == logical && lower((server[1] & 0xFF) >> 1);
            case 4 ->
                ((server[0] & 0xFF) >> 1 << 7 | (server[1] & 0xFF) >> 1) == logical
                        && lower((server[2] & 0xFF) >> 1 << 7 | (server[3] & 0xFF) >> 1);
            default -> false;
        };
    }

    private boolean lower(int address) {
        return address == physical || address == 0x7F || address == 0x3FFF;
    }

    private byte[] information(byte[] client, byte[] server, int control, byte[] information) {
        int number = control >> 1 & 7;
        if (number != received) {
            return hdlc(client, server, received << 5 | 0x11, new byte[0], false);
        }
        received = (received + 1) % 8;
        if (information.length < 4 || information[0] != (byte) 0xE6) {
            return hdlc(client, server, received << 5 | 0x11, new byte[0], false);
        }
        byte[] apdu = apdu(Arrays.copyOfRange(information, 3, information.length));
        byte[] whole = joined(new byte[] {(byte) 0xE6, (byte) 0xE7, 0}, apdu);
        segments.clear();
        for (int i = 0; i < whole.length; i += segment) {
            segments.add(Arrays.copyOfRange(whole, i, Math.min(whole.length, i + segment)));
        }
        return next(client, server);
    }

    private byte[] next(byte[] client, byte[] server) {
        byte[] part = segments.poll();
        if (part == null) {
            return hdlc(client, server, received << 5 | 0x11, new byte[0], false);
        }
        int control = received << 5 | 0x10 | sent << 1;
        sent = (sent + 1) % 8;
        last = hdlc(client, server, control, part, !segments.isEmpty());
        return last;
    }

    private byte[] apdu(byte[] request) {
        int tag = request[0] & 0xFF;
        if (tag == 0x60) {
            return associate(request);
        }
        if (tag == 0x62) {
            associated = false;
            return HEX.parseHex("6303800100");
        }
        if (tag != 0xC0 || !associated) {
            return HEX.parseHex("d80101");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0xC4);
        out.write(request[1]);
        out.write(request[2]);
        int at = 3;
        int count = 1;
        if (request[1] == 3) {
            count = request[at++] & 0xFF;
            out.write(count);
        } else if (request[1] != 1) {
            return HEX.parseHex("d80104");
        }
        for (int i = 0; i < count; i++, at += 10) {
            byte[] data = attributes.get(descriptor(request, at));
            out.write(data == null ? 1 : 0);
            out.writeBytes(data == null ? new byte[] {4} : data); // 4: object-undefined
        }
        return out.toByteArray();
    }

    private static String descriptor(byte[] request, int at) {
        int classId = (request[at] & 0xFF) << 8 | request[at + 1] & 0xFF;
        StringBuilder obis = new StringBuilder();
        for (int i = 2; i < 8; i++) {
            obis.append(i == 2 ? "" : ".").append(request[at + i] & 0xFF);
        }
        return key(classId, obis.toString(), request[at + 8]);
    }

    private byte[] associate(byte[] request) {
        boolean right = password.length == 0
                || contains(request, joined(new byte[] {(byte) 0x80, (byte) password.length}, password));
        associated = right;
        return HEX.parseHex(
                right
                        ? "6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f0400001e1f01f40007"
                        : "611fa109060760857405080101a203020101a305a10302010dbe0604040e010600");
    }

    private static boolean contains(byte[] all, byte[] part) {
        for (int i = 0; i + part.length <= all.length; i++) {
            if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] hdlc(byte[] to, byte[] from, int control, byte[] information, boolean more) {
        int length = 2 + to.length + from.length + 1 + 2 + (information.length == 0 ? 0 : information.length + 2);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0xA0 | (more ? 8 : 0) | length >> 8);
        out.write(length);
        out.writeBytes(to);
        out.writeBytes(from);
        out.write(control);
        check(out);
        if (information.length > 0) {
            out.writeBytes(information);
            check(out);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(FLAG);
        all.writeBytes(out.toByteArray());
        all.write(FLAG);
        return all.toByteArray();
    }

    private static void check(ByteArrayOutputStream out) {
        int crc = crc(out.toByteArray(), out.size());
        out.write(crc);
        out.write(crc >> 8);
    }

    /** ISO/IEC 13239: polynomial x16+x12+x5+1, least significant bit first, all ones before, inverted after. */
    private static int crc(byte[] bytes, int length) {
        int crc = 0xFFFF;
        for (int i = 0; i < length; i++) {
            crc ^= bytes[i] & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0x8408;
            }
        }
        return crc ^ 0xFFFF;
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] all = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, all, one.length, other.length);
        return all;
    }
}
