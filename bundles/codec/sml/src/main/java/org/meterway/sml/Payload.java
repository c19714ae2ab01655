// SPDX-License-Identifier: EPL-2.0
package org.meterway.sml;

import java.util.Arrays;
import org.meterway.api.codec.FrameRejectedException;

/**
 * The bytes of an SML file without the escapes of the transport, and where each stood in the frame.
 *
 * @param bytes the file, padding at its end included
 * @param length how many of the bytes count
 * @param base where the first stood in the frame
 * @param escapes positions in the file before which four bytes of escape stood, ascending
 */
record Payload(byte[] bytes, int length, int base, int[] escapes) {
    /** Where a byte of the file stood in the frame. */
    int offset(int position) {
        int at = Arrays.binarySearch(escapes, position);
        return base + position + 4 * (at >= 0 ? at + 1 : -at - 1);
    }

    FrameRejectedException rejected(String field, int position, String reason) {
        return new FrameRejectedException(field, offset(position), reason);
    }
}
