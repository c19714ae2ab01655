// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.meterway.api.line.LineSettings;
import org.meterway.api.line.Parity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A serial device. It is polled: a blocking read of the system ends on a grid of 100 ms, longer than the time-outs of some protocols,
 * and asking costs a third of a microsecond.
 */
final class SerialTransport implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(SerialTransport.class);
    private static final long FAST_POLL_NANOS = 500_000;
    private static final long SLOW_POLL_NANOS = 2_000_000;
    private static final long FAST_FOR_NANOS = 100_000_000;
    private static final long WRITE_LIMIT_NANOS = 10_000_000_000L;

    private final SerialPort port;
    private LineSettings current;
    private boolean told;
    private volatile boolean aborted;

    private SerialTransport(SerialPort port) {
        this.port = port;
    }

    static SerialTransport open(String path) throws IOException {
        SerialPort port;
        try {
            port = SerialPort.getCommPort(path);
        } catch (SerialPortInvalidPortException e) {
            throw new IOException("there is no serial port " + path, e);
        }
        port.setComPortTimeouts(SerialPort.TIMEOUT_NONBLOCKING, 0, 0);
        if (!port.openPort(0)) {
            throw new IOException("the serial port " + path + " cannot be opened, error " + port.getLastErrorCode()
                    + " of the system");
        }
        return new SerialTransport(port);
    }

    @Override
    public void set(LineSettings settings) throws IOException {
        if (current != null && current.toString().equals(settings.toString())) {
            return;
        }
        boolean taken = port.setComPortParameters(
                settings.baud(),
                settings.dataBits(),
                settings.stopBits() == 2 ? SerialPort.TWO_STOP_BITS : SerialPort.ONE_STOP_BIT,
                parity(settings.parity()));
        if (!taken) {
            alive();
            // Pseudo-terminals and some converters know no parity, and need none.
            boolean plain =
                    port.setComPortParameters(settings.baud(), 8, SerialPort.ONE_STOP_BIT, SerialPort.NO_PARITY);
            if (!plain) {
                throw new IOException(
                        port.getSystemPortPath() + " takes neither " + settings + " nor " + settings.baud() + " 8N1");
            }
            if (!told) {
                told = true;
                LOG.warn("{} does not take {}: it runs with 8N1", port.getSystemPortPath(), settings);
            }
        }
        current = settings;
    }

    private static int parity(Parity parity) {
        return switch (parity) {
            case NONE -> SerialPort.NO_PARITY;
            case EVEN -> SerialPort.EVEN_PARITY;
            case ODD -> SerialPort.ODD_PARITY;
        };
    }

    @Override
    public void send(byte[] bytes) throws IOException {
        long start = System.nanoTime();
        for (int sent = 0; sent < bytes.length; ) {
            int length = port.writeBytes(bytes, bytes.length - sent, sent);
            if (length < 0) {
                throw gone();
            }
            if (length == 0) {
                alive();
                if (System.nanoTime() - start > WRITE_LIMIT_NANOS) {
                    throw new IOException(port.getSystemPortPath() + " takes no bytes");
                }
                pause(SLOW_POLL_NANOS);
            }
            sent += length;
        }
    }

    @Override
    public byte[] receive(long nanos) throws IOException {
        long start = System.nanoTime();
        while (true) {
            int available = alive();
            if (available > 0) {
                byte[] bytes = new byte[Math.min(available, 4_096)];
                int length = port.readBytes(bytes, bytes.length);
                if (length < 0) {
                    throw gone();
                }
                return Arrays.copyOf(bytes, length);
            }
            long waited = System.nanoTime() - start;
            if (waited >= nanos) {
                return new byte[0];
            }
            pause(Math.min(nanos - waited, waited < FAST_FOR_NANOS ? FAST_POLL_NANOS : SLOW_POLL_NANOS));
        }
    }

    /** How many bytes are there. */
    private int alive() throws IOException {
        int available = port.bytesAvailable();
        if (available < 0) {
            throw gone();
        }
        return available;
    }

    private IOException gone() {
        return new IOException("the serial port " + port.getSystemPortPath() + " is gone");
    }

    private void pause(long nanos) throws IOException {
        if (aborted) {
            throw new IOException("the line is being closed");
        }
        LockSupport.parkNanos(nanos);
    }

    @Override
    public void abort() {
        aborted = true;
    }

    @Override
    public void close() {
        port.closePort();
    }
}
