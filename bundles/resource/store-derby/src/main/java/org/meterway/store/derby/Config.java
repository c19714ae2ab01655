// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
        name = "Store (embedded)",
        description = "Keeps messages, day profiles and documents on this disk")
@interface Config {
    String PID = "org.meterway.store.derby";

    @AttributeDefinition(name = "Page cache", description = "Memory for pages of the database, in MiB", min = "2")
    int page_cache_megabytes() default 64;

    @AttributeDefinition(
            name = "Intake rotation",
            description = "Size of each of the two intake tables at which it gives way to the other one, in MiB",
            min = "1")
    int intake_rotate_megabytes() default 64;

    @AttributeDefinition(
            name = "Raw retention",
            description = "How long the raw bytes of settled messages stay readable, in days",
            min = "1")
    int raw_retention_days() default 400;

    @AttributeDefinition(
            name = "Disk reserve",
            description = "Writes are refused when less than this is free on the store's disk, in MiB",
            min = "0")
    int disk_reserve_megabytes() default 64;
}
