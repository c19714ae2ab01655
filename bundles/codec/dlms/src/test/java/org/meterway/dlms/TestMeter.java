// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A meter in memory: the server's side of HDLC or the wrapper, associations, GET with blocks and list, SET, ACTION. */
final class TestMeter {
    static final byte[] KEY = Decoding.bytes("000102030405060708090a0b0c0d0e0f");
    static final byte[] AUTHENTICATION = Decoding.bytes("d0d1d2d3d4d5d6d7d8d9dadbdcdddedf");
    static final byte[] TITLE = Decoding.bytes("4d4d4d0000bc614e");
    final Map<String, String> objects = new HashMap<>();
    final List<String> log = new ArrayList<>();
    boolean wrapper;
    boolean ciphered;
    boolean gmac;
    boolean liesAboutChallenge;
    boolean listAllowed = true;
    boolean listWorks = true;
    boolean replaysCounter;
    String password = "";
    int information = 128;
    int blockSize = 10_000;
    byte[] server = {0x03};
    byte[] client = {0x21};
    private int sent;
    private int expected;
    private long counter = 100;
    private long clientCounter = -1;
    private byte[] clientTitle = new byte[8];
    private final byte[] challenge = Decoding.bytes("503677524a323146");
    private ByteArrayOutputStream question = new ByteArrayOutputStream();
    private List<byte[]> segments = new ArrayList<>();
    private byte[] blocks = new byte[0];
    private byte[] lastAnswer = new byte[0];

    /** What the meter says to what it hears; empty for nothing. */
    byte[] answer(byte[] heard) {
        if (wrapper) {
            byte[] apdu = serve(Arrays.copyOfRange(heard, 8, heard.length));
            byte[] head = {0, 1, 0, server[0], 0, client[0], (byte) (apdu.length >> 8), (byte) apdu.length};
            return Gcm.concat(head, apdu);
        }
        int header = 3 + server.length + client.length;
        int control = heard[header] & 255;
        boolean segmented = (heard[1] & 8) != 0;
        if (control == 0x93) {
            sent = 0;
            expected = 0;
            log.add("SNRM");
            return frame(0x73, false, Decoding.bytes("818012050180060180070400000001080400000001"));
        }
        if (control == 0x53) {
            log.add("DISC");
            return frame(0x73, false, new byte[0]);
        }
        if ((control & 0xf) == 1) {
            if (!segments.isEmpty() && control >> 5 == sent) {
                return nextSegment();
            }
            return lastAnswer;
        }
        if ((control >> 1 & 7) != expected) {
            return lastAnswer;
        }
        expected = expected + 1 & 7;
        question.writeBytes(Arrays.copyOfRange(heard, header + 3, heard.length - 3));
        if (segmented) {
            log.add("RR");
            return frame(expected << 5 | 0x11, false, new byte[0]);
        }
        byte[] apdu = question.toByteArray();
        question = new ByteArrayOutputStream();
        byte[] whole =
                Gcm.concat(new byte[] {(byte) 0xe6, (byte) 0xe7, 0}, serve(Arrays.copyOfRange(apdu, 3, apdu.length)));
        segments = new ArrayList<>();
        for (int at = 0; at < whole.length; at += information) {
            segments.add(Arrays.copyOfRange(whole, at, Math.min(at + information, whole.length)));
        }
        return nextSegment();
    }

    private byte[] nextSegment() {
        byte[] segment = segments.remove(0);
        int control = expected << 5 | 0x10 | sent << 1;
        sent = sent + 1 & 7;
        lastAnswer = frame(control, !segments.isEmpty(), segment);
        return lastAnswer;
    }

    byte[] frame(int control, boolean segmented, byte[] content) {
        byte[] head = Gcm.concat(new byte[2], client, server, new byte[] {(byte) control});
        int length = head.length + 2 + (content.length == 0 ? 0 : content.length + 2);
        head[0] = (byte) (0xa0 | (segmented ? 8 : 0) | length >> 8);
        head[1] = (byte) length;
        byte[] checked = Gcm.concat(head, crc(head));
        byte[] whole = content.length == 0 ? checked : Gcm.concat(checked, content);
        byte[] sum = content.length == 0 ? new byte[0] : crc(whole);
        return Gcm.concat(new byte[] {0x7e}, whole, sum, new byte[] {0x7e});
    }

    private static byte[] crc(byte[] bytes) {
        int crc = Crc16.of(bytes, 0, bytes.length);
        return new byte[] {(byte) crc, (byte) (crc >> 8)};
    }

    private byte[] serve(byte[] apdu) {
        int tag = apdu[0] & 255;
        if (tag == 0x60) {
            return associate(apdu);
        }
        if (tag == 0x62) {
            log.add("RLRQ");
            return Decoding.bytes("6303800100");
        }
        if (!ciphered) {
            return service(apdu);
        }
        return seal(service(open(apdu)));
    }

    private byte[] open(byte[] apdu) {
        int header = (apdu[1] & 255) < 0x80 ? 2 : (apdu[1] & 255) == 0x81 ? 3 : 4;
        long seen = 0;
        for (int i = 1; i < 5; i++) {
            seen = seen << 8 | apdu[header + i] & 255;
        }
        if (seen <= clientCounter) {
            throw new AssertionError("the client's counter did not rise: " + seen);
        }
        clientCounter = seen;
        try {
            return Gcm.decrypt(
                    KEY,
                    Gcm.iv(clientTitle, seen),
                    Gcm.concat(new byte[] {0x30}, AUTHENTICATION),
                    Arrays.copyOfRange(apdu, header + 5, apdu.length));
        } catch (javax.crypto.AEADBadTagException wrong) {
            throw new AssertionError(wrong);
        }
    }

    private byte[] seal(byte[] plain) {
        int tag = plain[0] & 255;
        long next = replaysCounter ? counter : ++counter;
        byte[] text = Gcm.encrypt(KEY, Gcm.iv(TITLE, next), Gcm.concat(new byte[] {0x30}, AUTHENTICATION), plain);
        int glo = tag < 0x40 ? tag + 0x20 : tag + 8;
        return Gcm.concat(
                new byte[] {(byte) glo}, Requests.length(text.length + 5), new byte[] {0x30}, Requests.u32(next), text);
    }

    private byte[] associate(byte[] aarq) {
        String hex = HexFormat.of().formatHex(aarq);
        log.add("AARQ");
        int title = hex.indexOf("a60a0408");
        if (title >= 0) {
            clientTitle = Decoding.bytes(hex.substring(title + 8, title + 24));
        }
        boolean good = password.isEmpty() || hex.contains(HexFormat.of().formatHex(password.getBytes()));
        if (ciphered) {
            int at = hex.indexOf("be") / 2;
            while (!(aarq[at] == (byte) 0xbe && aarq[at + 2] == 4 && aarq[at + 4] == 0x21)) {
                at++;
            }
            open(Arrays.copyOfRange(aarq, at + 4, aarq.length));
        }
        byte[] initiate = Decoding.bytes("0800065f1f040000" + (listAllowed ? "1e1d" : "1c1d") + "04c80007");
        byte[] information = ciphered ? seal(initiate) : initiate;
        String result =
                !good ? "a203020101a305a10302010d" : gmac ? "a203020100a305a10302010e" : "a203020100a305a103020100";
        byte[] body = Gcm.concat(
                Decoding.bytes("a109060760857405080101" + result + "a40a0408"),
                TITLE,
                gmac ? Gcm.concat(Decoding.bytes("aa0a8008"), challenge) : new byte[0],
                new byte[] {(byte) 0xbe, (byte) (information.length + 2), 4, (byte) information.length},
                information);
        return Gcm.concat(new byte[] {0x61}, Requests.length(body.length), body);
    }

    private byte[] service(byte[] apdu) {
        int type = apdu[1];
        switch (apdu[0] & 255) {
            case 0xc0 -> {
                return get(apdu, type);
            }
            case 0xc1 -> {
                log.add("SET " + descriptor(apdu, 3));
                return Decoding.bytes("c501c100");
            }
            case 0xc3 -> {
                String method = descriptor(apdu, 3);
                log.add("ACTION " + method);
                return method.startsWith("15/") ? reply(apdu) : Decoding.bytes("c701c10000");
            }
            default -> {
                return Decoding.bytes("d80202");
            }
        }
    }

    private byte[] reply(byte[] action) {
        byte[] proof = Arrays.copyOfRange(action, 15, action.length);
        byte[] expectedTag = gmac(clientTitle, Arrays.copyOfRange(proof, 1, 5), challenge);
        if (!Arrays.equals(expectedTag, Arrays.copyOfRange(proof, 5, 17))) {
            return Decoding.bytes("c701c10300");
        }
        byte[] count = Requests.u32(++counter);
        byte[] tag = gmac(TITLE, count, liesAboutChallenge ? challenge : clientChallenge);
        return Gcm.concat(Decoding.bytes("c701c10001000911"), new byte[] {0x10}, count, tag);
    }

    byte[] clientChallenge = new byte[0];

    private static byte[] gmac(byte[] title, byte[] count, byte[] challenge) {
        return Gcm.encrypt(
                KEY, Gcm.concat(title, count), Gcm.concat(new byte[] {0x10}, AUTHENTICATION, challenge), new byte[0]);
    }

    private static String descriptor(byte[] apdu, int at) {
        return new Descriptor(apdu[at] << 8 | apdu[at + 1] & 255, Datum.obis(apdu, at + 2), apdu[at + 8]).toString();
    }

    private byte[] get(byte[] apdu, int type) {
        if (type == 2) {
            return block();
        }
        if (type == 3 && !listWorks) {
            return Decoding.bytes("d80202");
        }
        if (type == 3) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(new byte[] {(byte) 0xc4, 3, (byte) 0xc1, apdu[3]});
            for (int i = 0; i < apdu[3]; i++) {
                String of = descriptor(apdu, 4 + 10 * i);
                log.add("GET " + of + " in list");
                String value = objects.get(of);
                out.writeBytes(value == null ? new byte[] {1, 4} : Decoding.bytes("00" + value));
            }
            return out.toByteArray();
        }
        String of = descriptor(apdu, 3);
        boolean selected = apdu[12] == 1;
        log.add("GET " + of + (selected ? " by " + apdu[13] : ""));
        String value = objects.getOrDefault(of + (selected ? "@" + apdu[13] : ""), "");
        if (value.isEmpty()) {
            return new byte[] {(byte) 0xc4, 1, (byte) 0xc1, 1, 4};
        }
        byte[] data = Decoding.bytes(value);
        if (data.length <= blockSize) {
            return Gcm.concat(new byte[] {(byte) 0xc4, 1, (byte) 0xc1, 0}, data);
        }
        blocks = data;
        blockNumber = 0;
        return block();
    }

    private int blockNumber;

    private byte[] block() {
        int length = Math.min(blockSize, blocks.length);
        byte[] part = Arrays.copyOf(blocks, length);
        blocks = Arrays.copyOfRange(blocks, length, blocks.length);
        blockNumber++;
        return Gcm.concat(
                new byte[] {(byte) 0xc4, 2, (byte) 0xc1, (byte) (blocks.length == 0 ? 1 : 0)},
                Requests.u32(blockNumber),
                new byte[] {0},
                Requests.length(length),
                part);
    }
}
