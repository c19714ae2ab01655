// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.nio.file.Path;
import org.meterway.store.contract.ReadingStoreContract;
import org.meterway.store.contract.StoreUnderTest;

class DerbyReadingStoreTest extends ReadingStoreContract {
    @Override
    protected StoreUnderTest open(Path where) {
        return Stores.underTest(where);
    }
}
