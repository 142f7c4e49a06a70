package dev.perennial.local.event;

import dev.perennial.core.json.Json;
import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.lambda.PayloadTooLargeException;
import dev.perennial.local.lambda.UnknownFunctionException;
import dev.perennial.local.template.AsynchronousPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.UUID;

/**
 * Events that functions are given without anybody waiting, as Lambda treats them: a failed one is
 * tried again one and then two minutes later, as often as the function's policy says; what still
 * fails goes to the dead-letter queue and the destination, or is lost and counted. One whose
 * function can't be run at all is tried again later and later until it is too old. Safe for use by
 * many threads.
 *
 * <p>Pending events outlive this process. One that it was just working on is tried again then.
 */
public final class AsynchronousInvocations implements AutoCloseable {
    private static final List<Duration> DELAYS =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(2));
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final int LONGEST_ERROR_MESSAGE = 1_024;

    private final Functions functions;
    private final Map<String, AsynchronousPolicy> policies = new HashMap<>();
    private final Queues queues;
    private final Incidents incidents;
    private final PendingJournal<Kept> journal;
    private final InstantSource clock;
    private final PriorityQueue<Pending> pending =
            new PriorityQueue<>(
                    Comparator.comparing(Pending::due).thenComparingLong(Pending::sequence));
    private long sequence;
    private volatile Runnable wake = () -> {};

    /** An event that waits for its next attempt. */
    private record Pending(
            long sequence, Kept kept, Instant due, Optional<Invocation.FunctionError> last) {
        String function() {
            return kept.function();
        }

        int attempts() {
            return kept.attempts();
        }

        byte[] payload() {
            return kept.event().getBytes(StandardCharsets.UTF_8);
        }

        Pending at(Instant due) {
            return new Pending(sequence, kept, due, last);
        }

        Pending again(Instant due, Invocation.FunctionError error) {
            return new Pending(
                    sequence,
                    new Kept(
                            kept.requestId(),
                            kept.function(),
                            kept.event(),
                            kept.accepted(),
                            kept.attempts() + 1),
                    due,
                    Optional.of(error));
        }
    }

    /** What outlives this process of it. */
    private record Kept(
            String requestId, String function, String event, Instant accepted, int attempts) {}

    /**
     * Starts with what was pending when an earlier one ended; it is due at once.
     *
     * @param file where pending events are kept
     */
    public AsynchronousInvocations(
            Functions functions,
            List<AsynchronousPolicy> policies,
            Queues queues,
            Incidents incidents,
            Path file,
            InstantSource clock) {
        this.functions = functions;
        policies.forEach(policy -> this.policies.put(policy.function(), policy));
        this.queues = queues;
        this.incidents = incidents;
        this.journal = new PendingJournal<>(file, Kept.class, incidents);
        this.clock = clock;
        synchronized (pending) {
            journal.all().values().forEach(this::pend);
        }
    }

    private void pend(Kept event) {
        pending.add(new Pending(sequence++, event, clock.instant(), Optional.empty()));
    }

    /** Calls this whenever there is a new event to work on. */
    public void onArrival(Runnable wake) {
        this.wake = wake;
    }

    /** Accepts an event; it is due at once. */
    public void submit(String function, byte[] event) {
        Instant now = clock.instant();
        synchronized (pending) {
            String requestId =
                    UUID.nameUUIDFromBytes(
                                    "%s %s %d"
                                            .formatted(function, now, sequence)
                                            .getBytes(StandardCharsets.UTF_8))
                            .toString();
            Kept accepted =
                    new Kept(
                            requestId, function, new String(event, StandardCharsets.UTF_8), now, 0);
            journal.keep(requestId, accepted);
            pend(accepted);
        }
        wake.run();
    }

    /** When the next attempt is due. */
    public Optional<Instant> due() {
        synchronized (pending) {
            return Optional.ofNullable(pending.peek()).map(Pending::due);
        }
    }

    /**
     * Makes the attempt that has been due longest.
     *
     * @return whether there was one
     */
    public boolean attempt() throws InterruptedException {
        Optional<Runnable> one = take();
        one.ifPresent(Runnable::run);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return one.isPresent();
    }

    /** The attempt that has been due longest, to be run by the caller on a thread of its choice. */
    public Optional<Runnable> take() {
        synchronized (pending) {
            Pending next = pending.peek();
            Instant now = clock.instant();
            if (next == null || (next.due().isAfter(now) && !isSetBack(now, next.due()))) {
                return Optional.empty();
            }
            pending.poll();
            return Optional.of(() -> attempt(next));
        }
    }

    /** Whether the clock was set back since: nothing is ever planned that far ahead. */
    private static boolean isSetBack(Instant now, Instant due) {
        return due.isAfter(now.plus(LONGEST_PAUSE));
    }

    private void attempt(Pending event) {
        AsynchronousPolicy policy =
                policies.getOrDefault(
                        event.function(), AsynchronousPolicy.standard(event.function()));
        if (clock.instant().isAfter(event.kept().accepted().plus(policy.maximumAge()))) {
            giveUp(event, policy, "EventAgeExceeded");
            return;
        }
        Invocation invocation;
        try {
            invocation = functions.invoke(event.function(), event.payload());
        } catch (InterruptedException stopped) {
            add(event);
            Thread.currentThread().interrupt();
            return;
        } catch (UnknownFunctionException | PayloadTooLargeException never) {
            incidents.lost(
                    "event of " + event.function(),
                    "it can't be run here: " + never.getMessage(),
                    event.kept().event());
            journal.remove(event.kept().requestId());
            throw never;
        } catch (RuntimeException fault) { // no process can be started, or no log written
            Instant due = dueAfterFault(event.kept());
            add(event.at(due));
            incidents.failed(
                    "event of " + event.function(),
                    "it can't be run now, tried again at %s: %s".formatted(due, fault));
            return;
        }
        if (invocation instanceof Invocation.FunctionError error) {
            Instant now = clock.instant();
            if (event.attempts() >= policy.retries()) {
                giveUp(event.again(now, error), policy, "RetriesExhausted");
            } else {
                Duration delay = DELAYS.get(Math.min(event.attempts(), DELAYS.size() - 1));
                Pending again = event.again(now.plus(delay), error);
                add(again);
                journal.keep(again.kept().requestId(), again.kept());
            }
        } else {
            journal.remove(event.kept().requestId());
        }
    }

    /**
     * As long again as the event has waited, so that the pauses double from a second to five
     * minutes. Source: Lambda Developer Guide, "Error handling for asynchronous invocation", on
     * throttles and system errors.
     */
    private Instant dueAfterFault(Kept event) {
        Instant now = clock.instant();
        Duration waited = Duration.between(event.accepted(), now);
        Duration pause = Collections.max(List.of(waited, SHORTEST_PAUSE));
        return now.plus(Collections.min(List.of(pause, LONGEST_PAUSE)));
    }

    private void add(Pending event) {
        synchronized (pending) {
            pending.add(event);
        }
        wake.run();
    }

    private void giveUp(Pending event, AsynchronousPolicy policy, String condition) {
        try {
            putAside(event, policy, condition);
            journal.remove(event.kept().requestId());
        } catch (RuntimeException broken) { // a full disk, or this process is about to end
            incidents.failed(
                    "event of " + event.function(),
                    "%s, and its queue doesn't take it, so the next start tries again: %s"
                            .formatted(condition, broken));
        }
    }

    private void putAside(Pending event, AsynchronousPolicy policy, String condition) {
        policy.deadLetterQueue()
                .ifPresent(queue ->
                        queues.send(queue, event.kept().event(), deadLetterAttributes(event)));
        policy.onFailure()
                .ifPresent(queue ->
                        queues.send(
                                queue,
                                new String(
                                        Json.write(record(event, condition)),
                                        StandardCharsets.UTF_8),
                                Map.of()));
        if (policy.deadLetterQueue().isEmpty() && policy.onFailure().isEmpty()) {
            incidents.lost(
                    "event of " + event.function(),
                    "%s after %d attempts: %s"
                            .formatted(
                                    condition,
                                    event.attempts(),
                                    event.last()
                                            .map(Invocation.FunctionError::errorType)
                                            .orElse("never attempted")),
                    event.kept().event());
        }
    }

    private static Map<String, Queues.Attribute> deadLetterAttributes(Pending event) {
        String message = event.last().map(Invocation.FunctionError::errorMessage).orElse("");
        Map<String, Queues.Attribute> attributes = new LinkedHashMap<>();
        attributes.put("RequestID", new Queues.Attribute("String", event.kept().requestId()));
        attributes.put("ErrorCode", new Queues.Attribute("Number", "200"));
        if (!message.isEmpty()) { // SQS refuses an empty attribute
            attributes.put(
                    "ErrorMessage",
                    new Queues.Attribute(
                            "String",
                            message.substring(
                                    0, Math.min(message.length(), LONGEST_ERROR_MESSAGE))));
        }
        return attributes;
    }

    /** Lambda's record of an asynchronous invocation, version 1.0. */
    private Map<String, Object> record(Pending event, String condition) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("version", "1.0");
        record.put("timestamp", clock.instant().toString());
        record.put(
                "requestContext",
                Map.of(
                        "requestId",
                        event.kept().requestId(),
                        "functionArn",
                        event.function() + ":$LATEST",
                        "condition",
                        condition,
                        "approximateInvokeCount",
                        event.attempts()));
        record.put("requestPayload", Json.tree("event of " + event.function(), event.payload()));
        event.last()
                .ifPresent(error -> {
                    record.put(
                            "responseContext",
                            Map.of(
                                    "statusCode",
                                    200,
                                    "executedVersion",
                                    "$LATEST",
                                    "functionError",
                                    "Unhandled"));
                    record.put(
                            "responsePayload",
                            Json.tree("error of " + event.function(), error.body()));
                });
        return record;
    }

    /** Pending events are kept. */
    @Override
    public void close() {
        journal.close();
    }
}
