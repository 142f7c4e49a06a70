package dev.perennial.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.perennial.core.SampleRun;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.StaleAliasException;
import dev.perennial.core.registry.UnknownVersionException;
import dev.perennial.core.step.Promote;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PromoteStepTest {
    private static final Instant DECIDED = SampleRun.STARTED.plusSeconds(3_600);

    private final SampleRun sample = SampleRun.good();
    private final PromoteStep step = new PromoteStep(sample.registry());

    private Promote.Output promote(String run, int version, int revision) {
        return step.apply(
                new Promote.Input(
                        run,
                        SampleRun.PIPELINE,
                        SampleRun.STARTED,
                        version,
                        revision,
                        DECIDED,
                        Optional.empty(),
                        "live labels: won"));
    }

    private void register(String run) {
        sample.registry()
                .register(
                        SampleRun.PIPELINE,
                        run,
                        number ->
                                new dev.perennial.core.registry.ModelVersion(
                                        SampleRun.PIPELINE,
                                        number,
                                        run,
                                        SampleRun.STARTED,
                                        sample.spec(),
                                        java.util.Optional.empty(),
                                        sample.spec(),
                                        sample.spec(),
                                        sample.spec(),
                                        sample.spec(),
                                        sample.snapshot(),
                                        java.util.Map.of()));
    }

    @Test
    void aliasMoves_andARetryChangesNothing() {
        register("a");
        register("b");

        assertEquals(new Promote.Output(1, 0, 1), promote("a", 1, 0));
        assertEquals(new Promote.Output(2, 1, 2), promote("b", 2, 1));
        assertEquals(new Promote.Output(2, 1, 2), promote("b", 2, 1));

        List<Alias> history = sample.registry().history(SampleRun.PIPELINE, Alias.CHAMPION);
        assertEquals(2, history.size());
        assertEquals(DECIDED, history.getFirst().changedAt(), "when it was decided");
        assertEquals("live labels: won", history.getFirst().reason());
    }

    @Test
    void championChangedSinceTheEvaluation_conflicts_andStays() {
        register("a");
        register("b");
        register("c");
        promote("a", 1, 0);
        promote("b", 2, 1);

        assertThrows(StaleAliasException.class, () -> promote("c", 3, 1));

        assertEquals(
                2,
                sample.registry()
                        .alias(SampleRun.PIPELINE, Alias.CHAMPION)
                        .orElseThrow()
                        .version());
    }

    @Test
    void versionThatDoesNotExist_isRefused() {
        assertThrows(UnknownVersionException.class, () -> promote("a", 1, 0));
    }
}
