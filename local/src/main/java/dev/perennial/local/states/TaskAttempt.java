package dev.perennial.local.states;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import tools.jackson.databind.JsonNode;

/** Runs a task on a thread of its own, so that a timeout or a stop can interrupt it. */
final class TaskAttempt {
    private final TaskRunner runner;
    private final Waiting waiting;

    TaskAttempt(TaskRunner runner, Waiting waiting) {
        this.runner = runner;
        this.waiting = waiting;
    }

    /**
     * Returns or fails as soon as the limit is over, even if the runner does not heed the
     * interrupt.
     *
     * @throws StateFailure with the runner's error, or States.Timeout
     */
    JsonNode run(TaskCall call, Optional<Duration> limit)
            throws StateFailure, InterruptedException {
        CompletableFuture<JsonNode> result = new CompletableFuture<>();
        Thread worker = Thread.ofVirtual().start(() -> work(call, result));
        Optional<Thread> timer =
                limit.map(d -> Thread.ofVirtual().start(() -> expire(call, d, result)));
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
        } finally {
            worker.interrupt();
            timer.ifPresent(Thread::interrupt);
        }
    }

    private void work(TaskCall call, CompletableFuture<JsonNode> result) {
        try {
            result.complete(runner.run(call));
        } catch (TaskFailedException e) {
            result.completeExceptionally(new StateFailure(e.error(), e.causeText()));
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    private void expire(TaskCall call, Duration limit, CompletableFuture<JsonNode> result) {
        try {
            waiting.allow(limit);
        } catch (InterruptedException e) {
            return; // the task was faster
        }
        result.completeExceptionally(
                new StateFailure(
                        StateFailure.TIMEOUT,
                        "State '%s' took longer than its TimeoutSeconds of %d"
                                .formatted(call.state(), limit.toSeconds())));
    }
}
