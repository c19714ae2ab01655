// SPDX-License-Identifier: EPL-2.0
package org.meterway.integration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.elements.exception.ConnectorException;

/** A device that posts half-hour readings of one register, each until it is answered 2.04. */
final class Sender implements AutoCloseable {
    static final Instant FIRST = Instant.parse("2024-03-30T00:00:00Z");
    private static final int SENML_JSON = 110;

    /** Value by start, of every reading that was answered 2.04. */
    final ConcurrentSkipListMap<Instant, Long> acknowledged = new ConcurrentSkipListMap<>();

    final AtomicLong refused = new AtomicLong();

    private final AtomicBoolean stop = new AtomicBoolean();
    private final CoapClient client;
    private Thread thread;
    private int next;

    static {
        CoapConfig.register();
        UdpConfig.register();
    }

    Sender(int port, String meter) {
        client = new CoapClient("coap://127.0.0.1:" + port + "/readings/" + meter);
        client.setTimeout(5000L);
    }

    /** Posts the next reading; returns the answer's code, or nothing when none came. */
    String post() throws ConnectorException, IOException {
        Instant start = FIRST.plusSeconds(1800L * next);
        long value = 1000 + 7L * next;
        String pack = "[{\"n\":\"1-0:1.8.0\",\"u\":\"Wh\",\"t\":" + start.getEpochSecond() + ",\"v\":" + value + "}]";
        CoapResponse response = client.post(pack.getBytes(StandardCharsets.UTF_8), SENML_JSON);
        if (response == null) {
            return "";
        }
        if (response.getCode() == CoAP.ResponseCode.CHANGED) {
            acknowledged.put(start, value);
            next++;
        } else {
            refused.incrementAndGet();
        }
        return response.getCode().text;
    }

    /** Posts in a thread of its own until {@link #close}. */
    void startPosting() {
        thread = new Thread(
                () -> {
                    while (!stop.get()) {
                        try {
                            post();
                        } catch (ConnectorException | IOException unreachable) {
                            refused.incrementAndGet();
                        }
                    }
                },
                "test-sender");
        thread.start();
    }

    @Override
    public void close() throws InterruptedException {
        stop.set(true);
        if (thread != null) {
            thread.join(20_000);
        }
        client.shutdown();
    }
}
