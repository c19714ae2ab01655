// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** What to do, at which meters, when and by when. Immutable; made by {@link #builder} or changed by {@link #toBuilder}. */
public final class Plan {
    private final Builder fields;

    private Plan(Builder fields) {
        this.fields = new Builder(fields);
        this.fields.check();
    }

    /** Starts a plan: priority 5, deadline 15 min, window 1 h, catching up with the latest, not paused, not approved. */
    public static Builder builder(String id) {
        return new Builder(id);
    }

    /** A builder that starts from this plan. */
    public Builder toBuilder() {
        return new Builder(fields);
    }

    /** Unique, 1–64 characters of {@code A-Z a-z 0-9 . _ -}. */
    public String id() {
        return fields.id;
    }

    /** Grows by one with every change, from 1; 0 for a plan that is not kept yet. */
    public int version() {
        return fields.version;
    }

    /** For people, at most 200 characters. */
    public String title() {
        return fields.title;
    }

    public Action action() {
        return fields.action;
    }

    public Selector selector() {
        return fields.selector;
    }

    public Trigger trigger() {
        return fields.trigger;
    }

    /** How long after the due time an order may be done and still count as in time; at least 1 s. */
    public Duration deadline() {
        return fields.deadline;
    }

    /** How long after the due time the work may be carried out; at least the deadline, at most 31 days. */
    public Duration window() {
        return fields.window;
    }

    /** 0–9, 9 the most urgent. */
    public int priority() {
        return fields.priority;
    }

    public Retry retry() {
        return fields.retry;
    }

    public CatchUp catchUp() {
        return fields.catchUp;
    }

    /** Whether no new orders become due. What is under way goes on. */
    public boolean paused() {
        return fields.paused;
    }

    /** Whether somebody has approved what needs approval: to disconnect many customers. */
    public boolean approved() {
        return fields.approved;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Plan plan && fields.version == plan.fields.version && sameWork(plan);
    }

    /** Whether only the versions differ, if anything. */
    public boolean sameWork(Plan other) {
        return fields.same(other.fields);
    }

    @Override
    public int hashCode() {
        return fields.id.hashCode();
    }

    @Override
    public String toString() {
        return "Plan " + fields.id + " version " + fields.version;
    }

    /** Collects the fields of a {@link Plan}. Not thread-safe. */
    public static final class Builder {
        private final String id;
        private int version;
        private String title = "";
        private Action action = new Action.ReadRegisters(java.util.List.of());
        private Selector selector = Selector.all();
        private Trigger trigger = new Trigger.Every(Duration.ofHours(1), Duration.ZERO);
        private Duration deadline = Duration.ofMinutes(15);
        private Duration window = Duration.ofHours(1);
        private int priority = 5;
        private Retry retry = Retry.DEFAULT;
        private CatchUp catchUp = CatchUp.LATEST;
        private boolean paused;
        private boolean approved;

        private Builder(String id) {
            this.id = requireNonNull(id, "id");
        }

        private Builder(Builder other) {
            this(other.id);
            version = other.version;
            title = other.title;
            action = other.action;
            selector = other.selector;
            trigger = other.trigger;
            deadline = other.deadline;
            window = other.window;
            priority = other.priority;
            retry = other.retry;
            catchUp = other.catchUp;
            paused = other.paused;
            approved = other.approved;
        }

        public Builder version(int number) {
            this.version = number;
            return this;
        }

        public Builder title(String text) {
            this.title = requireNonNull(text, "title");
            return this;
        }

        public Builder action(Action what) {
            this.action = requireNonNull(what, "action");
            return this;
        }

        public Builder selector(Selector whom) {
            this.selector = requireNonNull(whom, "selector");
            return this;
        }

        public Builder trigger(Trigger when) {
            this.trigger = requireNonNull(when, "trigger");
            return this;
        }

        public Builder deadline(Duration afterDue) {
            this.deadline = requireNonNull(afterDue, "deadline");
            return this;
        }

        public Builder window(Duration afterDue) {
            this.window = requireNonNull(afterDue, "window");
            return this;
        }

        public Builder priority(int urgency) {
            this.priority = urgency;
            return this;
        }

        public Builder retry(Retry policy) {
            this.retry = requireNonNull(policy, "retry");
            return this;
        }

        public Builder catchUp(CatchUp rule) {
            this.catchUp = requireNonNull(rule, "catchUp");
            return this;
        }

        public Builder paused(boolean now) {
            this.paused = now;
            return this;
        }

        public Builder approved(boolean now) {
            this.approved = now;
            return this;
        }

        /** @throws IllegalArgumentException naming the field that is wrong */
        public Plan build() {
            return new Plan(this);
        }

        private void check() {
            if (!id.matches("[A-Za-z0-9._-]{1,64}")) {
                throw new IllegalArgumentException("id must be 1–64 characters of A-Z a-z 0-9 . _ -, was '" + id + "'");
            }
            if (title.length() > 200) {
                throw new IllegalArgumentException("title must be at most 200 characters, was " + title.length());
            }
            if (deadline.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("deadline must be at least 1 s, was " + deadline);
            }
            if (window.compareTo(deadline) < 0) {
                throw new IllegalArgumentException("window must be at least as long as deadline (" + deadline
                        + "), was " + window + ": orders would expire before they are late");
            }
            if (window.compareTo(Duration.ofDays(31)) > 0) {
                throw new IllegalArgumentException("window must be at most 31 days, was " + window);
            }
            if (priority < 0 || priority > 9) {
                throw new IllegalArgumentException("priority must be 0–9, 9 the most urgent, was " + priority);
            }
        }

        private boolean same(Builder other) {
            return id.equals(other.id)
                    && title.equals(other.title)
                    && action.equals(other.action)
                    && selector.equals(other.selector)
                    && trigger.equals(other.trigger)
                    && deadline.equals(other.deadline)
                    && window.equals(other.window)
                    && priority == other.priority
                    && retry.equals(other.retry)
                    && catchUp == other.catchUp
                    && paused == other.paused
                    && approved == other.approved;
        }
    }
}
