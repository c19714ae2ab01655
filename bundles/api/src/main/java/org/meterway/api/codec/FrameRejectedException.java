// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.codec;

import static java.util.Objects.requireNonNull;

/** A frame is not what its protocol says it must be. The message names field, offset and reason; the frame is not accepted. */
public final class FrameRejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final int offset;
    private final String reason;

    /**
     * @param field what is wrong, in the protocol's words
     * @param offset byte offset of the field in the frame, −1 if it has none
     * @param reason why it is wrong and what was expected
     */
    public FrameRejectedException(String field, int offset, String reason) {
        super(field + (offset >= 0 ? " at byte " + offset : "") + ": " + reason);
        this.field = requireNonNull(field, "field");
        this.offset = offset;
        this.reason = requireNonNull(reason, "reason");
    }

    public String field() {
        return field;
    }

    /** Byte offset in the frame, −1 if unknown. */
    public int offset() {
        return offset;
    }

    public String reason() {
        return reason;
    }
}
