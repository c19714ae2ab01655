// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Meter fleet simulator")
@interface Config {
    String PID = "org.meterway.fleet";

    @AttributeDefinition(name = "Meters", min = "1", max = "10000")
    int meters() default 20;

    @AttributeDefinition(name = "Days", description = "How many days back the replay starts", min = "0", max = "1830")
    int days() default 30;

    @AttributeDefinition(name = "Seconds", description = "How long the replay takes", min = "0")
    int seconds() default 900;

    @AttributeDefinition(name = "Seed", description = "The same seed gives the same fleet and the same faults")
    long seed() default 1;

    @AttributeDefinition(name = "Host", description = "Where the gateway is")
    String host() default "127.0.0.1";

    @AttributeDefinition(name = "CoAPS port", min = "1", max = "65535")
    int coaps_port() default 5684;

    @AttributeDefinition(
            name = "Enrolment key",
            description = "Hex digits, the same as the gateway's: makes the meters' keys",
            type = AttributeType.PASSWORD)
    String _enrolment_key_hex() default "";

    @AttributeDefinition(name = "Loss", description = "Per cent of datagrams lost", min = "0", max = "90")
    double loss_percent() default 0;

    @AttributeDefinition(name = "Loss burst", description = "Mean number of datagrams lost in a row", min = "1")
    double loss_burst() default 1;

    @AttributeDefinition(name = "Duplicates", description = "Per cent of datagrams that arrive twice", min = "0")
    double duplicate_percent() default 0;

    @AttributeDefinition(name = "Reordering", description = "Per cent of datagrams overtaken by later ones", min = "0")
    double reorder_percent() default 0;

    @AttributeDefinition(name = "Latency", description = "Milliseconds", min = "0")
    int latency_ms() default 0;

    @AttributeDefinition(name = "Jitter", description = "Milliseconds added to the latency at random", min = "0")
    int jitter_ms() default 0;

    @AttributeDefinition(name = "Restarts", description = "How often each meter restarts in an hour", min = "0")
    double restart_per_hour() default 0;
}
