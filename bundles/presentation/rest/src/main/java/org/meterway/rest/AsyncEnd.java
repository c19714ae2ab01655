// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/** Runs something when an asynchronous call ends by time-out or error. */
final class AsyncEnd implements AsyncListener {
    private final Runnable end;

    AsyncEnd(Runnable end) {
        this.end = end;
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        end.run();
    }

    @Override
    public void onError(AsyncEvent event) {
        end.run();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        // ended in order
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // nobody starts it again
    }
}
