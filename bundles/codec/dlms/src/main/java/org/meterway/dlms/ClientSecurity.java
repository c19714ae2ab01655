// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.codec.Invocation;
import org.meterway.api.line.DialogueContext;
import org.meterway.dlms.Security.KeyKind;
import org.meterway.dlms.Security.Plain;

/**
 * The client's side of ciphering with global keys (IEC 62056-5-3, 5.3): counters of ours are durable before they are used, the
 * meter's must rise, and an answer that should be ciphered and is not is refused.
 */
final class ClientSecurity {
    private static final int AUTHENTICATED = 0x10;
    private static final int AUTHENTICATED_ENCRYPTED = 0x30;
    private static final long MOST = 0xffff_ffffL;
    private static final byte[] DEFAULT_TITLE = {'M', 'T', 'W', 0, 0, 0, 0, 1};
    private final DialogueContext context;
    private final Keys keys;
    private final Trace trace = new Trace(name -> Optional.empty());
    private byte[] serverTitle;
    private long lastServerCounter = -1;

    ClientSecurity(DialogueContext context) {
        this.context = context;
        this.keys = new Keys(context::key);
        this.serverTitle = keys.systemTitle().orElse(new byte[0]);
    }

    byte[] title() {
        return keys.clientTitle().filter(title -> title.length == Gcm.TITLE).orElse(DEFAULT_TITLE);
    }

    byte[] serverTitle() {
        return serverTitle;
    }

    void serverTitle(byte[] title) {
        serverTitle = title;
    }

    Keys keys() {
        return keys;
    }

    /** A counter value never used before with this key and title. */
    private long counter() {
        long counter = context.nextCounter("dlms " + fingerprint());
        if (counter > MOST) {
            throw new IllegalStateException("the invocation counter is used up: the meter needs new keys");
        }
        return counter;
    }

    /** Names key and title without telling the key: the counter belongs to both. */
    private String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("dlms counter ".getBytes(StandardCharsets.US_ASCII));
            digest.update(encryption());
            digest.update(title());
            return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), 8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private byte[] encryption() {
        return keys.encryption().orElseThrow(() -> new IllegalArgumentException("the meter has no encryption_key"));
    }

    private byte[] authentication() {
        return keys.authentication()
                .orElseThrow(() -> new IllegalArgumentException("the meter has no authentication_key"));
    }

    private int suite() {
        return encryption().length == 32 ? 2 : 0;
    }

    /** The APDU under its glo- tag. */
    byte[] protect(byte[] apdu) {
        int tag = apdu[0] & 255;
        int glo = tag == 0x01 ? 0x21 : tag + 8;
        long counter = counter();
        int control = AUTHENTICATED_ENCRYPTED | suite();
        byte[] text = Gcm.encrypt(
                encryption(),
                Gcm.iv(title(), counter),
                Gcm.concat(new byte[] {(byte) control}, authentication()),
                apdu);
        return Gcm.concat(
                new byte[] {(byte) glo},
                Requests.length(5 + text.length),
                new byte[] {(byte) control},
                Requests.u32(counter),
                text);
    }

    /** The answer of an authenticated association to a challenge: security control, counter, GMAC (5.7.2, HLS mechanism 5). */
    byte[] gmac(byte[] challenge) {
        long counter = counter();
        int control = AUTHENTICATED | suite();
        return Gcm.concat(
                new byte[] {(byte) control}, Requests.u32(counter), gmac(control, title(), counter, challenge));
    }

    private byte[] gmac(int control, byte[] title, long counter, byte[] challenge) {
        byte[] additional = Gcm.concat(new byte[] {(byte) control}, authentication(), challenge);
        return Gcm.encrypt(encryption(), Gcm.iv(title, counter), additional, new byte[0]);
    }

    /** Whether the meter answered our challenge: only who knows the keys can. */
    boolean answers(byte[] challenge, byte[] answer) {
        if (answer.length != 5 + Gcm.TAG || (answer[0] & 0xf0) != AUTHENTICATED) {
            return false;
        }
        long counter = 0;
        for (int i = 1; i < 5; i++) {
            counter = counter << 8 | answer[i] & 255;
        }
        byte[] expected = gmac(answer[0] & 255, serverTitle, counter, challenge);
        return MessageDigest.isEqual(expected, Arrays.copyOfRange(answer, 5, answer.length));
    }

    /** What is in a ciphered answer. */
    byte[] open(byte[] apdu) throws FrameRejectedException {
        Cursor in = Cursor.of(Source.frame(apdu), trace);
        int tag = in.u8("APDU");
        if (tag == 0xd8 || tag == 0x0e) {
            return apdu;
        }
        byte[] title = serverTitle;
        if (tag == 0xdb) {
            byte[] said = in.octets("system title");
            if (said.length > 0 && !Arrays.equals(said, title)) {
                throw in.rejected("system title", 1, "is not the one of the association");
            }
        } else if ((tag < 0xcc || tag > 0xcf) && tag != 0x28 && tag != 0x2e) {
            throw in.rejected("APDU", 0, Apdus.name(tag) + " in a ciphered association");
        }
        if (title.length != Gcm.TITLE) {
            throw in.rejected("system title", 0, "of the meter is not known");
        }
        Cursor content = in.sub(in.length("length"), "content");
        in.finish("APDU");
        if (content.peek(0) >= 0 && (content.peek(0) & AUTHENTICATED) == 0) {
            throw in.rejected("security control", content.at, "is not authenticated");
        }
        Plain plain = new Security(keys, trace).open(content, title, KeyKind.GLOBAL, List.of(new byte[0]));
        long counter = plain.invocation().map(Invocation::counter).orElse(-1L);
        if (counter <= lastServerCounter) {
            throw in.rejected("invocation counter", 0, counter + " is not above " + lastServerCounter);
        }
        lastServerCounter = counter;
        Cursor inner = plain.apdu();
        byte[] opened = inner.take(inner.remaining(), "APDU");
        if (tag != 0xdb && opened.length > 0 && (opened[0] & 255) != (tag < 0x40 ? tag - 0x20 : tag - 8)) {
            throw in.rejected("decrypted APDU", 0, "is not what its tag says");
        }
        return opened;
    }
}
