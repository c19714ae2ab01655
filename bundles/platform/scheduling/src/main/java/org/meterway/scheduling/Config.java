// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Scheduling")
@interface Config {
    String PID = "org.meterway.scheduling";

    @AttributeDefinition(name = "Orders under way", description = "At most, over all zones", min = "1")
    int in_flight() default 10_000;

    @AttributeDefinition(name = "Orders under way in a zone, at first", min = "2")
    int zone_concurrency_first() default 8;

    @AttributeDefinition(name = "Orders under way in a zone, at most", min = "2")
    int zone_concurrency_most() default 64;

    @AttributeDefinition(
            name = "Disconnections without approval",
            description = "A plan that disconnects more customers needs to be approved",
            min = "0")
    int disconnect_limit() default 10;

    @AttributeDefinition(
            name = "Memory for ended orders",
            description = "MiB; the oldest runs are forgotten beyond it",
            min = "1")
    int history_mebibytes() default 64;

    @AttributeDefinition(
            name = "Side effects kept",
            description = "Days for which ended orders with side effects are kept in the store",
            min = "1")
    int orders_keep_days() default 60;

    @AttributeDefinition(
            name = "Look at the inventory",
            description = "Seconds after which the list of meters counts as old when work becomes due",
            min = "0")
    int inventory_refresh_seconds() default 10;

    @AttributeDefinition(name = "Reads ordered outside plans", description = "That may wait at most", min = "1")
    int extra_reads() default 50_000;

    @AttributeDefinition(
            name = "Registrations per second",
            description = "More are put off with 5.03 and a Max-Age, the urgent last",
            min = "1")
    int registrations_per_second() default 800;
}
