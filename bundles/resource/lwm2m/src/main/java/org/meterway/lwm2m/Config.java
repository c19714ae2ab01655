// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "LwM2M channel")
@interface Config {
    String PID = "org.meterway.lwm2m";

    @AttributeDefinition(name = "Host", description = "Address to listen on; loopback until told otherwise")
    String host() default "127.0.0.1";

    @AttributeDefinition(
            name = "Plain CoAP",
            description = "Whether to listen without DTLS; for closed networks and trials only")
    boolean coap_open() default false;

    @AttributeDefinition(name = "CoAP port", description = "UDP; 0 for any free one", min = "0", max = "65535")
    int coap_port() default 5683;

    @AttributeDefinition(name = "DTLS port", description = "UDP; 0 for any free one", min = "0", max = "65535")
    int coaps_port() default 5684;

    @AttributeDefinition(name = "Largest body", description = "Bytes, after putting blocks together", min = "1024")
    int max_body_bytes() default 65_536;

    @AttributeDefinition(name = "Most DTLS connections", min = "10")
    int max_connections() default 150_000;

    @AttributeDefinition(
            name = "Server key",
            description = "PEM file with the EC private key (PKCS #8) and its certificate chain; empty: generated")
    String key_file() default "";

    @AttributeDefinition(
            name = "Trusted authorities",
            description = "PEM file with the certificates that sign meters' certificates; empty: no X.509")
    String trust_file() default "";

    @AttributeDefinition(name = "Commands waiting per meter", min = "1")
    int commands_per_meter() default 32;

    @AttributeDefinition(name = "Commands waiting in all", min = "1")
    int commands_in_all() default 20_000;

    @AttributeDefinition(
            name = "Awake time",
            description = "Seconds a queue-mode meter listens after its last message (LwM2M Core 1.1, 6.2)",
            min = "1")
    int awake_seconds() default 93;

    @AttributeDefinition(
            name = "Acknowledgement delay",
            description = "Milliseconds a confirmable notification's acknowledgement waits for the commit at most",
            min = "0",
            max = "2000")
    int ack_hold_milliseconds() default 2_000;

    @AttributeDefinition(
            name = "Credential check",
            description = "Seconds between looks at whether registered meters are still allowed",
            min = "1")
    int recheck_seconds() default 10;
}
