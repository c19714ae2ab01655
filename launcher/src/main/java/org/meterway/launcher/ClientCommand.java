// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import picocli.CommandLine.Command;

@Command(name = "client", description = "Ask a running gateway.", mixinStandardHelpOptions = true)
final class ClientCommand {}
