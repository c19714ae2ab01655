// SPDX-License-Identifier: EPL-2.0
package org.meterway.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the stand-in answers about traces, parked frames and replays. */
final class StandInReplay {
    /** An M-Bus frame, long enough for more than one row. */
    static final String BYTES =
            "684d4d680801720100000096150100180000000c785600000001fd1b0002fc0348522574440d22fc0348522574f10c12fc034852";

    private final List<Map<String, Object>> replays = new ArrayList<>();
    private volatile int forgotten;

    static boolean answers(String path) {
        return path.startsWith("/parked") || path.startsWith("/replays") || path.endsWith("/trace");
    }

    Object get(HttpServletRequest request) {
        String path = request.getPathInfo();
        if (path.endsWith("/trace")) return trace(request);
        if (path.startsWith("/parked")) return parked(request.getParameter("meter"));
        if (path.endsWith("/differences")) return differences();
        return Map.of("items", List.copyOf(replays));
    }

    synchronized Object post(HttpServletRequest request) {
        String path = request.getPathInfo();
        if (path.endsWith("/apply")) {
            replays.get(0).put("state", "applied");
        } else if (path.equals("/replays")) {
            replays.add(0, replay(replays.size() + 1));
        }
        return replays.isEmpty() ? Map.of() : replays.get(0);
    }

    static Map<String, Object> map(Object... entries) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) map.put((String) entries[i], entries[i + 1]);
        return map;
    }

    private static Map<String, Object> replay(int id) {
        Map<String, Object> replay = map("id", id, "state", "previewed", "meter", "meter-0001", "model", null);
        replay.putAll(map("from", null, "to", null, "who", "alice", "why", "wrong scale"));
        replay.putAll(map("startedAt", "2026-03-30T10:59:00Z", "endedAt", null, "progress", 1.0, "frames", 48));
        replay.putAll(map("rejected", 1, "undecodable", 0, "same", 12, "changed", 2, "added", 0, "vanished", 1));
        replay.putAll(map("differences", 3, "failure", null));
        return replay;
    }

    private static Object differences() {
        List<Object> items = new ArrayList<>();
        for (int slot = 0; slot < 3; slot++) {
            Map<String, Object> item = map("meter", "meter-0001", "quantity", "1-0:1.8.0", "unit", "Wh");
            item.putAll(map("start", "2026-03-29T0" + slot + ":00:00Z", "intervalSeconds", 1800, "message", 17));
            item.put("kind", slot == 2 ? "vanished" : "changed");
            item.put("before", map("value", "12340", "quality", List.of("measured")));
            item.put(
                    "after",
                    slot == 2
                            ? map("value", null, "quality", List.of())
                            : map("value", "1234", "quality", List.of("measured")));
            items.add(item);
        }
        return StandInRest.page(items);
    }

    void forget(String path) {
        forgotten = Integer.parseInt(path.substring("/parked/".length()));
    }

    private Object parked(String meter) {
        List<Object> items = new ArrayList<>();
        for (int number = 2; number > 0; number--) {
            String sender = "meter-000" + number;
            if (number != forgotten && (meter == null || meter.equals(sender))) {
                boolean refused = number == 1;
                Map<String, Object> item = map("number", number, "meter", sender, "refused", refused);
                item.putAll(map("message", refused ? null : 41, "receivedAt", "2026-03-30T09:00:00Z"));
                item.putAll(map("channel", "http", "contentType", "application/x.mbus", "target", ""));
                item.putAll(map("codec", refused ? "mbus" : null, "codecVersion", refused ? "1.0" : null));
                item.putAll(map("field", refused ? "checksum" : null, "offset", refused ? 18 : null));
                item.put("reason", refused ? "expected 2f, was 52" : "there is no codec for application/x.mbus");
                item.put("bytes", BYTES);
                items.add(item);
            }
        }
        Map<String, Object> page = StandInRest.page(items);
        page.putAll(Map.of("undecoded", 1, "refused", 1, "decoded", 7, "dropped", 0));
        return page;
    }

    private static Object trace(HttpServletRequest request) {
        String[] path = request.getPathInfo().split("/");
        List<Object> fields = List.of(
                field("", 0, 4, "start, length 77, start"),
                field("", 4, 3, "control, address, control information"),
                field("", 7, 4, "identification: 15960000"),
                field("", 19, 6, "energy: 12 Wh"),
                field("decrypted", 0, 2, "verification: 2f2f"));
        Map<String, Object> message = map("number", 17, "kept", true, "receivedAt", "2026-03-30T09:00:00Z");
        message.putAll(map("channel", "line", "contentType", "application/x.mbus", "target", ""));
        message.putAll(map("codec", "mbus", "codecVersion", "1.0", "bytes", BYTES));
        Map<String, Object> now = map("codec", "mbus", "codecVersion", "1.1", "sameCodec", false, "value", "13");
        now.putAll(map("quality", List.of("measured"), "sameValue", false, "rejection", null, "fields", fields));
        Map<String, Object> trace = map("meter", path[2], "quantity", path[3], "unit", "Wh");
        trace.putAll(map("start", request.getParameter("start"), "intervalSeconds", 1800, "value", "12"));
        trace.putAll(map("quality", Arrays.asList("measured", "rounded"), "message", message, "decodedNow", now));
        String changed = "2026-03-30T10:00:00Z";
        trace.put(
                "versions",
                List.of(
                        version("120", "0.9", null, changed, null, null),
                        version("12", "1.0", changed, null, "alice", "wrong scale")));
        return trace;
    }

    private static Map<String, Object> field(String part, int offset, int length, String meaning) {
        return map("part", part, "offset", offset, "length", length, "meaning", meaning);
    }

    private static Map<String, Object> version(
            String value, String codecVersion, String since, String until, String who, String why) {
        Map<String, Object> version = map("value", value, "quality", List.of("measured"), "message", 17);
        version.putAll(map("codec", "mbus", "codecVersion", codecVersion, "since", since, "until", until));
        version.putAll(map("who", who, "why", why));
        return version;
    }
}
