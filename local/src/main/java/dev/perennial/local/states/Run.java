package dev.perennial.local.states;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One execution, from its start to its end. */
final class Run {
    /** How an execution ended. */
    private record Outcome(
            ExecutionStatus status,
            Optional<JsonNode> output,
            Optional<String> error,
            Optional<String> cause) {}

    private final Surroundings surroundings;
    private final TaskTokens tokens;
    private final ExecutionFacts facts;
    private final Journal journal;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Activity activity = new Activity();
    private @Nullable Outcome outcome;
    private @Nullable Instant stopped;

    Run(Surroundings surroundings, TaskTokens tokens, ExecutionFacts facts) {
        this.surroundings = surroundings;
        this.tokens = tokens;
        this.facts = facts;
        this.journal = new Journal(facts.arn(), surroundings.clock(), surroundings.listener());
        this.thread = Thread.ofVirtual().name(facts.name()).unstarted(this::walk);
    }

    void start() {
        thread.start();
    }

    /** Ends the execution early; does nothing to one that has ended. Returns when it has ended. */
    void stop(Optional<String> error, Optional<String> cause) throws InterruptedException {
        end(new Outcome(ExecutionStatus.ABORTED, Optional.empty(), error, cause));
        thread.interrupt();
        ended.await();
    }

    void await() throws InterruptedException {
        ended.await();
    }

    Activity activity() {
        return activity;
    }

    private void walk() {
        StateMachineDefinition definition = facts.stateMachine().definition();
        Optional<Waiting.Timer> timer =
                definition
                        .timeout()
                        .map(limit ->
                                surroundings
                                        .waiting()
                                        .after(facts.started(), limit, () -> expire(limit)));
        try {
            journal.note(at -> new ExecutionEvent.ExecutionStarted(at, facts.arn(), facts.input()));
            JsonNode output =
                    new Interpreter(surroundings, tokens, facts, journal, activity)
                            .run(
                                    definition.flow(),
                                    facts.input(),
                                    new Variables(),
                                    Optional.empty());
            end(
                    new Outcome(
                            ExecutionStatus.SUCCEEDED,
                            Optional.of(output),
                            Optional.empty(),
                            Optional.empty()));
        } catch (StateFailure e) {
            fail(e.error(), e.reason());
        } catch (InterruptedException e) {
            fail(StateFailure.RUNTIME, "The execution was interrupted");
        } catch (RuntimeException | Error e) {
            fail(StateFailure.RUNTIME, "The executor broke: " + e);
        } finally {
            timer.ifPresent(Waiting.Timer::cancel);
            close();
        }
    }

    private void fail(String error, String cause) {
        end(
                new Outcome(
                        ExecutionStatus.FAILED,
                        Optional.empty(),
                        Optional.of(error).filter(e -> !e.isEmpty()),
                        Optional.of(cause).filter(c -> !c.isEmpty())));
    }

    private void expire(Duration limit) {
        end(
                new Outcome(
                        ExecutionStatus.TIMED_OUT,
                        Optional.empty(),
                        Optional.of(StateFailure.TIMEOUT),
                        Optional.of(
                                "The execution took longer than its TimeoutSeconds of "
                                        + limit.toSeconds())));
        activity.resumes();
        thread.interrupt();
    }

    /**
     * The first outcome counts: a stop or timeout that comes before the last state ended wins over
     * its output.
     */
    private synchronized void end(Outcome how) {
        if (outcome == null) {
            outcome = how;
        }
    }

    private synchronized void close() {
        Outcome how = outcome;
        if (how == null) {
            throw new IllegalStateException("an execution ends with an outcome");
        }
        try {
            journal.note(at -> {
                stopped = at;
                return new ExecutionEvent.ExecutionEnded(
                        at, facts.arn(), how.status(), how.output(), how.error(), how.cause());
            });
        } finally {
            ended.countDown();
            activity.ends();
        }
    }

    ExecutionFacts facts() {
        return facts;
    }

    synchronized Execution snapshot() {
        Optional<Outcome> how = stopped == null ? Optional.empty() : Optional.ofNullable(outcome);
        return new Execution(
                facts.arn(),
                facts.name(),
                facts.stateMachine().arn(),
                how.map(Outcome::status).orElse(ExecutionStatus.RUNNING),
                facts.started(),
                Optional.ofNullable(stopped),
                facts.input(),
                how.flatMap(Outcome::output),
                how.flatMap(Outcome::error),
                how.flatMap(Outcome::cause),
                journal.events());
    }
}
