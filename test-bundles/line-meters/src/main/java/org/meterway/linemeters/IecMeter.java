// SPDX-License-Identifier: EPL-2.0
package org.meterway.linemeters;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A meter of IEC 62056-21 mode C: sign-on at 300 baud, then read-out or single reads at the rate it offers. */
public final class IecMeter implements EmulatedMeter {
    private static final Pattern SIGN_ON = Pattern.compile("/\\?([0-9A-Za-z ]*)!\r\n");
    private static final Pattern OPTION = Pattern.compile("\u0006([0-9])([0-9A-Z])([0-9])\r\n");
    private static final Pattern COMMAND =
            Pattern.compile("\u0001([A-Z][0-9])(?:\u0002([^\u0003]*))?\u0003(.)", Pattern.DOTALL);
    private static final Pattern DATA = Pattern.compile("([^(]*)\\(([^)]*)\\)");
    private static final int[] RATES = {300, 600, 1_200, 2_400, 4_800, 9_600, 19_200};

    private final String address;
    private final int offered;
    private final boolean supervised;
    private final Map<String, String> registers = new LinkedHashMap<>();
    private String heard = "";
    private byte[] lastBlock = new byte[0];
    private boolean meant;
    private int baud = 300;

    /**
     * @param offered index of the rate it offers, 0–6 for 300–19,200 baud
     * @param supervised whether it matters at which rate it is talked to
     */
    public IecMeter(String address, int offered, boolean supervised) {
        this.address = address;
        this.offered = offered;
        this.supervised = supervised;
    }

    /** For example {@code 1-0:1.8.0} and {@code 000123.456*kWh}. */
    public IecMeter register(String code, String value) {
        registers.put(code, value);
        return this;
    }

    @Override
    public int baud() {
        return supervised ? baud : 0;
    }

    @Override
    public byte[] hear(byte[] bytes) {
        StringBuilder text = new StringBuilder(heard);
        boolean sense = false;
        for (byte each : bytes) {
            text.append((char) (each & 0x7F));
            sense |= (each & 0xFF) != 0x80;
        }
        if (!sense) {
            baud = 300; // what a real one does when nothing of sense comes for a while
        }
        heard = text.length() > 1_000 ? "" : text.toString();
        if (heard.equals("\u0015")) { // not acknowledged: the last block again
            heard = "";
            return lastBlock;
        }
        Matcher signOn = SIGN_ON.matcher(heard);
        if (signOn.find()) {
            String wanted = signOn.group(1).replaceFirst("^0+", "");
            heard = "";
            baud = 300;
            lastBlock = new byte[0];
            meant = wanted.isEmpty() || wanted.equals(address.replaceFirst("^0+", ""));
            return meant ? bytes("/MWY" + offered + "EMULATED\r\n") : new byte[0];
        }
        if (!meant) {
            return new byte[0];
        }
        Matcher option = OPTION.matcher(heard);
        if (option.find()) {
            heard = "";
            baud = RATES[option.group(2).charAt(0) - '0'];
            return option.group(3).equals("1") ? block("\u0001P0\u0002(00000001)\u0003") : readOut();
        }
        Matcher command = COMMAND.matcher(heard);
        if (command.find()) {
            heard = "";
            return command(command);
        }
        return new byte[0];
    }

    private byte[] block(String text) {
        lastBlock = checked(text);
        return lastBlock;
    }

    private byte[] readOut() {
        StringBuilder data = new StringBuilder("\u0002");
        registers.forEach(
                (code, value) -> data.append(code).append('(').append(value).append(")\r\n"));
        return block(data.append("!\r\n\u0003").toString());
    }

    private byte[] command(Matcher command) {
        if (!right(command)) {
            return new byte[] {0x15};
        }
        String name = command.group(1);
        if (name.startsWith("P")) {
            return new byte[] {0x06};
        }
        if (name.startsWith("B")) {
            baud = 300;
            return new byte[0];
        }
        Matcher data = DATA.matcher(command.group(2) == null ? "" : command.group(2));
        if (!name.startsWith("R") || !data.matches()) {
            return block("\u0002(ERROR)\u0003");
        }
        String code = data.group(1);
        String value = registers.entrySet().stream()
                .filter(register -> register.getKey().equals(code)
                        || register.getKey()
                                .substring(register.getKey().indexOf(':') + 1)
                                .equals(code))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
        return block(value == null ? "\u0002(ERROR)\u0003" : "\u0002" + code + "(" + value + ")\u0003");
    }

    private static boolean right(Matcher command) {
        String whole = command.group();
        int sum = 0;
        for (int i = 1; i < whole.length() - 1; i++) {
            sum ^= whole.charAt(i);
        }
        return (sum & 0x7F) == command.group(3).charAt(0);
    }

    /** With the check character: of everything after the first character to the end character. */
    private static byte[] checked(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(bytes(text));
        int sum = 0;
        for (int i = 1; i < text.length(); i++) {
            sum ^= text.charAt(i);
        }
        out.write(sum & 0x7F);
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
