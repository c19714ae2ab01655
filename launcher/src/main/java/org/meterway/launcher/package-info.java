/**
 * {@code ./meterway}: reads a feature, starts the framework and shows a person what is going on.
 *
 * <p>Exit codes: 0 done (Ctrl-C in {@code run} and {@code demo} included), 1 it failed, 2 the command line is wrong.
 * Whatever goes wrong is one line on standard error that says what to do.
 */
@org.jspecify.annotations.NullMarked
package org.meterway.launcher;
