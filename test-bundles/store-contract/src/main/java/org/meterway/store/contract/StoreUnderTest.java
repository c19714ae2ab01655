// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.contract;

import org.meterway.api.store.DocumentStore;
import org.meterway.api.store.ReadingStore;

/** An open store; closing it leaves everything ready to be opened again. */
public interface StoreUnderTest extends AutoCloseable {
    /** The side of readings. */
    ReadingStore readings();

    /** The side of documents, of the same store. */
    DocumentStore documents();

    @Override
    void close();
}
