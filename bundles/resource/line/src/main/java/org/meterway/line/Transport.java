// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.io.IOException;
import org.meterway.api.line.LineSettings;

/** An open port. Every method throws {@link IOException} once the port is gone. Used by one thread. */
interface Transport extends AutoCloseable {
    /** Sets rate and character format, where the port has any. */
    void set(LineSettings settings) throws IOException;

    /** Hands bytes to the port; they may still be on their way when this returns. */
    void send(byte[] bytes) throws IOException;

    /**
     * Waits for bytes, at most this long.
     *
     * @return what came, at once when something did; empty when nothing did
     */
    byte[] receive(long nanos) throws IOException;

    /** Ends a wait of the thread that uses this, from any other: it gets an {@link IOException} soon. */
    void abort();

    /** By the thread that uses this. */
    @Override
    void close();
}
