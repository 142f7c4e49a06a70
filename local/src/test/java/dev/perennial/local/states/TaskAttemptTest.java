package dev.perennial.local.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TaskAttemptTest {
    private static final TaskCall CALL =
            new TaskCall("arn:aws:states:::lambda:invoke", Json.parse("{}"), "arn", "Train", 0);
    private static final JsonNode RESULT = Json.parse("{\"a\":1}");

    /** How long a timer that began too early has to be noticed. */
    private static final long MILLIS = 200;

    private final CountDownLatch measured = new CountDownLatch(1);

    /** A task's time is over as soon as it is measured. */
    private final Waiting none =
            new Waiting() {
                @Override
                public void pause(Duration duration) {}

                @Override
                public void allow(Duration limit) {
                    measured.countDown();
                }
            };

    private interface Work {
        JsonNode run(Runnable begun) throws InterruptedException;
    }

    private JsonNode attempt(Work work) throws StateFailure, InterruptedException {
        TaskRunner runner =
                new TaskRunner() {
                    @Override
                    public Set<String> resources() {
                        return Set.of(CALL.resource());
                    }

                    @Override
                    public JsonNode run(TaskCall call) throws InterruptedException {
                        return run(call, () -> {});
                    }

                    @Override
                    public JsonNode run(TaskCall call, Runnable begun) throws InterruptedException {
                        return work.run(begun);
                    }
                };
        return new TaskAttempt(runner, none, InstantSource.system(), new Activity())
                .run(CALL, Optional.of(Duration.ofSeconds(10)));
    }

    @Test
    void workThatHasNotBegun_usesUpNoTime() throws Exception {
        JsonNode result =
                attempt(_ -> {
                    assertEquals(false, measured.await(MILLIS, TimeUnit.MILLISECONDS));
                    return RESULT;
                });

        assertEquals(RESULT, result);
    }

    @Test
    void workThatHasBegun_runsIntoItsLimit() {
        StateFailure failure =
                assertThrows(
                        StateFailure.class,
                        () ->
                                attempt(begun -> {
                                    begun.run();
                                    new CountDownLatch(1).await();
                                    return RESULT;
                                }));

        assertEquals("States.Timeout", failure.error());
    }
}
