package dev.perennial.core.trigger;

import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.RunRecord;
import dev.perennial.core.retrain.RunCost;
import dev.perennial.core.retrain.Worth;
import dev.perennial.core.spec.RetrainSpec;
import dev.perennial.core.spec.RetrainSpec.Cause;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.StoreUnavailableException;
import dev.perennial.core.trigger.Starts.Start;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Turns any number of copies of an event, in any order, into at most one run. The decision and the
 * claim on the event are one atomic write; the execution's name follows from the event, so starting
 * it again after a crash starts nothing twice.
 */
public final class Trigger {
    /** Each failed attempt means that another decision was written. */
    private static final int MAX_ATTEMPTS = 1_000;

    /** A moment in the name of an execution. */
    public static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /** Of an execution that timed out, was aborted or broke, and so couldn't say it itself. */
    private static final String WITHOUT_A_WORD =
            "its execution timed out, was aborted or broke; the execution's history says which";

    private final DecisionLog decisions;
    private final ModelRegistry registry;
    private final RunStarter runs;
    private final BiFunction<String, TriggerEvent, String> input;
    private final Weigher weigher;

    /**
     * @param weigher of what a run would gain
     * @param input what an execution is given, JSON, by its run and event
     */
    public Trigger(
            DecisionLog decisions,
            ModelRegistry registry,
            RunStarter runs,
            Weigher weigher,
            BiFunction<String, TriggerEvent, String> input) {
        this.decisions = decisions;
        this.registry = registry;
        this.runs = runs;
        this.weigher = weigher;
        this.input = input;
    }

    /**
     * Decides.
     *
     * @param delivery names this copy of the event
     */
    public Decision decide(String pipeline, RetrainSpec spec, TriggerEvent event, String delivery) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Starts starts = decisions.starts(pipeline);
            // Whoever decided may have died before the start; the name makes this harmless.
            boolean runs = starts.last().map(last -> completed(pipeline, last)).orElse(false);
            Optional<Decision> standing = decisions.standing(pipeline, event.key());
            if (standing.isPresent()) {
                return copy(standing.get(), delivery);
            }
            List<RunRecord> records =
                    spec.budget().isPresent()
                                    || spec.costs().isPresent()
                                    || spec.maxAge().isPresent()
                            ? registry.runs(pipeline)
                            : List.of();
            Optional<Worth> worth =
                    event instanceof TriggerEvent.Wish
                            ? Optional.empty()
                            : worth(pipeline, spec, event.at(), starts, records);
            Optional<String> running = starts.last().filter(_ -> runs).map(Start::run);
            StartRule.Facts facts =
                    new StartRule.Facts(
                            starts,
                            running,
                            lastRun(starts, records),
                            spent(records, spec, event.at()),
                            worth);
            Optional<String> declined = StartRule.declines(event, spec, facts);
            Optional<Decision> decided =
                    declined.isPresent()
                            ? decline(pipeline, event, delivery, starts, declined.get())
                            : start(pipeline, spec, event, delivery, facts);
            if (decided.isPresent()) {
                return decided.get();
            }
        }
        throw new StoreUnavailableException(
                "deciding on " + event.key(), new IllegalStateException("too many events at once"));
    }

    /**
     * Starts the last run if it never began, and says whether it goes on. A run that began has a
     * record, and one that ended without a word gets its end written there.
     */
    private boolean completed(String pipeline, Start last) {
        boolean begun = registry.run(pipeline, last.run()).isPresent();
        if (!begun) {
            runs.start(last.run(), last.input());
        }
        boolean running = runs.isRunning(last.run());
        if (begun && !running) { // asked anew, as it may have ended just now
            registry.run(pipeline, last.run())
                    .filter(RunRecord::isOpen)
                    .map(record -> record.failed(WITHOUT_A_WORD))
                    .ifPresent(registry::record);
        }
        return running;
    }

    /** A person may have started a later one than those that were decided on here. */
    private static Optional<Instant> lastRun(Starts starts, List<RunRecord> records) {
        Optional<String> decided =
                starts.last().map(Start::run); // begins some time after its event
        return Stream.concat(
                        starts.last().map(Start::at).stream(),
                        records.stream()
                                .filter(record -> !decided.equals(Optional.of(record.run())))
                                .map(RunRecord::startedAt))
                .max(Instant::compareTo);
    }

    private Decision copy(Decision standing, String delivery) {
        if (standing.delivery().equals(delivery)) {
            return standing; // the same delivery, tried again
        }
        Decision copy =
                new Decision(
                        standing.pipeline(),
                        standing.event(),
                        delivery,
                        standing.at(),
                        standing.what(),
                        Optional.empty(),
                        standing.run()
                                .map("a copy of the event that started run %s"::formatted)
                                .orElse(
                                        "a copy of an event that was declined: "
                                                + standing.reason()));
        decisions.note(copy);
        return copy;
    }

    private Optional<Decision> decline(
            String pipeline, TriggerEvent event, String delivery, Starts starts, String reason) {
        Decision decision = decision(pipeline, event, delivery, Optional.empty(), reason);
        return Optional.of(decision)
                .filter(_ -> decisions.stand(decision, starts, starts.revision()));
    }

    private Optional<Decision> start(
            String pipeline,
            RetrainSpec spec,
            TriggerEvent event,
            String delivery,
            StartRule.Facts facts) {
        String run = name(event);
        Optional<Instant> followUp =
                event.cause()
                        .filter(cause -> cause == Cause.ERROR_DRIFT)
                        .flatMap(_ -> spec.followUp())
                        .map(event.at()::plus);
        Starts starts = facts.starts();
        Start start = new Start(run, event.at(), input.apply(run, event), followUp);
        String why =
                (event instanceof TriggerEvent.Wish wish ? wish.why() : event.words())
                        + StartRule.exemption(event, spec, facts).map(", "::concat).orElse("");
        String reason = facts.worth().map(each -> why + "; " + each.words()).orElse(why);
        Decision decision = decision(pipeline, event, delivery, Optional.of(run), reason);
        if (!decisions.stand(decision, starts.and(start), starts.revision())) {
            return Optional.empty();
        }
        runs.start(run, start.input());
        return Optional.of(decision);
    }

    private static Decision decision(
            String pipeline,
            TriggerEvent event,
            String delivery,
            Optional<String> run,
            String reason) {
        return new Decision(
                pipeline, event.key(), delivery, event.at(), event.words(), run, reason);
    }

    /** At most 80 characters, as Step Functions allows. */
    private static String name(TriggerEvent event) {
        return "%s-%s-%s"
                .formatted(
                        event.slug(),
                        STAMP.format(event.at()),
                        Digest.of(event.key().getBytes(StandardCharsets.UTF_8)).abbreviated());
    }

    private Optional<Worth> worth(
            String pipeline,
            RetrainSpec spec,
            Instant now,
            Starts starts,
            List<RunRecord> records) {
        return spec.costs()
                .flatMap(costs ->
                        weigher.weigh(
                                pipeline,
                                spec,
                                RunCost.of(costs, records),
                                now,
                                starts.last().map(Start::at)));
    }

    private static double spent(List<RunRecord> records, RetrainSpec spec, Instant now) {
        return spec.budget()
                .map(budget ->
                        records.stream()
                                .filter(run -> run.startedAt().isAfter(now.minus(budget.per())))
                                .mapToDouble(RunRecord::costUsd)
                                .sum())
                .orElse(0.0);
    }
}
