// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.leshan.core.LwM2m.Version;
import org.eclipse.leshan.core.link.attributes.InvalidAttributeException;
import org.eclipse.leshan.core.link.lwm2m.attributes.DefaultLwM2mAttributeParser;
import org.eclipse.leshan.core.link.lwm2m.attributes.LwM2mAttributeSet;
import org.eclipse.leshan.core.model.ResourceModel;
import org.eclipse.leshan.core.model.ResourceModel.Type;
import org.eclipse.leshan.core.node.InvalidLwM2mPathException;
import org.eclipse.leshan.core.node.LwM2mNode;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mResourceInstance;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.request.CreateRequest;
import org.eclipse.leshan.core.request.DeleteRequest;
import org.eclipse.leshan.core.request.DiscoverRequest;
import org.eclipse.leshan.core.request.DownlinkDeviceManagementRequest;
import org.eclipse.leshan.core.request.ExecuteRequest;
import org.eclipse.leshan.core.request.ObserveCompositeRequest;
import org.eclipse.leshan.core.request.ObserveRequest;
import org.eclipse.leshan.core.request.ReadCompositeRequest;
import org.eclipse.leshan.core.request.ReadRequest;
import org.eclipse.leshan.core.request.WriteAttributesRequest;
import org.eclipse.leshan.core.request.WriteCompositeRequest;
import org.eclipse.leshan.core.request.WriteRequest;
import org.eclipse.leshan.core.request.WriteRequest.Mode;
import org.eclipse.leshan.core.request.exception.InvalidRequestException;
import org.eclipse.leshan.server.registration.Registration;
import org.meterway.api.channel.Command;

/** Turns commands into LwM2M requests, each in the content formats to try. */
final class Requests {
    /** In {@link Command#attributes()} of a write: {@code replace} or {@code update} (LwM2M Core 1.1, 6.3.3). */
    private static final String MODE = "mode";

    private final ObjectModels models;

    Requests(ObjectModels models) {
        this.models = models;
    }

    /** @throws IllegalArgumentException naming the path or value that is wrong */
    List<? extends DownlinkDeviceManagementRequest<?>> of(Command command, Registration registration) {
        if (command.operation() == Command.Operation.READ
                && command.attributes().containsKey("from")) {
            throw new IllegalArgumentException("LwM2M has no read of a range of a load profile");
        }
        try {
            List<LwM2mPath> paths = command.paths().stream().map(Requests::path).toList();
            LwM2mPath path = paths.get(0);
            return switch (command.operation()) {
                case READ ->
                    Formats.toRead(registration, path).stream()
                            .map(format -> new ReadRequest(format, path.toString()))
                            .toList();
                case OBSERVE -> observe(registration, path);
                case DISCOVER -> List.of(new DiscoverRequest(path.toString()));
                case EXECUTE -> List.of(new ExecuteRequest(path.toString(), command.arguments()));
                case DELETE -> List.of(new DeleteRequest(path));
                case WRITE -> write(command, registration, path);
                case CREATE -> create(command, registration, path);
                case WRITE_ATTRIBUTES ->
                    List.of(new WriteAttributesRequest(path, attributes(path, query(command.attributes()))));
                case READ_COMPOSITE ->
                    Formats.composite(registration).stream()
                            .map(format -> new ReadCompositeRequest(paths, format, format, null))
                            .toList();
                case OBSERVE_COMPOSITE ->
                    Formats.composite(registration).stream()
                            .map(format -> new ObserveCompositeRequest(format, format, paths))
                            .toList();
                case WRITE_COMPOSITE -> writeComposite(command, registration);
                case CANCEL_OBSERVE -> throw new IllegalArgumentException("not a request of its own");
            };
        } catch (InvalidRequestException wrong) {
            throw new IllegalArgumentException(wrong.getMessage(), wrong);
        }
    }

    /** Observation requests in the formats to try. */
    static List<ObserveRequest> observe(Registration registration, LwM2mPath path) {
        return Formats.toRead(registration, path).stream()
                .map(format -> new ObserveRequest(format, path, null))
                .toList();
    }

    /** @throws IllegalArgumentException if the text is no absolute path */
    static LwM2mPath path(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("'" + text + "' is no LwM2M path: it must begin with /");
        }
        try {
            return new LwM2mPath(text);
        } catch (InvalidLwM2mPathException | IllegalArgumentException wrong) {
            throw new IllegalArgumentException("'" + text + "' is no LwM2M path: " + wrong.getMessage(), wrong);
        }
    }

    /** Notification attributes, given as {@code pmin=10&pmax=60}. */
    static LwM2mAttributeSet attributes(LwM2mPath path, Collection<String> query) {
        try {
            return new LwM2mAttributeSet(new DefaultLwM2mAttributeParser().parseQueryParams(query));
        } catch (InvalidAttributeException | IllegalArgumentException wrong) {
            throw new IllegalArgumentException(path + ": " + wrong.getMessage(), wrong);
        }
    }

    private static List<String> query(Map<String, String> attributes) {
        if (attributes.isEmpty()) {
            throw new IllegalArgumentException("there are no attributes to write");
        }
        return attributes.entrySet().stream()
                .map(each -> each.getValue().isEmpty() ? each.getKey() : each.getKey() + "=" + each.getValue())
                .toList();
    }

    private List<WriteRequest> write(Command command, Registration registration, LwM2mPath path) {
        Map<LwM2mPath, Object> values = values(command);
        LwM2mNode node;
        boolean single = false;
        boolean opaque = false;
        if (path.isResource() || path.isResourceInstance()) {
            Object value = values.get(path);
            if (value == null || values.size() != 1) {
                throw new IllegalArgumentException("a write to " + path + " needs a value of that path and no other");
            }
            ResourceModel model = model(registration, path);
            opaque = model.type == Type.OPAQUE;
            if (path.isResource()) {
                LwM2mResource resource = Values.resource(path, model, value);
                single = !resource.isMultiInstances();
                node = resource;
            } else {
                single = true;
                node = instance(path, model, value);
            }
        } else if (path.isObjectInstance()) {
            node = new LwM2mObjectInstance(path.getObjectInstanceId(), resources(registration, path, values));
        } else {
            throw new IllegalArgumentException("a write needs an object instance or a resource, got " + path);
        }
        Mode mode = mode(command, path);
        return Formats.toWrite(registration, single, opaque).stream()
                .map(format -> new WriteRequest(mode, format, path, node))
                .toList();
    }

    private static Mode mode(Command command, LwM2mPath path) {
        String asked = command.attributes().getOrDefault(MODE, path.isObjectInstance() ? "update" : "replace");
        return switch (asked) {
            case "replace" -> Mode.REPLACE;
            case "update" -> Mode.UPDATE;
            default -> throw new IllegalArgumentException("mode must be replace or update, was '" + asked + "'");
        };
    }

    private List<CreateRequest> create(Command command, Registration registration, LwM2mPath path) {
        if (!path.isObject() && !path.isObjectInstance()) {
            throw new IllegalArgumentException("a creation needs an object or an object instance, got " + path);
        }
        Map<LwM2mPath, Object> values = values(command);
        if (path.isObject()) {
            Map<LwM2mPath, Object> under = new LinkedHashMap<>();
            values.forEach((each, value) -> under.put(each, value));
            return List.of(
                    new CreateRequest(ContentFormat.TLV, path.getObjectId(), resources(registration, path, under)));
        }
        LwM2mObjectInstance instance =
                new LwM2mObjectInstance(path.getObjectInstanceId(), resources(registration, path, values));
        return Formats.toWrite(registration, false, false).stream()
                .map(format -> new CreateRequest(format, path.getObjectId(), instance))
                .toList();
    }

    private List<WriteCompositeRequest> writeComposite(Command command, Registration registration) {
        Map<LwM2mPath, LwM2mNode> nodes = new LinkedHashMap<>();
        values(command).forEach((path, value) -> {
            ResourceModel model = model(registration, path);
            if (path.isResourceInstance()) {
                nodes.put(path, instance(path, model, value));
                return;
            }
            LwM2mResource resource = Values.resource(path, model, value);
            if (resource instanceof LwM2mSingleResource) {
                nodes.put(path, resource);
            } else {
                resource.getInstances().forEach((id, each) -> nodes.put(path.append(id), each));
            }
        });
        return Formats.composite(registration).stream()
                .map(format -> new WriteCompositeRequest(format, nodes, null))
                .toList();
    }

    private static LwM2mResourceInstance instance(LwM2mPath path, ResourceModel model, Object value) {
        return LwM2mResourceInstance.newInstance(
                path.getResourceInstanceId(), Values.toLwM2m(path.toString(), model, value), model.type);
    }

    private List<LwM2mResource> resources(Registration registration, LwM2mPath under, Map<LwM2mPath, Object> values) {
        List<LwM2mResource> resources = new ArrayList<>();
        values.forEach((path, value) -> {
            if (!path.isResource() || !path.startWith(under)) {
                throw new IllegalArgumentException(path + " is no resource under " + under);
            }
            resources.add(Values.resource(path, model(registration, path), value));
        });
        return resources;
    }

    private static Map<LwM2mPath, Object> values(Command command) {
        if (command.values().isEmpty()) {
            throw new IllegalArgumentException("there are no values to write");
        }
        Map<LwM2mPath, Object> values = new LinkedHashMap<>();
        command.values().forEach((path, value) -> values.put(path(path), value));
        return values;
    }

    private ResourceModel model(Registration registration, LwM2mPath path) {
        if (path.getResourceId() == null) {
            throw new IllegalArgumentException(path + " is no resource");
        }
        Optional<Version> version = Optional.ofNullable(registration.getSupportedVersion(path.getObjectId()));
        return models.find(path.getObjectId(), version)
                .map(object -> object.resources.get(path.getResourceId()))
                .orElseThrow(() -> new IllegalArgumentException(
                        path + " has no definition: object or resource unknown, so the type to write is unknown too"));
    }
}
