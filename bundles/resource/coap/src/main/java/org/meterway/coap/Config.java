// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "CoAP channel")
@interface Config {
    String PID = "org.meterway.coap";

    @AttributeDefinition(name = "Host", description = "Address to listen on; loopback until told otherwise")
    String host() default "127.0.0.1";

    @AttributeDefinition(
            name = "Plain CoAP",
            description = "Whether to listen without DTLS; for closed networks and trials only")
    boolean coap_open() default false;

    @AttributeDefinition(name = "CoAP port", description = "UDP; 0 for any free one", min = "0", max = "65535")
    int coap_port() default 5685;

    @AttributeDefinition(name = "DTLS port", description = "UDP; 0 for any free one", min = "0", max = "65535")
    int coaps_port() default 5686;

    @AttributeDefinition(name = "Largest body", description = "Bytes, after putting blocks together", min = "1024")
    int max_body_bytes() default 65_536;

    @AttributeDefinition(
            name = "Most peers remembered",
            description = "DTLS connections, and senders of plain CoAP",
            min = "10")
    int max_connections() default 50_000;

    @AttributeDefinition(
            name = "Server key",
            description = "PEM file with the EC private key (PKCS #8) and its certificate chain; empty: generated")
    String key_file() default "";

    @AttributeDefinition(
            name = "Trusted authorities",
            description = "PEM file with the certificates that sign meters' certificates; empty: no X.509")
    String trust_file() default "";
}
