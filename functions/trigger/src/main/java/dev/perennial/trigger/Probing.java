package dev.perennial.trigger;

import dev.perennial.core.json.Json;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.retrain.RunCost;
import dev.perennial.core.retrain.Stakes;
import dev.perennial.core.spec.RetrainSpec;
import dev.perennial.core.trigger.DecisionLog;
import dev.perennial.core.trigger.RunStarter;
import dev.perennial.core.trigger.Starts;
import dev.perennial.core.trigger.Trigger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** Starts an execution that looks at the probes, where there is something to look at. */
final class Probing {
    private final ModelRegistry registry;
    private final DecisionLog decisions;
    private final RunStarter runs;
    private final NewestLook looks;

    Probing(ModelRegistry registry, DecisionLog decisions, RunStarter runs, NewestLook looks) {
        this.registry = registry;
        this.decisions = decisions;
        this.runs = runs;
        this.looks = looks;
    }

    /**
     * What came of it.
     *
     * @param execution that was started
     */
    record Answer(Optional<String> execution, String reason) {}

    /**
     * What the execution is given.
     *
     * @param trigger in words
     */
    private record Input(Instant until, String trigger, Probe probe) {}

    private record Probe(Stakes stakes, Optional<Instant> lastRun, boolean runGoesOn) {}

    /** The execution's name follows from the moment, so a copy of the event starts nothing. */
    Answer start(String pipeline, RetrainSpec spec, Instant at) {
        if (spec.probes().isEmpty()) {
            return new Answer(Optional.empty(), "the spec has no retrain.probes");
        }
        if (registry.alias(pipeline, Alias.CHAMPION).isEmpty()) {
            return new Answer(Optional.empty(), "there is no champion yet");
        }
        Stakes stakes =
                RunCost.of(spec.costs().orElseThrow(), registry.runs(pipeline))
                        .stakes(Weighing.traffic(looks.loss(pipeline)));
        Optional<Starts.Start> last = decisions.starts(pipeline).last();
        boolean runGoesOn = last.filter(run -> runs.isRunning(run.run())).isPresent();
        String name = "probe-" + Trigger.STAMP.format(at);
        runs.start(
                name,
                new String(
                        Json.write(
                                new Input(
                                        at,
                                        "the probes' schedule",
                                        new Probe(stakes, last.map(Starts.Start::at), runGoesOn))),
                        StandardCharsets.UTF_8));
        return new Answer(Optional.of(name), "the probes' schedule");
    }
}
