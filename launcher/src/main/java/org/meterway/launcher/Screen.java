// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.io.PrintWriter;

/** What a person sees on the terminal when a gateway is up. */
final class Screen {
    private Screen() {}

    static void welcome(PrintWriter out, Startup startup) {
        FeaturePlan plan = startup.plan();
        out.println("Meterway " + Main.version() + ": " + plan.name() + ", ready in " + startup.startupMs() + " ms");
        if (Ports.HTTP.usedBy(plan)) {
            out.println("  console   " + startup.url() + "/  (only from this machine until there are roles)");
        }
        if (Ports.LWM2M_DTLS.usedBy(plan)) {
            out.println(
                    "  LwM2M     " + (udp(plan, Ports.LWM2M, "coap") + udp(plan, Ports.LWM2M_DTLS, "coaps")).trim());
        }
        if (Ports.READINGS_DTLS.usedBy(plan)) {
            out.println("  readings  "
                    + (udp(plan, Ports.READINGS, "coap") + udp(plan, Ports.READINGS_DTLS, "coaps")).trim());
        }
        out.println("  data      " + startup.gateway().data().path());
        out.println("  log       " + startup.gateway().data().log());
        int waiting = startup.diagnosis().waiting().size();
        if (waiting > 0) {
            out.println("  note      " + startup.diagnosis().waiting().get(0)
                    + (waiting > 1 ? " (and " + (waiting - 1) + " more, see the log)" : ""));
        }
    }

    private static String udp(FeaturePlan plan, Ports port, String scheme) {
        return port.usedBy(plan) ? scheme + " " + port.of(plan) + "  " : "";
    }
}
