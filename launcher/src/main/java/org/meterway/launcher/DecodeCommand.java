// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "decode",
        description = "Decode a frame with one of the codecs and say what each byte means, without a gateway.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit codes: 0 accepted, 65 rejected, 2 wrong command line.",
            "Example: meterway decode --codec dlt645 68 61 01 00 00 00 00 68 91 06 33 34 34 35 34 43 10 16"
        })
final class DecodeCommand implements Callable<Integer> {
    /** The frame is not what its protocol says it must be (EX_DATAERR of sysexits.h). */
    static final int REJECTED = 65;

    private static final int MAX_BYTES = 16 << 20;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--codec",
            required = true,
            paramLabel = "NAME",
            description = "dlt645, dlms, iec62056, sml, mbus, dtmf, senml …")
    private String name;

    @Option(
            names = "--key",
            paramLabel = "NAME=HEX",
            description = "A secret of the meter, for example encryption_key=00112233445566778899aabbccddeeff;"
                    + " may be repeated.")
    private Map<String, String> keys = new LinkedHashMap<>();

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            defaultValue = "UTC",
            description = "The meter's time zone, for protocols whose times have no offset. Default: ${DEFAULT-VALUE}.")
    private ZoneId zone;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            defaultValue = "generic",
            description = "The device model whose register names count. Default: ${DEFAULT-VALUE}.")
    private String model;

    @Option(
            names = "--target",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "What the frame answers, for protocols whose answers do not say so themselves.")
    private String target;

    @Option(
            names = "--received",
            paramLabel = "TIME",
            description = "When it was received (RFC 3339), the time of values without one. Default: now.")
    @Nullable
    private Instant received;

    @Option(names = "--json", description = "Print JSON, for scripts.")
    private boolean json;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "A file with the frame's bytes, or with hexadecimal digits; - reads standard input.")
    @Nullable
    private Path file;

    @Parameters(
            paramLabel = "HEX",
            arity = "0..*",
            description = "The frame in hexadecimal digits; spaces do not count.")
    private List<String> hex = new ArrayList<>();

    @Override
    public Integer call() {
        byte[] bytes = bytes();
        Map<String, byte[]> secrets = new LinkedHashMap<>();
        keys.forEach((key, value) -> secrets.put(Decoding.normal(key), parse("--key " + key, value)));
        try (Workbench workbench = Workbench.open(Distribution.find())) {
            Decoding decoding = new Decoding(workbench.names(model, zone), secrets, zone);
            Optional<FrameRejectedException> rejection = Optional.empty();
            for (Codec codec : codecs(workbench)) {
                Frame frame = new Frame(
                        Workbench.METER,
                        "decode",
                        codec.contentTypes().iterator().next(),
                        target,
                        received == null ? Instant.now() : received,
                        bytes);
                try {
                    decoding.decode(codec, frame);
                    decoding.print(json, spec.commandLine().getOut());
                    return 0;
                } catch (FrameRejectedException rejected) {
                    // Of several codecs the one that came furthest knows best what is wrong.
                    if (rejection.isEmpty() || rejection.get().offset() < rejected.offset()) {
                        rejection = Optional.of(rejected);
                    }
                }
            }
            decoding.print(rejection.orElseThrow(), json, spec.commandLine());
            return REJECTED;
        }
    }

    /** The codec of this name, or the forms of one name: {@code senml} is {@code senml-cbor} or {@code senml-json}. */
    private List<Codec> codecs(Workbench workbench) {
        List<Codec> all = workbench.codecs();
        List<Codec> found = all.stream()
                .filter(codec -> codec.name().equals(name) || codec.name().startsWith(name + "-"))
                .toList();
        if (found.isEmpty()) {
            throw misuse("there is no codec " + name + "; there are "
                    + all.stream().map(Codec::name).collect(Collectors.joining(", ")));
        }
        return found;
    }

    private byte[] bytes() {
        if ((file == null) == hex.isEmpty()) {
            throw misuse("give either HEX or --file");
        }
        if (file == null) {
            return parse("HEX", String.join("", hex));
        }
        try {
            byte[] content =
                    file.toString().equals("-") ? System.in.readNBytes(MAX_BYTES + 1) : Files.readAllBytes(file);
            if (content.length > MAX_BYTES) {
                throw misuse(file + " is longer than " + MAX_BYTES + " bytes");
            }
            // Digits alone are a DTMF frame as it is, and hexadecimal for every other codec.
            String text = new String(content, StandardCharsets.ISO_8859_1);
            // No group is repeated: that costs Java's stack for every pair.
            return !name.equals("dtmf") && text.matches("\\s*[0-9A-Fa-f][0-9A-Fa-f\\s]*")
                    ? parse("--file", text)
                    : content;
        } catch (IOException e) {
            throw new LaunchException("cannot read " + file + ": give the name of a file", e);
        }
    }

    private byte[] parse(String what, String digits) {
        try {
            return HexFormat.of().parseHex(digits.replaceAll("\\s", "").replaceFirst("^0[xX]", ""));
        } catch (IllegalArgumentException e) {
            throw misuse(what + " must be pairs of hexadecimal digits: " + e.getMessage());
        }
    }

    private ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
