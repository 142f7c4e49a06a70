package dev.perennial.local.states;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import tools.jackson.databind.JsonNode;

/** Runs a task on a thread of its own, so that a timeout or a stop can interrupt it. */
final class TaskAttempt {
    private final TaskRunner runner;
    private final Waiting waiting;
    private final InstantSource clock;
    private final Activity activity;

    TaskAttempt(TaskRunner runner, Waiting waiting, InstantSource clock, Activity activity) {
        this.runner = runner;
        this.waiting = waiting;
        this.clock = clock;
        this.activity = activity;
    }

    /**
     * Returns or fails as soon as the limit is over, even if the runner does not heed the
     * interrupt. The limit counts from when the runner says that the work has begun.
     *
     * @throws StateFailure with the runner's error, or States.Timeout
     */
    JsonNode run(TaskCall call, Optional<Duration> limit)
            throws StateFailure, InterruptedException {
        CompletableFuture<JsonNode> result = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread worker = Thread.ofVirtual().start(() -> work(call, begun::countDown, result));
        Optional<Thread> timer =
                limit.map(d -> Thread.ofVirtual().start(() -> expire(call, d, begun, result)));
        try {
            return resultOf(result, call);
        } finally {
            worker.interrupt();
            timer.ifPresent(Thread::interrupt);
        }
    }

    /**
     * Makes the call, then waits for the token's answer, which may also come before the call
     * returns. A call that fails fails the attempt, unless the token was answered before; one that
     * goes on after the answer is given the rest of its time, because it may have more to do.
     *
     * @param heartbeat the longest silence between two signs of life
     * @throws StateFailure with the call's or the answer's error, States.Timeout or
     *     States.HeartbeatTimeout
     */
    JsonNode run(
            TaskCall call, TaskToken token, Optional<Duration> limit, Optional<Duration> heartbeat)
            throws StateFailure, InterruptedException {
        CompletableFuture<JsonNode> returned = new CompletableFuture<>();
        Optional<TimeLimit> whole = limit.map(d -> limit(d, token, returned, timeout(call, d)));
        Optional<TimeLimit> silence =
                heartbeat.map(d -> limit(d, token, returned, heartbeatTimeout(call, d)));
        silence.ifPresent(token::heartbeat);
        whole.ifPresent(TimeLimit::begin);
        silence.ifPresent(TimeLimit::begin);
        Thread worker = Thread.ofVirtual().start(() -> work(call, () -> {}, returned));
        try {
            try {
                returned.get();
            } catch (ExecutionException e) {
                token.answer().completeExceptionally(e.getCause());
            }
            activity.awaits(token.answer());
            return resultOf(token.answer(), call);
        } finally {
            worker.interrupt();
            whole.ifPresent(TimeLimit::close);
            silence.ifPresent(TimeLimit::close);
        }
    }

    private TimeLimit limit(
            Duration limit,
            TaskToken token,
            CompletableFuture<JsonNode> returned,
            StateFailure failure) {
        return new TimeLimit(
                limit,
                waiting,
                clock,
                () -> {
                    token.answer().completeExceptionally(failure);
                    returned.completeExceptionally(failure);
                });
    }

    private static JsonNode resultOf(CompletableFuture<JsonNode> result, TaskCall call)
            throws StateFailure, InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StateFailure failure) {
                throw failure;
            }
            throw new StateFailure(
                    StateFailure.RUNTIME,
                    "The runner of %s broke in state '%s': %s"
                            .formatted(call.resource(), call.state(), e.getCause()));
        }
    }

    private void work(TaskCall call, Runnable begun, CompletableFuture<JsonNode> result) {
        try {
            result.complete(runner.run(call, begun));
        } catch (TaskFailedException e) {
            result.completeExceptionally(new StateFailure(e.error(), e.causeText()));
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    private void expire(
            TaskCall call,
            Duration limit,
            CountDownLatch begun,
            CompletableFuture<JsonNode> result) {
        try {
            begun.await();
            waiting.allow(limit);
        } catch (InterruptedException e) {
            return; // the task was faster
        }
        result.completeExceptionally(timeout(call, limit));
    }

    private static StateFailure timeout(TaskCall call, Duration limit) {
        return new StateFailure(
                StateFailure.TIMEOUT,
                "State '%s' took longer than its TimeoutSeconds of %d"
                        .formatted(call.state(), limit.toSeconds()));
    }

    private static StateFailure heartbeatTimeout(TaskCall call, Duration limit) {
        return new StateFailure(
                StateFailure.HEARTBEAT_TIMEOUT,
                "State '%s' heard nothing of its token for longer than its HeartbeatSeconds of %d"
                        .formatted(call.state(), limit.toSeconds()));
    }
}
