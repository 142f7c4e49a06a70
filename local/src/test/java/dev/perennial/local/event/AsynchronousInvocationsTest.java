package dev.perennial.local.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.lambda.InvocationReport;
import dev.perennial.local.lambda.UnknownFunctionException;
import dev.perennial.local.template.AsynchronousPolicy;
import dev.perennial.local.time.SimulatedClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AsynchronousInvocationsTest {
    private static final Instant START = Instant.parse("2024-05-01T12:00:00Z");
    private static final byte[] EVENT = "{\"n\":1}".getBytes(StandardCharsets.UTF_8);

    @TempDir Path folder;
    private final SimulatedClock clock = new SimulatedClock(START);
    private final List<String> attempts = new ArrayList<>();
    private final Map<String, String> sent = new LinkedHashMap<>();
    private Map<String, Queues.Attribute> attributes = Map.of();
    private int failures = Integer.MAX_VALUE;
    private Optional<RuntimeException> fault = Optional.empty();
    private boolean queueIsDown;

    private Incidents incidents;

    private AsynchronousInvocations invocations(AsynchronousPolicy... policies) {
        incidents = new Incidents(folder.resolve("incidents.jsonl"), clock);
        return new AsynchronousInvocations(
                (_, _) -> {
                    attempts.add(clock.instant().toString().substring(11, 19));
                    fault.ifPresent(each -> {
                        throw each;
                    });
                    InvocationReport report = new InvocationReport("r", 1, 1, 0, 128, 0);
                    return attempts.size() > failures
                            ? new Invocation.Returned(
                                    "null".getBytes(StandardCharsets.UTF_8), report)
                            : new Invocation.FunctionError(
                                    "demo.Broken",
                                    "no äpfel",
                                    Json.write(Map.of("errorType", "demo.Broken")),
                                    report);
                },
                List.of(policies),
                (queue, body, with) -> {
                    if (queueIsDown) {
                        throw new IllegalStateException("down");
                    }
                    sent.put(queue, body);
                    if (!with.isEmpty()) {
                        attributes = with;
                    }
                },
                incidents,
                folder.resolve("pending"),
                clock);
    }

    private void pass(AsynchronousInvocations invocations, Duration time)
            throws InterruptedException {
        Instant end = clock.instant().plus(time);
        for (Optional<Instant> due = invocations.due();
                due.isPresent() && !due.get().isAfter(end);
                due = invocations.due()) {
            clock.advanceTo(due.get());
            invocations.attempt();
        }
        clock.advanceTo(end);
    }

    @Test
    void failedEvent_isTriedAgainAfterOneAndTwoMinutes_thenLostAndCounted() throws Exception {
        AsynchronousInvocations invocations = invocations();
        invocations.submit("arn:f", EVENT);
        pass(invocations, Duration.ofHours(1));

        assertEquals(List.of("12:00:00", "12:01:00", "12:03:00"), attempts);
        assertEquals(1, incidents.lost());
        JsonNode line =
                Json.tree("incident", Files.readAllBytes(folder.resolve("incidents.jsonl")));
        assertEquals("{\"n\":1}", line.path("content").asString(""));
        assertTrue(line.path("why").asString("").contains("RetriesExhausted after 3 attempts"));
    }

    @Test
    void eventThatSucceedsOnRetry_isDone() throws Exception {
        AsynchronousInvocations invocations = invocations();
        failures = 1;
        invocations.submit("arn:f", EVENT);
        pass(invocations, Duration.ofHours(1));

        assertEquals(2, attempts.size());
        assertEquals(0, incidents.lost());
    }

    @Test
    void exhaustedEvent_goesToDestinationAndDeadLetterQueue() throws Exception {
        AsynchronousInvocations invocations =
                invocations(
                        new AsynchronousPolicy(
                                "arn:f",
                                1,
                                Duration.ofHours(6),
                                Optional.of("arn:failures"),
                                Optional.of("arn:dead")));
        invocations.submit("arn:f", EVENT);
        pass(invocations, Duration.ofHours(1));

        assertEquals(2, attempts.size());
        assertEquals(0, incidents.lost());
        assertEquals("{\"n\":1}", sent.get("arn:dead"));
        assertEquals("200", attributes.get("ErrorCode").value());
        assertEquals("no äpfel", attributes.get("ErrorMessage").value());
        JsonNode record =
                Json.tree("record", sent.get("arn:failures").getBytes(StandardCharsets.UTF_8));
        assertEquals("1.0", record.path("version").asString(""));
        assertEquals("2024-05-01T12:01:00Z", record.path("timestamp").asString(""));
        assertEquals(
                "RetriesExhausted", record.path("requestContext").path("condition").asString(""));
        assertEquals(2, record.path("requestContext").path("approximateInvokeCount").asInt());
        assertEquals(1, record.path("requestPayload").path("n").asInt());
        assertEquals(
                "Unhandled", record.path("responseContext").path("functionError").asString(""));
        assertEquals("demo.Broken", record.path("responsePayload").path("errorType").asString(""));
    }

    @Test
    void eventThatGrowsTooOld_isGivenUp() throws Exception {
        AsynchronousInvocations invocations =
                invocations(
                        new AsynchronousPolicy(
                                "arn:f",
                                2,
                                Duration.ofSeconds(90),
                                Optional.of("arn:failures"),
                                Optional.empty()));
        invocations.submit("arn:f", EVENT);
        pass(invocations, Duration.ofHours(1));

        assertEquals(2, attempts.size());
        assertTrue(sent.get("arn:failures").contains("EventAgeExceeded"));
    }

    @Test
    void pendingEvents_outliveTheProcess_withTheirAttempts() throws InterruptedException {
        failures = 2;
        AsynchronousInvocations killed = invocations();
        killed.submit("arn:f", EVENT);
        killed.attempt();

        AsynchronousInvocations next = invocations();
        pass(next, Duration.ofHours(1));

        // At once after the restart, and then as after a second failure.
        assertEquals(List.of("12:00:00", "12:00:00", "12:02:00"), attempts);
        assertEquals(0, incidents.lost());
        assertEquals(0, PendingJournal.count(folder.resolve("pending")));
    }

    @Test
    void eventWhoseQueueIsDown_isKeptForTheNextStart() throws InterruptedException {
        AsynchronousPolicy policy =
                new AsynchronousPolicy(
                        "arn:f",
                        0,
                        Duration.ofHours(6),
                        Optional.empty(),
                        Optional.of("arn:failures"));
        queueIsDown = true;
        AsynchronousInvocations first = invocations(policy);
        first.submit("arn:f", EVENT);
        pass(first, Duration.ofMinutes(1));
        assertEquals(0, incidents.lost());
        assertEquals(1, incidents.failures());

        queueIsDown = false;
        pass(invocations(policy), Duration.ofMinutes(1));

        assertEquals(Set.of("arn:failures"), sent.keySet());
        assertEquals(0, PendingJournal.count(folder.resolve("pending")));
    }

    @Test
    void eventThatIsPutAsideOrLost_isNoLongerKept() throws InterruptedException {
        AsynchronousInvocations invocations =
                invocations(
                        new AsynchronousPolicy(
                                "arn:aside",
                                0,
                                Duration.ofHours(6),
                                Optional.empty(),
                                Optional.of("arn:failures")));
        invocations.submit("arn:aside", EVENT);
        invocations.submit("arn:lost", EVENT);

        pass(invocations, Duration.ofHours(1));

        assertEquals(1, incidents.lost());
        assertEquals(0, PendingJournal.count(folder.resolve("pending")));
    }

    private static RuntimeException noProcess() {
        return new UncheckedIOException("F can't run", new IOException("no memory"));
    }

    @Test
    void functionThatCannotBeRun_isTriedAgainLaterAndLater_withoutCounting() throws Exception {
        AsynchronousInvocations invocations = invocations();
        fault = Optional.of(noProcess());
        invocations.submit("arn:f", EVENT);
        pass(invocations, Duration.ofSeconds(10));
        assertEquals(List.of("12:00:00", "12:00:01", "12:00:02", "12:00:04", "12:00:08"), attempts);
        assertEquals(5, incidents.failures());
        assertEquals(1, PendingJournal.count(folder.resolve("pending")));

        fault = Optional.empty();
        pass(invocations, Duration.ofHours(1));

        // As after any first failure.
        assertEquals(
                List.of("12:00:16", "12:01:16", "12:03:16"), attempts.subList(5, attempts.size()));
    }

    @Test
    void functionThatCanNeverBeRun_isTriedEachFiveMinutes_untilTheEventIsTooOld() throws Exception {
        AsynchronousInvocations invocations = invocations();
        fault = Optional.of(noProcess());
        invocations.submit("arn:f", EVENT);

        pass(invocations, Duration.ofHours(7));

        assertEquals(
                List.of("17:48:32", "17:53:32", "17:58:32"),
                attempts.subList(attempts.size() - 3, attempts.size()));
        assertEquals(1, incidents.lost());
        assertEquals(0, PendingJournal.count(folder.resolve("pending")));
    }

    /** What can't be run may be so for a full disk, on which no incident can be kept either. */
    @Test
    void functionThatCannotBeRun_isTriedAgain_thoughNoIncidentCanBeKept() throws Exception {
        Files.createSymbolicLink(folder.resolve("incidents.jsonl"), Path.of("/dev/full"));
        AsynchronousInvocations invocations = invocations();
        fault = Optional.of(noProcess());
        invocations.submit("arn:f", EVENT);

        pass(invocations, Duration.ofSeconds(1));

        assertEquals(2, attempts.size());
        assertEquals(2, incidents.failures());
    }

    @Test
    void unknownFunction_losesTheEventAtOnce() {
        AsynchronousInvocations invocations = invocations();
        fault = Optional.of(new UnknownFunctionException("f", List.of("g")));
        invocations.submit("arn:f", EVENT);

        assertThrows(UnknownFunctionException.class, invocations::attempt);

        assertEquals(1, incidents.lost());
        assertEquals(Optional.empty(), invocations.due());
        assertEquals(0, PendingJournal.count(folder.resolve("pending")));
    }

    @Test
    void clockThatIsSetBack_doesNotDelayARetry() throws Exception {
        Instant[] now = {START};
        AsynchronousInvocations invocations =
                new AsynchronousInvocations(
                        (_, _) -> {
                            attempts.add("one");
                            throw noProcess();
                        },
                        List.of(),
                        (_, _, _) -> {},
                        new Incidents(folder.resolve("incidents.jsonl"), clock),
                        folder.resolve("pending"),
                        () -> now[0]);
        invocations.submit("arn:f", EVENT);
        assertTrue(invocations.attempt());
        assertFalse(invocations.attempt());

        now[0] = START.minus(Duration.ofHours(1));

        assertTrue(invocations.attempt());
        assertFalse(invocations.attempt());
        assertEquals(2, attempts.size());
    }
}
