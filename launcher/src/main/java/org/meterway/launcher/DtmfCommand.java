// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.codec.ToneCoder;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Unit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "dtmf",
        description = "Turn readings into DTMF tones and back, in WAV files, without a gateway.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class DtmfCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw misuse("say what: " + String.join(", ", spec.subcommands().keySet()));
    }

    @Command(
            name = "encode",
            mixinStandardHelpOptions = true,
            description = "Write the tones of one reading, or of any digits, to a WAV file and print the digits.")
    int encode(
            @Option(names = "--out", required = true, paramLabel = "FILE", description = "The WAV file to write.")
                    Path out,
            @Option(
                            names = "--digits",
                            paramLabel = "DIGITS",
                            description = "Any of 0-9 A-D * #, instead of a reading.")
                    @Nullable
                    String digits,
            @Option(names = "--address", paramLabel = "DIGITS", description = "The meter's address.") @Nullable
                    String address,
            @Option(names = "--quantity", paramLabel = "OBIS", description = "For example 1-0:1.8.0.") @Nullable
                    String quantity,
            @Option(names = "--value", paramLabel = "DECIMAL", description = "In the unit.") @Nullable BigDecimal value,
            @Option(
                            names = "--unit",
                            paramLabel = "UNIT",
                            defaultValue = "Wh",
                            description = "A base unit such as Wh, W, V, m3. Default: ${DEFAULT-VALUE}.")
                    String unit,
            @Option(names = "--time", paramLabel = "TIME", description = "RFC 3339. Default: now, to the minute.")
                    @Nullable
                    Instant time,
            @Option(
                            names = "--rate",
                            paramLabel = "HZ",
                            defaultValue = "8000",
                            description = "8000 or 16000 samples a second. Default: ${DEFAULT-VALUE}.")
                    int rate) {
        boolean reading = address != null && quantity != null && value != null;
        if (reading == (digits != null)) {
            throw misuse("give either --digits, or --address, --quantity and --value");
        }
        try (Workbench workbench = Workbench.open(Distribution.find())) {
            ToneCoder coder = coder(workbench);
            String sent =
                    digits != null ? digits : coder.digits(address, List.of(reading(quantity, value, unit, time)));
            Files.write(out, coder.tones(sent, rate));
            spec.commandLine().getOut().println(sent);
            return 0;
        } catch (IllegalArgumentException e) {
            throw misuse(e.getMessage());
        } catch (IOException e) {
            throw new LaunchException("cannot write " + out + ": " + e.getMessage(), e);
        }
    }

    private Reading reading(String obis, BigDecimal value, String symbol, @Nullable Instant time) {
        Unit unit = Unit.ofSymbol(symbol)
                .orElseThrow(() -> misuse("there is no unit " + symbol + "; there are "
                        + Stream.of(Unit.values()).map(Unit::symbol).collect(Collectors.joining(", "))));
        Quantity quantity = new Quantity(Obis.parse(obis), unit, Quantity.DEFAULT_SCALE);
        if (!quantity.holdsExactly(value)) {
            throw misuse("--value may have six decimal places, was " + value.toPlainString());
        }
        Instant at = time == null ? Instant.now().truncatedTo(ChronoUnit.MINUTES) : time;
        return new Reading(quantity, at, Duration.ZERO, quantity.toCount(value), Quality.MEASURED);
    }

    @Command(
            name = "decode",
            mixinStandardHelpOptions = true,
            description = {
                "Print the digits heard in a WAV file and the readings they are.",
                "Exit codes: 0 accepted, 65 the file is no recording or its digits are no frame."
            })
    int decode(
            @Parameters(paramLabel = "FILE", description = "A WAV file.") Path file,
            @Option(names = "--digits", description = "Print the digits only, whether they are a frame or not.")
                    boolean onlyDigits,
            @Option(names = "--json", description = "Print JSON, for scripts.") boolean json) {
        try (Workbench workbench = Workbench.open(Distribution.find())) {
            byte[] wave = Files.readAllBytes(file);
            Codec codec = workbench.codecs().stream()
                    .filter(each -> each.name().equals("dtmf"))
                    .findFirst()
                    .orElseThrow(DtmfCommand::missing);
            Decoding decoding = new Decoding(workbench.names("generic", ZoneOffset.UTC), Map.of(), ZoneOffset.UTC);
            try {
                if (onlyDigits) {
                    spec.commandLine().getOut().println(coder(workbench).digits(wave));
                    return 0;
                }
                decoding.decode(
                        codec,
                        new Frame(
                                Workbench.METER,
                                "decode",
                                codec.contentTypes().iterator().next(),
                                "",
                                Instant.now(),
                                wave));
                decoding.print(json, spec.commandLine().getOut());
                return 0;
            } catch (FrameRejectedException rejected) {
                decoding.print(rejected, json, spec.commandLine());
                return DecodeCommand.REJECTED;
            }
        } catch (IOException e) {
            throw new LaunchException("cannot read " + file + ": give the name of a WAV file", e);
        }
    }

    private static ToneCoder coder(Workbench workbench) {
        return workbench.service(ToneCoder.class).orElseThrow(DtmfCommand::missing);
    }

    private static LaunchException missing() {
        return new LaunchException("the DTMF codec did not start: see ./meterway check");
    }

    private ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
