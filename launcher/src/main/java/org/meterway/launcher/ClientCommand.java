package org.meterway.launcher;

import picocli.CommandLine.Command;

@Command(name = "client", description = "Ask a running gateway.", mixinStandardHelpOptions = true)
final class ClientCommand {}
