// SPDX-License-Identifier: EPL-2.0
package org.meterway.monitoring;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Monitoring")
@interface Config {
    String PID = "org.meterway.monitoring";

    @AttributeDefinition(
            name = "Events remembered",
            description = "Number of the newest events kept in memory",
            min = "1")
    int events_remembered() default 10_000;

    @AttributeDefinition(
            name = "Listener queue",
            description = "Number of events that may wait for slow listeners; further ones are not handed to listeners",
            min = "1")
    int listener_queue() default 10_000;
}
