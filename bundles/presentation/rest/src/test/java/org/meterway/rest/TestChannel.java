// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Channel;
import org.meterway.api.channel.Command;
import org.meterway.api.channel.Connection;
import org.meterway.api.channel.ManagedObject;

/** A channel that remembers the last command and answers what the test says. */
final class TestChannel implements Channel {
    final Map<String, Connection> connections = new ConcurrentHashMap<>();
    final Map<String, List<ManagedObject>> objects = new ConcurrentHashMap<>();
    final CompletableFuture<Answer> answer = new CompletableFuture<>();
    volatile Command sent;
    private final String name;

    TestChannel(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Connection> connection(String meter) {
        return Optional.ofNullable(connections.get(meter));
    }

    @Override
    public int registered() {
        return connections.size();
    }

    @Override
    public int asleep() {
        return 0;
    }

    @Override
    public List<ManagedObject> objects(String meter) {
        return objects.getOrDefault(meter, List.of());
    }

    @Override
    public CompletionStage<Answer> send(Command command) {
        sent = command;
        return answer;
    }
}
