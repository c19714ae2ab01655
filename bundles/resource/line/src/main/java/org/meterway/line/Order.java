// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.io.IOException;

/** Something to do on the line, in its turn. */
interface Order {
    /** Whose turn it takes: orders of different owners alternate. */
    String owner();

    /** Whether nobody waits for it any more. */
    boolean over();

    /**
     * Does it, on the line's thread.
     *
     * @throws IOException if the port is gone
     */
    void run(Transport transport) throws IOException;

    /** It will not be done. */
    void refuse(String reason);
}
