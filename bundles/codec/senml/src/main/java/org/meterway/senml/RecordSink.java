// SPDX-License-Identifier: EPL-2.0
package org.meterway.senml;

import org.meterway.api.codec.FrameRejectedException;

/** Takes resolved records, one after the other. */
@FunctionalInterface
interface RecordSink {
    /** Takes the record the pack holds now; it is overwritten by the next one. */
    void record(Pack pack) throws FrameRejectedException;
}
