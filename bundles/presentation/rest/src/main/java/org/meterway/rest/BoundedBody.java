// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A request body of bounded length, whether or not its length was announced. */
final class BoundedBody extends FilterInputStream {
    private final long maxBytes;
    private long left;

    BoundedBody(InputStream in, long maxBytes) {
        super(in);
        this.maxBytes = maxBytes;
        this.left = maxBytes;
    }

    static Problem tooLarge(long maxBytes) {
        return Problem.of(413, "the body is larger than " + maxBytes + " bytes");
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        if (value >= 0) {
            took(1);
        }
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        took(Math.max(0, count));
        return count;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void took(int bytes) {
        left -= bytes;
        if (left < 0) {
            throw tooLarge(maxBytes);
        }
    }
}
