// SPDX-License-Identifier: EPL-2.0
/** The ledger: which intervals are there of those that are owed. */
@NullMarked
package org.meterway.ledger;

import org.jspecify.annotations.NullMarked;
