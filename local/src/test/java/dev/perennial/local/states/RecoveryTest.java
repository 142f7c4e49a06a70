package dev.perennial.local.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class RecoveryTest {
    private static JsonNode fail(String error) {
        throw new TaskFailedException(error, "because");
    }

    private static String task(String more) {
        return Machines.machine(
                """
                "T": {"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",%s,"End":true},
                "C": {"Type":"Pass","Output":{"caught":"{%% $states.input %%}"},"End":true}
                """
                        .formatted(
                                more
                                        + ",\"Catch\":[{\"ErrorEquals\":[\"Caught\",\"States.Timeout\"],\"Next\":\"C\"}]"));
    }

    @Test
    void retry_waitsLongerEachTime_upToItsMaximum() throws InterruptedException {
        try (Machines machines = Machines.with(call -> fail("Passing"))) {
            Execution execution =
                    machines.run(
                            task(
                                    """
                                    "Retry":[{"ErrorEquals":["Passing"],"IntervalSeconds":2,"BackoffRate":3,
                                              "MaxAttempts":4,"MaxDelaySeconds":20}]
                                    """),
                            "{}");

            assertEquals(
                    List.of(2, 6, 18, 20),
                    machines.clock.pauses.stream().map(d -> (int) d.toSeconds()).toList());
            assertEquals(Optional.of("Passing"), execution.error());
        }
    }

    @Test
    void retry_countsEachRetrierOnItsOwn_andTellsTheRunner() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        StringBuilder seen = new StringBuilder();
        try (Machines machines =
                Machines.with(call -> {
                    seen.append(call.retryCount());
                    return switch (calls.getAndIncrement()) {
                        case 0, 2 -> fail("A");
                        case 1 -> fail("B");
                        default -> Json.parse("\"done\"");
                    };
                })) {
            Execution execution =
                    machines.run(
                            task(
                                    """
                                    "Retry":[{"ErrorEquals":["A"],"MaxAttempts":2},{"ErrorEquals":["States.ALL"],"MaxAttempts":1}]
                                    """),
                            "{}");

            assertEquals("\"done\"", Json.write(Machines.output(execution)));
            assertEquals("0123", seen.toString());
        }
    }

    @Test
    void retry_withMaxAttemptsZero_goesToCatchAtOnce() throws InterruptedException {
        try (Machines machines = Machines.with(call -> fail("Caught"))) {
            Execution execution =
                    machines.run(
                            task(
                                    "\"Retry\":[{\"ErrorEquals\":[\"States.ALL\"],\"MaxAttempts\":0}]"),
                            "{}");

            assertEquals(
                    "{\"caught\":{\"Error\":\"Caught\",\"Cause\":\"because\"}}",
                    Json.write(Machines.output(execution)));
            assertEquals(List.of(), machines.clock.pauses);
        }
    }

    @Test
    void fullJitter_staysBelowTheDelay_andSpreads() {
        Retrier retrier =
                new Retrier(List.of("E"), Duration.ofSeconds(2), 6, 2, Optional.empty(), true);
        Random random = new Random(3);

        List<Long> drawn =
                java.util.stream.IntStream.range(0, 1000)
                        .mapToObj(i -> retrier.delay(3, random).toMillis())
                        .toList();

        assertTrue(drawn.stream().allMatch(ms -> ms >= 0 && ms <= 8000), drawn::toString);
        double mean = drawn.stream().mapToLong(Long::longValue).average().orElse(0);
        assertEquals(4000, mean, 300); // uniform on [0, 8000]: standard error of the mean is 73
    }

    @ParameterizedTest
    @CsvSource({
        "States.ALL, Anything, true",
        "States.ALL, States.Timeout, true",
        "States.ALL, States.DataLimitExceeded, false",
        "States.ALL, States.Runtime, false",
        "States.TaskFailed, Anything, true",
        "States.TaskFailed, States.Timeout, false",
        "States.Timeout, States.HeartbeatTimeout, true",
        "States.HeartbeatTimeout, States.Timeout, false",
        "States.TaskFailed, States.HeartbeatTimeout, true",
        "States.DataLimitExceeded, States.DataLimitExceeded, true",
        "States.Runtime, States.Runtime, false",
        "Some, Some, true",
        "Some, some, false",
    })
    void errorEquals_coversWhatAwsSays(String errorEquals, String error, boolean covered) {
        assertEquals(covered, ErrorNames.cover(List.of(errorEquals), error));
    }

    @Test
    void task_longerThanItsTimeout_isInterruptedAndCaughtAsTimeout() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        Machines.Clock impatient =
                new Machines.Clock() {
                    @Override
                    public void allow(Duration limit) {
                        assertEquals(Duration.ofSeconds(7), limit);
                    }
                };
        try (Machines machines =
                Machines.with(
                        impatient,
                        call -> {
                            try {
                                new CountDownLatch(1).await();
                            } finally {
                                interrupted.countDown();
                            }
                            return Json.parse("1");
                        })) {
            Execution execution = machines.run(task("\"TimeoutSeconds\":\"{% 3 + 4 %}\""), "{}");

            interrupted.await();
            assertEquals(
                    "States.Timeout", Machines.output(execution).at("/caught/Error").stringValue());
        }
    }

    @Test
    void execution_longerThanItsTimeout_endsTimedOut() throws InterruptedException {
        Machines.Clock impatient =
                new Machines.Clock() {
                    @Override
                    public void allow(Duration limit) {}
                };
        try (Machines machines =
                Machines.with(
                        impatient,
                        call -> {
                            new CountDownLatch(1).await();
                            return Json.parse("1");
                        })) {
            Execution execution =
                    machines.run(
                            "{\"TimeoutSeconds\":5," + Machines.machine(BLOCKING).substring(1),
                            "{}");

            assertEquals(ExecutionStatus.TIMED_OUT, execution.status());
        }
    }

    private static final String BLOCKING =
            "\"T\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::lambda:invoke\",\"End\":true}";

    @Test
    void runner_thatBreaks_failsTheExecution_pastEveryCatch() throws InterruptedException {
        try (Machines machines =
                Machines.with(call -> {
                    throw new IllegalStateException("a bug");
                })) {
            Execution execution =
                    machines.run(task("\"Retry\":[{\"ErrorEquals\":[\"States.ALL\"]}]"), "{}");

            assertEquals(Optional.of("States.Runtime"), execution.error());
            assertTrue(execution.cause().orElse("").contains("a bug"));
        }
    }

    @Test
    void result_overTheLimit_isDataLimitExceeded_caughtOnlyByName() throws InterruptedException {
        // 87,382 euro signs: fewer characters than the limit, but 3 bytes each.
        JsonNode large = Json.NODES.stringNode("€".repeat(87_382));
        try (Machines machines = Machines.with(call -> large)) {
            String all =
                    "\"T\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::lambda:invoke\",\"End\":true,"
                            + "\"Catch\":[{\"ErrorEquals\":[\"%s\"],\"Next\":\"C\"}]},"
                            + "\"C\":{\"Type\":\"Pass\",\"Output\":\"caught\",\"End\":true}";

            Execution wild = machines.run(Machines.machine(all.formatted("States.ALL")), "{}");
            Execution named =
                    machines.run(Machines.machine(all.formatted("States.DataLimitExceeded")), "{}");

            assertEquals(Optional.of("States.DataLimitExceeded"), wild.error());
            assertEquals("\"caught\"", Json.write(Machines.output(named)));
        }
    }

    @Test
    void result_atTheLimit_passesUnharmed() throws InterruptedException {
        JsonNode full =
                Json.NODES.stringNode(
                        "😀"
                                + "€".repeat(87_376)
                                + "ab\u0001"); // 4 + 3n + 2 + 6 escaped + 2 quotes
        int length = Json.utf8Length(full);
        try (Machines machines = Machines.with(call -> full)) {
            Execution execution = machines.run(Machines.machine(BLOCKING), "{}");

            assertTrue(length <= 262_144 && length > 262_140, "length " + length);
            assertEquals(full, Machines.output(execution));
        }
    }
}
