// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Line")
@interface Config {
    String PID = "org.meterway.line";

    @AttributeDefinition(name = "Name", description = "Unique; what a meter's inventory entry says")
    String name();

    @AttributeDefinition(name = "Port", description = "Serial device such as /dev/ttyUSB0, or tcp://host:port")
    String port();

    @AttributeDefinition(
            name = "Protocol",
            description = "In which every meter here is asked; empty: in that of its inventory entry")
    String protocol() default "";

    @AttributeDefinition(name = "Rate", description = "Bit/s; 0: as the protocol has it", min = "0")
    int baud() default 0;

    @AttributeDefinition(name = "Data bits", description = "7 or 8; 0: as the protocol has it", min = "0")
    int data_bits() default 0;

    @AttributeDefinition(name = "Parity", description = "none, even or odd; empty: as the protocol has it")
    String parity() default "";

    @AttributeDefinition(name = "Stop bits", description = "1 or 2; 0: as the protocol has it", min = "0")
    int stop_bits() default 0;

    @AttributeDefinition(
            name = "Turnaround",
            description = "Silence before sending, milliseconds; -1: as the protocol has it",
            min = "-1")
    int turnaround_millis() default -1;

    @AttributeDefinition(
            name = "Inter-byte time-out",
            description = "Silence that ends an answer, milliseconds; 0: as the protocol has it",
            min = "0")
    int inter_byte_millis() default 0;

    @AttributeDefinition(
            name = "Answer time-out",
            description = "Until the first byte of an answer, milliseconds; 0: as the protocol has it",
            min = "0")
    int answer_millis() default 0;

    @AttributeDefinition(
            name = "Retries",
            description = "How often a question is repeated; -1: as the protocol has it",
            min = "-1")
    int retries() default -1;

    @AttributeDefinition(name = "Echo", description = "Whether the line gives back what is sent on it")
    boolean echo() default false;

    @AttributeDefinition(
            name = "Time budget",
            description = "How long one meter may hold the line without progress, seconds",
            min = "1")
    int budget_seconds() default 10;

    @AttributeDefinition(
            name = "First pause",
            description = "How long a silent meter is left alone at first, seconds; doubled every time",
            min = "1")
    int pause_seconds() default 5;

    @AttributeDefinition(name = "Longest pause", description = "Seconds", min = "1")
    int pause_limit_seconds() default 600;

    @AttributeDefinition(name = "Queue", description = "Most orders that wait for the line", min = "1")
    int queue_size() default 256;
}
