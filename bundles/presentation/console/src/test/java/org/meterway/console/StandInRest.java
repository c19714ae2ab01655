// SPDX-License-Identifier: EPL-2.0
package org.meterway.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Serves the REST contract with made-up meters, so that the pages can be tried without a gateway. */
final class StandInRest extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String END = "end";

    private final transient StandInReplay replay = new StandInReplay();
    private final transient StandInData data;
    private final transient Clock clock;
    private final transient List<Map<String, Object>> events = new ArrayList<>();
    private final transient Queue<BlockingQueue<String>> listeners = new ConcurrentLinkedQueue<>();
    private volatile boolean silent;
    private long seconds;

    StandInRest(Clock clock, int meters) {
        this.clock = clock;
        data = new StandInData(clock, meters);
        emit("gateway.started", "info", null, "The gateway is up");
        emit("meter.registered", "info", "meter-0001", "registered over LwM2M from 127.0.0.1:40001");
        emit("gap.found", "warning", "meter-0003", "3 intervals of 1-0:1.8.0 are missing since 03:00");
    }

    /** Something happens at the gateway. */
    synchronized void emit(String type, String severity, String meter, String text) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("id", events.size() + 1);
        event.put("time", clock.instant().toString());
        event.put("type", type);
        event.put("severity", severity);
        event.put("meter", meter);
        event.put("text", text);
        events.add(event);
        listeners.forEach(listener -> listener.add("event: event\ndata: " + text(event) + "\n\n"));
    }

    /** Ends all streams and answers nothing but 503 until {@link #comeBack}. */
    void hangUp() {
        silent = true;
        listeners.forEach(listener -> listener.add(END));
    }

    void comeBack() {
        silent = false;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (silent) {
            problem(response, 503, "Not now", "The stand-in is silent");
            return;
        }
        String[] path = request.getPathInfo().substring(1).split("/");
        String accept = request.getHeader("Accept");
        if (path[0].equals("health")) send(response, 200, data.health(seconds, true));
        else if (StandInReplay.answers(request.getPathInfo())) send(response, 200, replay.get(request));
        else if (path[0].equals("readings")) send(response, 200, data.readings(request));
        else if (path[0].equals("zones")) send(response, 200, page(data.zones()));
        else if (path[0].equals("integrity")) send(response, 200, StandInData.integrity());
        else if (path[0].equals("events") && accept != null && accept.contains("event-stream")) stream(response);
        else if (path[0].equals("events")) send(response, 200, page(recent()));
        else if (path[0].equals("meters") && path.length == 1) send(response, 200, data.list(request));
        else if (path[0].equals("meters") && data.meter(path[1]) == null)
            problem(response, 404, "Not found", "There is no meter " + path[1]);
        else if (path[0].equals("meters") && path.length == 2) send(response, 200, data.meter(path[1]));
        else if (path[0].equals("meters") && path[2].equals("registers"))
            send(response, 200, page(data.registers(path[1])));
        else if (path[0].equals("meters") && path[2].equals("objects")) send(response, 200, StandInData.objects());
        else problem(response, 404, "Not found", "The stand-in has no " + request.getPathInfo());
    }

    @Override
    protected void doDelete(HttpServletRequest request, HttpServletResponse response) {
        replay.forget(request.getPathInfo());
        response.setStatus(204);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getPathInfo().equals("/meters/import")) {
            String csv = new String(request.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            importCsv(csv, response);
            return;
        }
        if (StandInReplay.answers(request.getPathInfo())) {
            send(response, 202, replay.post(request));
            return;
        }
        JsonNode command = JSON.readTree(request.getInputStream());
        String path = command.path("paths").path(0).asText();
        Object answer = data.read(path);
        if (answer != null) send(response, 200, Map.of("code", "2.05", "success", true, "values", answer));
        else if (path.equals("/3/0/9")) problem(response, 504, "Not reachable", "The meter did not answer within 10 s");
        else send(response, 200, Map.of("code", "4.04", "success", false, "text", ""));
    }

    private void importCsv(String csv, HttpServletResponse response) throws IOException {
        List<Object> errors = new ArrayList<>();
        List<String> lines = csv.lines().toList();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).startsWith(","))
                errors.add(Map.of("line", i + 1, "column", "id", "message", "must not be empty"));
        }
        if (errors.isEmpty()) send(response, 200, Map.of("imported", lines.size() - 1));
        else
            problem(
                    response,
                    422,
                    Map.of("title", "Nothing was imported", "detail", "The file has mistakes", "errors", errors));
    }

    /** Statistics once a second and events as they come, on this request's thread. */
    private void stream(HttpServletResponse response) throws IOException {
        response.setContentType("text/event-stream;charset=utf-8");
        BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        listeners.add(queue);
        try (PrintWriter out = response.getWriter()) {
            out.write(": hello\n\n");
            while (!out.checkError()) {
                String next = queue.poll(1, TimeUnit.SECONDS);
                if (END.equals(next)) return;
                out.write(next != null ? next : "event: stats\ndata: " + text(data.health(++seconds, false)) + "\n\n");
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            listeners.remove(queue);
        }
    }

    private synchronized List<Object> recent() {
        List<Object> newestFirst = new ArrayList<>(events);
        java.util.Collections.reverse(newestFirst);
        return newestFirst;
    }

    static Map<String, Object> page(List<?> items) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("items", items);
        page.put("next", null);
        return page;
    }

    static Instant time(HttpServletRequest request, String name) {
        return Instant.parse(request.getParameter(name));
    }

    private static void problem(HttpServletResponse response, int status, String title, String detail)
            throws IOException {
        problem(response, status, Map.of("type", "about:blank", "title", title, "status", status, "detail", detail));
    }

    private static void problem(HttpServletResponse response, int status, Map<String, Object> problem)
            throws IOException {
        response.setContentType("application/problem+json");
        response.setStatus(status);
        response.getOutputStream().write(JSON.writeValueAsBytes(problem));
    }

    private static void send(HttpServletResponse response, int status, Object body) throws IOException {
        response.setContentType("application/json");
        response.setStatus(status);
        response.getOutputStream().write(JSON.writeValueAsBytes(body));
    }

    private static String text(Object body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
