// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

/**
 * Marks a picocli command that {@code meterway bench} offers. Implementations are found with {@link
 * java.util.ServiceLoader}: annotate a public class with {@code @Command(name = "…")}, implement this together with
 * {@code Callable<Integer>} (the exit code), and name the class in {@code
 * META-INF/services/org.meterway.launcher.Benchmark}. The jar and what it needs lie in {@code lib/bench} of the
 * distribution and are on the class path of {@code meterway bench} only.
 */
public interface Benchmark {}
