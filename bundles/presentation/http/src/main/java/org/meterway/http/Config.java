// SPDX-License-Identifier: EPL-2.0
package org.meterway.http;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "HTTP server")
@interface Config {
    String PID = "org.meterway.http";

    @AttributeDefinition(name = "Port", description = "TCP port; 0 takes any free one", min = "0", max = "65535")
    int port() default 8080;

    @AttributeDefinition(name = "Host", description = "Address to listen on; only this machine's own until roles exist")
    String host() default "127.0.0.1";

    @AttributeDefinition(
            name = "Largest request body",
            description = "Bytes; a larger body is refused with 413",
            min = "1024")
    int request_limit_bytes() default 16 * 1024 * 1024;

    @AttributeDefinition(name = "Most threads", description = "Threads that serve requests", min = "8")
    int threads() default 64;

    @AttributeDefinition(
            name = "Idle timeout",
            description = "Seconds after which a silent connection is closed",
            min = "1")
    int idle_timeout_seconds() default 60;
}
