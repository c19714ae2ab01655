// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import org.meterway.api.store.ReadingStore;
import org.osgi.framework.BundleContext;
import org.osgi.util.converter.Converters;

/** The embedded store in a folder, started and stopped as the framework does it: nothing of its bundle is exported. */
final class DerbyFolder implements AutoCloseable {
    final ReadingStore store;

    DerbyFolder(Path data) throws ReflectiveOperationException {
        Constructor<?> constructor =
                Class.forName("org.meterway.store.derby.DerbyStore").getConstructors()[0];
        Object context = Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> method.getName().equals("getProperty") ? data.toString() : null);
        Object config =
                Converters.standardConverter().convert(Map.of()).to(constructor.getParameterTypes()[1]);
        store = (ReadingStore) constructor.newInstance(context, config);
    }

    @Override
    public void close() throws ReflectiveOperationException {
        for (Method method : store.getClass().getDeclaredMethods()) {
            if (method.getName().equals("deactivate") || method.getName().equals("close")) {
                method.setAccessible(true);
                method.invoke(store);
                return;
            }
        }
        throw new NoSuchMethodException("how is the store stopped?");
    }
}
