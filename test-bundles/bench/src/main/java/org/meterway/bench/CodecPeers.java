// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.leshan.senml.ResolvedSenMLRecord;
import org.eclipse.leshan.senml.SenMLRecord;
import org.eclipse.leshan.senml.SenMLResolver;
import org.eclipse.leshan.senml.cbor.upokecenter.SenMLCborUpokecenterEncoderDecoder;
import org.openmuc.j62056.DataMessage;
import org.openmuc.j62056.internal.IdentificationMessage;
import org.openmuc.jdlms.internal.asn1.cosem.COSEMpdu;
import org.openmuc.jdlms.sessionlayer.hdlc.HdlcFrame;
import org.openmuc.jmbus.DataRecord;
import org.openmuc.jmbus.MBusMessage;
import org.openmuc.jsml.structures.SmlFile;
import org.openmuc.jsml.transport.Transport;

/** The libraries our codecs are measured beside: what each needs to do to have the values of a frame in hand. */
final class CodecPeers {
    private CodecPeers() {}

    /** @param name with version */
    record Peer(String name, CodecMeasure.Decoding decoding) {}

    /** The library for a codec's protocol; empty if there is none, or it is not on the class path. */
    static Optional<Peer> of(String codec) throws ReflectiveOperationException {
        try {
            return switch (codec) {
                case "dlms" -> Optional.of(new Peer("OpenMUC jDLMS 1.8.0", Dlms::decode));
                case "iec62056" -> Optional.of(new Peer("OpenMUC j62056 2.2.0", new Iec()::decode));
                case "sml" -> Optional.of(new Peer("OpenMUC jSML 1.1.2", Sml::decode));
                case "mbus" -> Optional.of(new Peer("OpenMUC jMBus 3.3.0", Mbus::decode));
                case "senml" -> Optional.of(new Peer("Leshan 2.0.0-M18", new LeshanSenMl()::decode));
                default -> Optional.empty();
            };
        } catch (NoClassDefFoundError notInADistribution) {
            return Optional.empty();
        }
    }

    /** HDLC and COSEM APDUs; jDLMS has no push wrapper or key handling apart from its connections. */
    private static final class Dlms {
        static int decode(CodecFrames.Sample sample) throws Exception {
            byte[] bytes = sample.bytes();
            if (bytes[0] == 0x7e) {
                HdlcFrame frame = HdlcFrame.decode(Arrays.copyOfRange(bytes, 1, bytes.length - 1));
                if (frame.getLength() + 2 < bytes.length) {
                    throw new IOException("more than one frame");
                }
                if (frame.getInformationField() == null) {
                    return 1;
                }
                bytes = frame.getInformationFieldWithoutLlc();
            } else if (bytes[0] == (byte) 0xe6) {
                bytes = Arrays.copyOfRange(bytes, 3, bytes.length);
            }
            COSEMpdu pdu = new COSEMpdu();
            int read = pdu.decode(new ByteArrayInputStream(bytes));
            if (read != bytes.length) {
                throw new IOException("more behind the APDU");
            }
            return pdu.getChoiceIndex().ordinal();
        }
    }

    /** Data messages of modes A to C. */
    private static final class Iec {
        private final MethodHandle read;

        Iec() throws ReflectiveOperationException {
            read = MethodHandles.privateLookupIn(DataMessage.class, MethodHandles.lookup())
                    .findStatic(
                            DataMessage.class,
                            "readModeAbcDataMessage",
                            MethodType.methodType(
                                    DataMessage.class, DataInputStream.class, IdentificationMessage.class));
        }

        int decode(CodecFrames.Sample sample) throws Exception {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(sample.bytes()));
            IdentificationMessage identification = sample.bytes()[0] == '/'
                    ? new IdentificationMessage(in)
                    : new IdentificationMessage(
                            new DataInputStream(new ByteArrayInputStream("/ISK5ME162-0033\r\n".getBytes())));
            try {
                DataMessage message = (DataMessage) read.invokeExact(in, identification);
                return message.getDataSets().size();
            } catch (Exception e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A transport frame with all its messages. */
    private static final class Sml {
        static int decode(CodecFrames.Sample sample) throws Exception {
            SmlFile file = new Transport().getSMLFile(new DataInputStream(new ByteArrayInputStream(sample.bytes())));
            return file.getMessages().size();
        }
    }

    /** A long frame with its records and their scaled values. */
    private static final class Mbus {
        static int decode(CodecFrames.Sample sample) throws Exception {
            MBusMessage message = MBusMessage.decode(sample.bytes(), sample.bytes().length);
            if (message.getVariableDataResponse() == null) {
                return 1;
            }
            message.getVariableDataResponse().decode();
            int seen = 0;
            for (DataRecord record : message.getVariableDataResponse().getDataRecords()) {
                seen += record.getScaledDataValue() == null
                        ? 0
                        : record.getScaledDataValue().hashCode();
            }
            return seen;
        }
    }

    /** A SenML-CBOR pack with its names and times resolved. */
    private static final class LeshanSenMl {
        private final SenMLCborUpokecenterEncoderDecoder decoder = new SenMLCborUpokecenterEncoderDecoder();

        int decode(CodecFrames.Sample sample) throws Exception {
            SenMLResolver<ResolvedSenMLRecord> resolver = new SenMLResolver<>() {
                @Override
                protected ResolvedSenMLRecord createResolvedRecord(SenMLRecord record, String name, BigDecimal time) {
                    return new ResolvedSenMLRecord(record, name, time);
                }
            };
            int seen = 0;
            for (SenMLRecord record : decoder.fromSenML(sample.bytes()).getRecords()) {
                seen += resolver.resolve(record).getName().length();
            }
            return seen;
        }
    }
}
