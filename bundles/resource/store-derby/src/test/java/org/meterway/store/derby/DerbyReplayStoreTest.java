// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.nio.file.Path;
import org.meterway.store.contract.ReplayStoreContract;
import org.meterway.store.contract.StoreUnderTest;

class DerbyReplayStoreTest extends ReplayStoreContract {
    @Override
    protected StoreUnderTest open(Path where) {
        return Stores.underTest(where);
    }
}
