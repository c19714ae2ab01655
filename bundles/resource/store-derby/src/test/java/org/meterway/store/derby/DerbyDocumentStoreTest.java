// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.nio.file.Path;
import org.meterway.store.contract.DocumentStoreContract;
import org.meterway.store.contract.StoreUnderTest;

class DerbyDocumentStoreTest extends DocumentStoreContract {
    @Override
    protected StoreUnderTest open(Path where) {
        return Stores.underTest(where);
    }
}
