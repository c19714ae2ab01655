// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import picocli.CommandLine.Command;

@Command(name = "demo", description = "Start the gateway with simulated meters.", mixinStandardHelpOptions = true)
final class DemoCommand {}
