package dev.perennial.local.states;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import tools.jackson.databind.JsonNode;

/** What the tests of the executor share: a clock that only waiting moves, and runs in one call. */
final class Machines implements AutoCloseable {
    static final String INVOKE = "arn:aws:states:::lambda:invoke";
    static final String PUT_ITEM = "arn:aws:states:::dynamodb:putItem";
    static final String UPDATE_ITEM = "arn:aws:states:::dynamodb:updateItem";
    static final String PUBLISH = "arn:aws:states:::sns:publish";
    static final String PUT_EVENTS = "arn:aws:states:::events:putEvents";
    static final Set<String> RESOURCES = Set.of(INVOKE, PUT_ITEM, UPDATE_ITEM, PUBLISH, PUT_EVENTS);

    interface Task {
        JsonNode run(TaskCall call) throws InterruptedException;
    }

    /**
     * Time that passes only when somebody waits, and then at once. A task's limit is never over.
     */
    static class Clock implements InstantSource, Waiting {
        private Instant now = Instant.parse("2026-01-31T12:00:00Z");
        final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());

        @Override
        public synchronized Instant instant() {
            return now;
        }

        @Override
        public synchronized void pause(Duration duration) throws InterruptedException {
            pauses.add(duration);
            now = now.plus(duration);
        }

        @Override
        public void allow(Duration limit) throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }

    final Clock clock;
    final List<ExecutionEvent> events = Collections.synchronizedList(new ArrayList<>());
    final Executions executions;
    private int created;

    private Machines(Clock clock, Task task) {
        this.clock = clock;
        this.executions =
                new Executions(
                        new Surroundings(
                                runner(task),
                                clock,
                                clock,
                                new Random(7),
                                (arn, event) -> events.add(event)));
    }

    static Machines with(Task task) {
        return new Machines(new Clock(), task);
    }

    static Machines with(Clock clock, Task task) {
        return new Machines(clock, task);
    }

    static Machines withoutTasks() {
        return with(call -> {
            throw new IllegalStateException("no task was expected: " + call);
        });
    }

    static TaskRunner runner(Task task) {
        return new TaskRunner() {
            @Override
            public Set<String> resources() {
                return RESOURCES;
            }

            @Override
            public JsonNode run(TaskCall call) throws InterruptedException {
                return task.run(call);
            }
        };
    }

    StateMachine create(String definition) {
        return create("m" + created++, definition);
    }

    StateMachine create(String name, String definition) {
        return executions.create(
                name, "arn:aws:iam::000000000000:role/r", executions.parse(definition));
    }

    Execution start(String definition, String input) {
        return executions.start(create(definition).arn(), Optional.empty(), input);
    }

    Execution run(String definition, String input) throws InterruptedException {
        return executions.await(start(definition, input).arn());
    }

    /**
     * A machine whose states are given as the members of its States object; the first one starts.
     */
    static String machine(String states) {
        String first = Json.parse("{" + states + "}").propertyNames().iterator().next();
        return "{\"QueryLanguage\":\"JSONata\",\"StartAt\":\"%s\",\"States\":{%s}}"
                .formatted(first, states);
    }

    static JsonNode output(Execution execution) {
        return execution
                .output()
                .orElseThrow(() ->
                        new AssertionError(
                                execution.status()
                                        + " "
                                        + execution.error()
                                        + " "
                                        + execution.cause()));
    }

    @Override
    public void close() {
        executions.close();
    }
}
