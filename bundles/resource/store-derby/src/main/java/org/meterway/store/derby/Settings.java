// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.time.Duration;

/** The checked configuration. */
record Settings(long pageCacheBytes, long intakeRotateBytes, Duration rawRetention, long diskReserveBytes) {
    private static final long MEGABYTE = 1024 * 1024;

    static Settings of(Config config) {
        return new Settings(
                atLeast(2, "page.cache.megabytes", config.page_cache_megabytes()) * MEGABYTE,
                atLeast(1, "intake.rotate.megabytes", config.intake_rotate_megabytes()) * MEGABYTE,
                Duration.ofDays(atLeast(1, "raw.retention.days", config.raw_retention_days())),
                atLeast(0, "disk.reserve.megabytes", config.disk_reserve_megabytes()) * MEGABYTE);
    }

    private static long atLeast(int least, String key, int value) {
        if (value < least) {
            throw new IllegalArgumentException(key + " must be at least " + least + ", was " + value);
        }
        return value;
    }
}
