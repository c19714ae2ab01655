// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.client.LeshanClientBuilder;
import org.eclipse.leshan.client.engine.DefaultRegistrationEngineFactory;
import org.eclipse.leshan.client.object.Device;
import org.eclipse.leshan.client.object.Security;
import org.eclipse.leshan.client.object.Server;
import org.eclipse.leshan.client.observer.LwM2mClientObserverAdapter;
import org.eclipse.leshan.client.resource.BaseInstanceEnabler;
import org.eclipse.leshan.client.resource.ObjectsInitializer;
import org.eclipse.leshan.client.send.ManualDataSender;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.ResponseCode;
import org.eclipse.leshan.core.model.ObjectLoader;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.model.StaticModel;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.request.BindingMode;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.request.RegisterRequest;
import org.eclipse.leshan.core.request.UpdateRequest;
import org.eclipse.leshan.core.request.argument.Arguments;
import org.eclipse.leshan.core.response.ExecuteResponse;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.core.response.SendResponse;
import org.eclipse.leshan.core.response.WriteResponse;
import org.eclipse.leshan.transport.californium.client.endpoint.CaliforniumClientEndpointsProvider;
import org.eclipse.leshan.transport.californium.client.endpoint.coap.CoapClientProtocolProvider;
import org.eclipse.leshan.transport.californium.client.endpoint.coaps.CoapsClientProtocolProvider;

/** A meter: the Leshan client with a Device object and two temperature sensors. */
final class TestMeter implements AutoCloseable {
    final LeshanClient client;
    final Sensor sensor = new Sensor(0);
    final Sensor second = new Sensor(1);
    final TestDevice device = new TestDevice();
    private final BlockingQueue<String> happened = new LinkedBlockingQueue<>();

    TestMeter(String endpoint, Security security) {
        this(endpoint, security, false, settings -> {});
    }

    TestMeter(String endpoint, Security security, boolean queueMode, Consumer<Configuration> settings) {
        List<ObjectModel> objects = new ArrayList<>(ObjectLoader.loadDefault());
        objects.add(new ObjectModels().find(3303, Optional.empty()).orElseThrow());
        ObjectsInitializer initializer = new ObjectsInitializer(new StaticModel(objects));
        initializer.setInstancesForObject(0, security);
        initializer.setInstancesForObject(1, new Server(123, 3600, EnumSet.of(BindingMode.U), false, BindingMode.U));
        initializer.setInstancesForObject(3, device);
        initializer.setInstancesForObject(3303, sensor, second);
        LeshanClientBuilder builder = new LeshanClientBuilder(endpoint);
        builder.setObjects(initializer.create(0, 1, 3, 3303));
        builder.setDataSenders(new ManualDataSender());
        DefaultRegistrationEngineFactory engine = new DefaultRegistrationEngineFactory();
        engine.setQueueMode(queueMode);
        engine.setReconnectOnUpdate(false);
        engine.setRetryWaitingTimeInMs(600_000);
        engine.setRequestTimeoutInMs(20_000);
        builder.setRegistrationEngineFactory(engine);
        CaliforniumClientEndpointsProvider.Builder endpoints = new CaliforniumClientEndpointsProvider.Builder(
                new CoapClientProtocolProvider(), new CoapsClientProtocolProvider());
        Configuration configuration = endpoints.createDefaultConfiguration();
        settings.accept(configuration);
        endpoints.setConfiguration(configuration);
        builder.setEndpointsProviders(endpoints.build());
        client = builder.build();
        client.addObserver(new LwM2mClientObserverAdapter() {
            @Override
            public void onRegistrationSuccess(LwM2mServer server, RegisterRequest request, String id) {
                happened.add("registered");
            }

            @Override
            public void onRegistrationFailure(
                    LwM2mServer server, RegisterRequest request, ResponseCode code, String message, Exception cause) {
                happened.add("refused " + (code == null ? cause : code.getCode()));
            }

            @Override
            public void onRegistrationTimeout(LwM2mServer server, RegisterRequest request) {
                happened.add("timeout");
            }

            @Override
            public void onUpdateSuccess(LwM2mServer server, UpdateRequest request) {
                happened.add("updated");
            }

            @Override
            public void onUpdateFailure(
                    LwM2mServer server, UpdateRequest request, ResponseCode code, String message, Exception cause) {
                happened.add("update refused " + (code == null ? cause : code.getCode()));
            }

            @Override
            public void onUpdateTimeout(LwM2mServer server, UpdateRequest request) {
                happened.add("update timeout");
            }
        });
    }

    TestMeter start() {
        client.start();
        return this;
    }

    /** The next thing that happened to the registration. */
    String next() throws InterruptedException {
        String next = happened.poll(60, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing happened within 60 s");
        }
        return next;
    }

    TestMeter registered() throws InterruptedException {
        start();
        String first = next();
        if (!first.equals("registered")) {
            throw new AssertionError(first);
        }
        return this;
    }

    LwM2mServer server() {
        return client.getRegisteredServers().values().iterator().next();
    }

    SendResponse send(ContentFormat format, String... paths) throws InterruptedException {
        return client.getSendService().sendData(server(), format, List.of(paths), 20_000);
    }

    @Override
    public void close() {
        client.destroy(false);
    }

    public static final class TestDevice extends Device {
        final Map<Integer, Object> written = new ConcurrentHashMap<>();
        final BlockingQueue<String> executed = new LinkedBlockingQueue<>();

        public TestDevice() {
            super("Maker", "test", "SN-1");
        }

        @Override
        public ReadResponse read(LwM2mServer server, int resource) {
            if (resource == 9) {
                return ReadResponse.success(9, 42);
            }
            if (resource == 15) {
                return ReadResponse.success(15, String.valueOf(written.getOrDefault(15, "UTC")));
            }
            return super.read(server, resource);
        }

        @Override
        public WriteResponse write(LwM2mServer server, boolean replace, int resource, LwM2mResource value) {
            written.put(resource, value.getValue());
            return WriteResponse.success();
        }

        @Override
        public ExecuteResponse execute(LwM2mServer server, int resource, Arguments arguments) {
            executed.add(resource + " " + arguments.serialize());
            return ExecuteResponse.success();
        }
    }

    public static final class Sensor extends BaseInstanceEnabler {
        private volatile double value = 21.5;

        public Sensor() {
            // The client gives the id when the gateway creates an instance.
        }

        Sensor(int id) {
            super(id);
        }

        void change(double now) {
            value = now;
            fireResourceChange(5700);
        }

        void changeSilently(double now) {
            value = now;
        }

        LwM2mPath path() {
            return getResourcePath(5700);
        }

        @Override
        public ReadResponse read(LwM2mServer server, int resource) {
            return switch (resource) {
                case 5700 -> ReadResponse.success(resource, value);
                case 5701 -> ReadResponse.success(resource, "Cel");
                default -> ReadResponse.notFound();
            };
        }

        @Override
        public List<Integer> getAvailableResourceIds(ObjectModel model) {
            return List.of(5700, 5701);
        }
    }
}
