// SPDX-License-Identifier: EPL-2.0
package org.meterway.senml;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.meterway.api.codec.FrameRejectedException;

/** Reads SenML written in JSON (RFC 8428, 5). */
final class JsonRecords {
    private static final int LONGEST_NUMBER = 128;
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9_+/-]*={0,2}");
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxNameLength(256)
                    .maxStringLength(1 << 20)
                    .build())
            // Names are a sender's choice: they must not fill the virtual machine's table.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private JsonRecords() {}

    static void read(byte[] bytes, Pack pack) throws FrameRejectedException {
        try (JsonParser json = JSON.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw new FrameRejectedException("pack", 0, "must be an array of records");
            }
            while (json.nextToken() != JsonToken.END_ARRAY) {
                record(json, pack);
            }
            if (json.nextToken() != null) {
                throw new FrameRejectedException("pack", offset(json), "is followed by something else");
            }
        } catch (JsonProcessingException notJson) {
            long at = notJson.getLocation() == null ? -1 : notJson.getLocation().getByteOffset();
            FrameRejectedException rejected =
                    new FrameRejectedException("json", (int) at, notJson.getOriginalMessage());
            rejected.initCause(notJson);
            throw rejected;
        } catch (IOException notUtf) {
            FrameRejectedException rejected =
                    new FrameRejectedException("json", -1, String.valueOf(notUtf.getMessage()));
            rejected.initCause(notUtf);
            throw rejected;
        }
    }

    private static int offset(JsonParser json) {
        return (int) json.currentTokenLocation().getByteOffset();
    }

    private static int end(JsonParser json) {
        return (int) json.currentLocation().getByteOffset();
    }

    private static void record(JsonParser json, Pack pack) throws IOException, FrameRejectedException {
        pack.begin(offset(json));
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new FrameRejectedException("record " + pack.index(), offset(json), "must be an object");
        }
        while (json.nextToken() != JsonToken.END_OBJECT) {
            if (json.currentToken() == null) {
                throw new FrameRejectedException("json", offset(json), "ends in the middle");
            }
            int at = offset(json);
            String name = json.currentName();
            Label label = Label.of(name);
            JsonToken token = json.nextToken();
            if (label == null) {
                pack.unknownField(name, at);
                json.skipChildren();
                pack.passed(name, at, end(json));
                continue;
            }
            pack.field(label, at);
            field(json, token, pack, label);
            pack.read(label, at, end(json));
        }
        pack.end(end(json));
    }

    private static void field(JsonParser json, JsonToken token, Pack pack, Label label)
            throws IOException, FrameRejectedException {
        int at = offset(json);
        switch (label) {
            case BASE_NAME, BASE_UNIT, NAME, UNIT, STRING, LINK, DATA -> {
                if (token != JsonToken.VALUE_STRING) {
                    throw pack.rejected(label.text, at, "must be a text");
                }
                String text = json.getText();
                if (label == Label.DATA && !BASE64.matcher(text).matches()) {
                    throw pack.rejected(label.text, at, "must be base64url");
                }
                pack.text(label, text, at);
            }
            case BOOLEAN -> {
                if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
                    throw pack.rejected(label.text, at, "must be true or false");
                }
                pack.bool(token == JsonToken.VALUE_TRUE);
            }
            default -> {
                number(json, token, pack, label, at);
                pack.checkNumber(label, at);
            }
        }
    }

    private static void number(JsonParser json, JsonToken token, Pack pack, Label label, int at)
            throws IOException, FrameRejectedException {
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            throw pack.rejected(label.text, at, "must be a number");
        }
        Decimal into = pack.number(label);
        char[] text = json.getTextCharacters();
        int from = json.getTextOffset();
        int length = json.getTextLength();
        if (length > LONGEST_NUMBER) {
            throw pack.rejected(label.text, at, "has more than " + LONGEST_NUMBER + " characters");
        }
        try {
            if (!plain(text, from, length, into)) {
                into.set(new BigDecimal(text, from, length));
            }
        } catch (NumberFormatException exponent) {
            throw pack.rejected(label.text, at, "has an exponent beyond all measure");
        } catch (ArithmeticException outside) {
            throw pack.rejected(label.text, at, outside.getMessage());
        }
    }

    /** Reads a number of up to 18 digits without exponent; false if it is another. */
    private static boolean plain(char[] text, int from, int length, Decimal into) {
        if (length > 19) {
            return false;
        }
        long digits = 0;
        int places = -1;
        int i = text[from] == '-' ? from + 1 : from;
        if (from + length - i > 18) {
            return false;
        }
        for (; i < from + length; i++) {
            char c = text[i];
            if (c >= '0' && c <= '9') {
                digits = digits * 10 + c - '0';
                places += places >= 0 ? 1 : 0;
            } else if (c == '.') {
                places = 0;
            } else {
                return false;
            }
        }
        into.set(text[from] == '-' ? -digits : digits, -Math.max(places, 0));
        return true;
    }
}
