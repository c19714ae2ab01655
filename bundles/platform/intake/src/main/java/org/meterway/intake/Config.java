// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Intake", description = "How messages are made durable and folded into day profiles")
@interface Config {
    String PID = "org.meterway.intake";

    @AttributeDefinition(name = "Queue, messages", description = "Messages that may wait to be committed", min = "1")
    int queue_messages() default 20_000;

    @AttributeDefinition(
            name = "Queue, bytes",
            description = "Payload bytes that may wait to be committed",
            min = "1024")
    long queue_bytes() default 64L << 20;

    @AttributeDefinition(name = "Batch, messages", description = "Messages committed in one transaction", min = "1")
    int batch_messages() default 2_000;

    @AttributeDefinition(
            name = "Batch, bytes",
            description = "Payload bytes committed in one transaction",
            min = "1024")
    long batch_bytes() default 8L << 20;

    @AttributeDefinition(name = "Settle interval", description = "Milliseconds between two settlings", min = "10")
    long settle_interval_ms() default 1_000;

    @AttributeDefinition(name = "Settle, messages", description = "Messages settled in one transaction", min = "1")
    int settle_messages() default 4_000;

    @AttributeDefinition(
            name = "Unsettled, messages",
            description = "Durable messages that may wait to be settled; above it intake is busy",
            min = "1")
    int unsettled_messages() default 100_000;

    @AttributeDefinition(
            name = "Unsettled, readings",
            description = "Readings of those messages, about 20 bytes of memory each",
            min = "1")
    long unsettled_readings() default 3_000_000;

    @AttributeDefinition(name = "Readings per message", description = "More are refused", min = "1")
    int message_readings() default 10_000;

    @AttributeDefinition(
            name = "Clock tolerance",
            description = "Seconds a reading's start may be ahead of the gateway's clock",
            min = "0")
    long clock_tolerance_seconds() default 3_600;

    @AttributeDefinition(
            name = "Stop timeout",
            description = "Seconds a stop waits for the commit under way before it answers busy",
            min = "1")
    int stop_timeout_seconds() default 10;

    @AttributeDefinition(
            name = "Parked, undecoded",
            description =
                    "Accepted messages without a codec that are tried again when one comes; more are found by a replay",
            min = "0")
    int parked_undecoded_messages() default 200_000;

    @AttributeDefinition(name = "Parked, refused", description = "Refused frames kept, of all meters", min = "0")
    int parked_refused_messages() default 10_000;

    @AttributeDefinition(
            name = "Parked, refused of a meter",
            description = "Refused frames kept of one meter",
            min = "0")
    int parked_refused_meter() default 100;

    @AttributeDefinition(name = "Parked, refused bytes", description = "Bytes of refused frames kept", min = "0")
    long parked_refused_bytes() default 64L << 20;
}
