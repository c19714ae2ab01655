// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Measures one codec in this process and prints the figures as one line of JSON. */
final class CodecMeasure {
    private static final int WARM_UP_SECONDS = 3;

    private CodecMeasure() {}

    /** Decodes one frame. */
    @FunctionalInterface
    interface Decoding {
        /**
         * @return something that depends on what was decoded, so that it cannot be left out
         * @throws Exception if the frame is rejected
         */
        int decode(CodecFrames.Sample sample) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        String codec = args[0];
        int rounds = Integer.parseInt(args[1]);
        int seconds = Integer.parseInt(args[2]);
        ObjectNode row = JsonNodeFactory.instance.objectNode().put("codec", codec);
        if (codec.equals("dtmf")) {
            ToneMeasure.measure(row, rounds, seconds);
        } else {
            measure(row, CodecFrames.of(codec), CodecPeers.of(codec), rounds, seconds);
        }
        System.out.println(row);
    }

    private static void measure(
            ObjectNode row, CodecFrames frames, Optional<CodecPeers.Peer> peer, int rounds, int seconds) {
        List<CodecFrames.Sample> ours = accepted(frames.samples(), frames.ours());
        row.put("frames", frames.samples().size()).put("accepted", ours.size());
        List<CodecFrames.Sample> measured = ours;
        if (peer.isPresent()) {
            List<CodecFrames.Sample> theirs =
                    accepted(frames.samples(), peer.get().decoding());
            row.put("peer", peer.get().name()).put("peerAccepted", theirs.size());
            // Both decode the same frames: those that both accept.
            measured = new ArrayList<>(ours);
            measured.retainAll(theirs);
        }
        row.put("measured", measured.size());
        if (measured.isEmpty()) {
            return;
        }
        rate(measured, frames.ours(), WARM_UP_SECONDS);
        if (peer.isPresent()) {
            rate(measured, peer.get().decoding(), WARM_UP_SECONDS);
        }
        double[] mine = new double[rounds];
        double[] their = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            mine[round] = rate(measured, frames.ours(), seconds);
            if (peer.isPresent()) {
                their[round] = rate(measured, peer.get().decoding(), seconds);
            }
        }
        row.put("perSecond", Math.round(median(mine)));
        row.put(
                "bytesPerFrame",
                Math.round(measured.stream()
                        .mapToInt(sample -> sample.bytes().length)
                        .average()
                        .orElse(0)));
        if (peer.isPresent()) {
            row.put("peerPerSecond", Math.round(median(their)));
            row.put("ratio", Math.round(100 * median(mine) / median(their)) / 100.0);
        }
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static List<CodecFrames.Sample> accepted(List<CodecFrames.Sample> samples, Decoding decoding) {
        List<CodecFrames.Sample> accepted = new ArrayList<>();
        for (CodecFrames.Sample sample : samples) {
            try {
                decoding.decode(sample);
                accepted.add(sample);
            } catch (Exception rejected) {
                // It does not count as decoded; how many do is part of the report.
            }
        }
        return accepted;
    }

    private static double rate(List<CodecFrames.Sample> samples, Decoding decoding, int seconds) {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        long begin = System.nanoTime();
        long frames = 0;
        int seen = 0;
        try {
            while (System.nanoTime() < end) {
                for (CodecFrames.Sample sample : samples) {
                    seen += decoding.decode(sample);
                }
                frames += samples.size();
            }
        } catch (Exception changed) {
            throw new IllegalStateException("a frame that was accepted before is rejected now", changed);
        }
        if (seen == Integer.MIN_VALUE) {
            System.out.println("never, but the compiler cannot know");
        }
        return frames / ((System.nanoTime() - begin) / 1e9);
    }
}
