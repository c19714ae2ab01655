// SPDX-License-Identifier: EPL-2.0
/** What every store promises, as JUnit classes for the tests of each store. */
package org.meterway.store.contract;
