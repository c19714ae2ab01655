// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

/**
 * A day profile as a row: packed by intake, opaque to the store. The array is handed over and not changed afterwards.
 *
 * @param key whose day it is
 * @param present how many intervals are present
 * @param packed the day's values
 */
public record ProfileRow(ProfileKey key, int present, byte[] packed) {}
