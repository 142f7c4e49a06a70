package dev.perennial.trigger;

import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.retrain.LiveLoss;
import dev.perennial.core.retrain.LiveWorth;
import dev.perennial.core.retrain.LoggedEvidence;
import dev.perennial.core.retrain.ProbeLog;
import dev.perennial.core.retrain.ProbedWorth;
import dev.perennial.core.retrain.RunCost;
import dev.perennial.core.retrain.UnknownLogFormatException;
import dev.perennial.core.retrain.Worth;
import dev.perennial.core.spec.RetrainSpec;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.StateStore;
import dev.perennial.core.trigger.Weigher;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalDouble;

/** By probes, where the spec has them and they know the champion; else by its own errors. */
final class Weighing implements Weigher {
    private final ArtifactStore artifacts;
    private final ModelRegistry registry;
    private final StateStore probes;
    private final NewestLook looks;

    Weighing(ArtifactStore artifacts, ModelRegistry registry, StateStore probes, NewestLook looks) {
        this.artifacts = artifacts;
        this.registry = registry;
        this.probes = probes;
        this.looks = looks;
    }

    @Override
    public Optional<Worth> weigh(
            String pipeline,
            RetrainSpec spec,
            RunCost cost,
            Instant now,
            Optional<Instant> lastRun) {
        Optional<LiveLoss> loss = looks.loss(pipeline);
        Optional<ProbeLog> log = spec.probes().flatMap(_ -> log(pipeline, now));
        if (log.isPresent()) {
            return Optional.of(
                    ProbedWorth.of(
                            new LoggedEvidence(
                                    log.get(), cost.stakes(traffic(loss)), lastRun, _ -> false)));
        }
        return loss.map(found ->
                new LiveWorth(
                        found,
                        lastRun.map(at -> at.atOffset(ZoneOffset.UTC).toLocalDate())
                                .orElse(LocalDate.MIN),
                        cost.errorUsd(),
                        cost.runUsd()));
    }

    /** How many answers the champion gives in a day; empty before its first. */
    static OptionalDouble traffic(Optional<LiveLoss> loss) {
        double perDay = loss.map(LiveLoss::answersPerDay).orElse(0.0);
        return perDay > 0 ? OptionalDouble.of(perDay) : OptionalDouble.empty();
    }

    /** Of a champion that came after the last look at the probes, nothing is known there. */
    private Optional<ProbeLog> log(String pipeline, Instant now) {
        int champion = registry.alias(pipeline, Alias.CHAMPION).map(Alias::version).orElse(0);
        try {
            return probes.present(pipeline)
                    .map(present -> ProbeLog.stored(artifacts, present.state()))
                    .filter(log -> log.isCurrent(now))
                    .flatMap(log -> log.servedBy(champion));
        } catch (UnknownLogFormatException other) {
            return Optional.empty(); // the next look fails of it, and says what to do
        }
    }
}
