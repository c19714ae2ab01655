// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * Why a feature is not complete: bundles that do not run, and components that do not, each with what it lacks.
 *
 * @param broken bundles that cannot be resolved or started, one line each
 * @param failed components whose activation failed, one line each
 * @param waiting components that wait for a service or a configuration, one line each
 */
record Diagnosis(List<String> broken, List<String> failed, List<String> waiting) {
    Diagnosis {
        broken = List.copyOf(broken);
        failed = List.copyOf(failed);
        waiting = List.copyOf(waiting);
    }

    static Diagnosis of(BundleContext framework) {
        List<String> broken = new ArrayList<>();
        for (Bundle bundle : framework.getBundles()) {
            boolean fragment = bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
            int wanted = fragment ? Bundle.RESOLVED : Bundle.ACTIVE;
            if (bundle.getState() != wanted) {
                broken.add(why(bundle, fragment));
            }
        }
        List<String> failed = new ArrayList<>();
        List<String> waiting = new ArrayList<>();
        ServiceReference<ServiceComponentRuntime> reference =
                framework.getServiceReference(ServiceComponentRuntime.class);
        if (reference != null) {
            ServiceComponentRuntime components = framework.getService(reference);
            for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs()) {
                look(components, component, failed, waiting);
            }
            framework.ungetService(reference);
        }
        return new Diagnosis(broken, failed, waiting);
    }

    private static String why(Bundle bundle, boolean fragment) {
        String name = "bundle " + bundle.getSymbolicName() + " " + bundle.getVersion();
        if (fragment) {
            return name + " found no host";
        }
        try {
            bundle.start();
            return name + " started only at the second try";
        } catch (BundleException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return name + " does not start: " + cause.getMessage();
        }
    }

    private static void look(
            ServiceComponentRuntime components,
            ComponentDescriptionDTO component,
            List<String> failed,
            List<String> waiting) {
        if (!component.defaultEnabled || !components.isComponentEnabled(component)) {
            return;
        }
        List<ComponentConfigurationDTO> instances = List.copyOf(components.getComponentConfigurationDTOs(component));
        String name = "component " + component.name;
        // One that needs a configuration and has none is nothing wrong: there are as many as were configured.
        for (ComponentConfigurationDTO instance : instances) {
            switch (instance.state) {
                case ComponentConfigurationDTO.FAILED_ACTIVATION ->
                    failed.add(name + " failed: " + reason(instance.failure));
                case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION ->
                    waiting.add(name + " waits for a configuration with PID "
                            + String.join(", ", component.configurationPid));
                case ComponentConfigurationDTO.UNSATISFIED_REFERENCE ->
                    waiting.add(name + " waits for " + missing(component, instance));
                default -> {
                    // Active, or satisfied and made when somebody asks for it.
                }
            }
        }
    }

    private static String missing(ComponentDescriptionDTO component, ComponentConfigurationDTO instance) {
        return Arrays.stream(instance.unsatisfiedReferences)
                .map(unsatisfied -> Arrays.stream(component.references)
                                .filter(reference -> reference.name.equals(unsatisfied.name))
                                .map(reference -> reference.interfaceName)
                                .findFirst()
                                .orElse(unsatisfied.name)
                        + (unsatisfied.target == null ? "" : " " + unsatisfied.target))
                .collect(Collectors.joining(", "));
    }

    /** The message of the innermost cause in SCR's text, which is a whole stack trace. */
    private static String reason(String trace) {
        List<String> heads = trace.lines()
                .filter(line -> !line.startsWith("\t") && !line.startsWith("    at "))
                .map(String::trim)
                .filter(line -> !line.isEmpty())
                .toList();
        String outer = heads.isEmpty() ? trace : heads.get(0);
        String inner = heads.size() < 2 ? outer : heads.get(1);
        String text =
                outer.contains("InvocationTargetException") || outer.contains("ComponentException") ? inner : outer;
        return text.replaceFirst("^Caused by: ", "").replaceFirst("^[\\w.$]+(Exception|Error): ", "");
    }

    /** Nothing is broken or failed; components may still wait for something that is optional in this feature. */
    boolean isRunning() {
        return broken.isEmpty() && failed.isEmpty();
    }

    List<String> all() {
        return Stream.of(broken, failed, waiting).flatMap(List::stream).toList();
    }
}
