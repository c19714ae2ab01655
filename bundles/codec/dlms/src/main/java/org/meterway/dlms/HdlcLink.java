// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of HDLC in normal response mode (IEC 62056-46, 6.4): SNRM and UA, I and RR with a window of one, segmentation
 * both ways, DISC. A frame that is not sound, not from our meter or not to us is not heard.
 */
final class HdlcLink implements Link {
    private static final int FLAG = 0x7e;
    private static final int SNRM = 0x93;
    private static final int UA = 0x73;
    private static final int DM = 0x1f;
    private static final int FRMR = 0x97;
    private static final int DISC = 0x53;
    private static final int DEFAULT_INFORMATION = 128;
    private static final int MOST_POLLS = 3;
    private static final int MOST_APDU = 1 << 16;
    private static final byte[] LLC = {(byte) 0xe6, (byte) 0xe6, 0};
    private final byte[] client;
    private final byte[] server;
    private final int information;
    private int sendInformation = DEFAULT_INFORMATION;
    private int sent;
    private int expected;
    private byte[] last = new byte[0];
    private int heardUpTo;
    private List<byte[]> segments = new ArrayList<>();
    private ByteArrayOutputStream answer = new ByteArrayOutputStream();
    private ByteArrayOutputStream raw = new ByteArrayOutputStream();
    private boolean opening;
    private int polls;

    /** A sound frame for us: control, information, and where it ends. */
    private record Received(int control, boolean segmented, byte[] information, int from, int end) {}

    HdlcLink(Access access) {
        this.client = new byte[] {(byte) (access.clientSap() << 1 | 1)};
        this.server = access.serverAddress();
        this.information = access.information();
    }

    @Override
    public Optional<byte[]> connect() {
        opening = true;
        sent = 0;
        expected = 0;
        byte[] parameters = information == DEFAULT_INFORMATION
                ? new byte[0]
                : new byte[] {
                    (byte) 0x81,
                    (byte) 0x80,
                    0x14,
                    0x05,
                    0x02,
                    (byte) (information >> 8),
                    (byte) information,
                    0x06,
                    0x02,
                    (byte) (information >> 8),
                    (byte) information,
                    0x07,
                    0x04,
                    0,
                    0,
                    0,
                    1,
                    0x08,
                    0x04,
                    0,
                    0,
                    0,
                    1
                };
        return Optional.of(say(frame(SNRM, false, parameters)));
    }

    @Override
    public byte[] ask(byte[] apdu) {
        byte[] whole = Gcm.concat(LLC, apdu);
        segments = new ArrayList<>();
        for (int at = 0; at < whole.length; at += sendInformation) {
            segments.add(Arrays.copyOfRange(whole, at, Math.min(at + sendInformation, whole.length)));
        }
        answer = new ByteArrayOutputStream();
        raw = new ByteArrayOutputStream();
        polls = 0;
        return nextSegment();
    }

    private byte[] nextSegment() {
        byte[] segment = segments.remove(0);
        int control = expected << 5 | 0x10 | sent << 1;
        sent = sent + 1 & 7;
        return say(frame(control, !segments.isEmpty(), segment));
    }

    private byte[] say(byte[] frame) {
        last = frame;
        heardUpTo = 0;
        return frame;
    }

    @Override
    public byte[] repeat() {
        heardUpTo = 0;
        return last;
    }

    @Override
    public Optional<byte[]> disconnect() {
        opening = true;
        return Optional.of(say(frame(DISC, false, new byte[0])));
    }

    @Override
    public Heard hear(byte[] received) {
        Received frame = next(received);
        while (frame != null) {
            heardUpTo = frame.end;
            Heard heard = (frame.control & 1) == 0 ? information(received, frame) : unnumbered(frame);
            if (!(heard instanceof Nothing)) {
                return heard;
            }
            frame = next(received);
        }
        return new Nothing();
    }

    private Heard unnumbered(Received frame) {
        switch (frame.control | 0x10) {
            case UA -> {
                if (opening) {
                    opening = false;
                    negotiated(frame.information);
                    return new Connected();
                }
            }
            case DM -> {
                return new Refused("the meter is in disconnected mode (DM)");
            }
            case FRMR -> {
                return new Refused("the meter rejected the frame (FRMR)");
            }
            default -> {
                boolean ready = (frame.control & 0xf) == 1;
                if (ready && !opening && frame.control >> 5 == sent) {
                    if (!segments.isEmpty()) {
                        return new Say(nextSegment());
                    }
                    if (polls++ < MOST_POLLS) {
                        // It has our question, sent twice, but keeps an answer that was lost.
                        return new Say(say(frame(expected << 5 | 0x11, false, new byte[0])));
                    }
                }
            }
        }
        return new Nothing();
    }

    private Heard information(byte[] received, Received frame) {
        if (opening || (frame.control >> 1 & 7) != expected || frame.control >> 5 != sent || !segments.isEmpty()) {
            // An answer repeated, or to somebody else's question.
            return new Nothing();
        }
        if (answer.size() + frame.information.length > MOST_APDU) {
            return new Refused("an answer has more than " + MOST_APDU + " bytes");
        }
        expected = expected + 1 & 7;
        answer.writeBytes(frame.information);
        raw.write(received, frame.from, frame.end + 1 - frame.from);
        if (!frame.segmented) {
            byte[] apdu = answer.toByteArray();
            boolean llc = apdu.length >= 3 && (apdu[0] & 255) == 0xe6 && apdu[2] == 0;
            return new Whole(llc ? Arrays.copyOfRange(apdu, 3, apdu.length) : apdu, raw.toByteArray());
        }
        boolean last = (frame.control & 0x10) != 0;
        return last ? new Say(say(frame(expected << 5 | 0x11, false, new byte[0]))) : new Nothing();
    }

    /** What the meter takes at most (IEC 62056-46, 6.4.4.4.3.2): parameter 6 is what it receives. */
    private void negotiated(byte[] parameters) {
        int at = 3;
        while (parameters.length > 3 && at + 1 < parameters.length) {
            int id = parameters[at] & 255;
            int length = parameters[at + 1] & 255;
            int value = 0;
            for (int i = 0; i < length && at + 2 + i < parameters.length; i++) {
                value = value << 8 | parameters[at + 2 + i] & 255;
            }
            if (id == 6 && value >= 16 && value <= 2_030) {
                sendInformation = value;
            }
            at += 2 + length;
        }
    }

    private byte[] frame(int control, boolean segmented, byte[] content) {
        int header = 2 + server.length + client.length + 1;
        int length = header + 2 + (content.length > 0 ? content.length + 2 : 0);
        byte[] frame = new byte[length + 2];
        frame[0] = FLAG;
        frame[1] = (byte) (0xa0 | (segmented ? 8 : 0) | length >> 8);
        frame[2] = (byte) length;
        System.arraycopy(server, 0, frame, 3, server.length);
        System.arraycopy(client, 0, frame, 3 + server.length, client.length);
        frame[header] = (byte) control;
        crc(frame, header + 1);
        if (content.length > 0) {
            System.arraycopy(content, 0, frame, header + 3, content.length);
            crc(frame, length - 1);
        }
        frame[length + 1] = FLAG;
        return frame;
    }

    private static void crc(byte[] frame, int at) {
        int crc = Crc16.of(frame, 1, at);
        frame[at] = (byte) crc;
        frame[at + 1] = (byte) (crc >> 8);
    }

    /** The next sound frame from our meter to us; null if there is none yet. */
    private @Nullable Received next(byte[] bytes) {
        for (int from = heardUpTo; from + 9 <= bytes.length; from++) {
            if ((bytes[from] & 255) == FLAG && (bytes[from + 1] & 0xf0) == 0xa0) {
                Received frame = frameAt(bytes, from);
                if (frame != null) {
                    return frame;
                }
            }
        }
        return null;
    }

    private @Nullable Received frameAt(byte[] bytes, int from) {
        int start = from + 1;
        int end = start + ((bytes[start] & 7) << 8 | bytes[start + 1] & 255);
        int header = start + 2 + client.length + server.length + 1;
        if (end >= bytes.length || header + 2 > end || (bytes[end] & 255) != FLAG || !sound(bytes, start, end - 2)) {
            return null;
        }
        int source = start + 2 + client.length;
        if (!Arrays.equals(bytes, start + 2, source, client, 0, client.length)
                || !Arrays.equals(bytes, source, source + server.length, server, 0, server.length)) {
            return null;
        }
        int control = bytes[header - 1] & 255;
        boolean more = end - 2 > header;
        if (more && (header + 4 > end || !sound(bytes, start, header))) {
            return null;
        }
        byte[] content = more ? Arrays.copyOfRange(bytes, header + 2, end - 2) : new byte[0];
        return new Received(control, (bytes[start] & 8) != 0, content, from, end);
    }

    private static boolean sound(byte[] bytes, int from, int at) {
        return Crc16.of(bytes, from, at) == (bytes[at] & 255 | (bytes[at + 1] & 255) << 8);
    }
}
