package dev.perennial.core.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.perennial.core.run.RunStatus;
import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ModelRegistry} must do. An implementation's test extends it. */
public abstract class ModelRegistryContract {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private ModelRegistry registry;

    /** An empty registry, another one at each call. */
    protected abstract ModelRegistry newRegistry();

    @BeforeEach
    final void makeRegistry() {
        registry = newRegistry();
    }

    @Test
    void emptyRegistry_knowsNothing() {
        assertEquals(Optional.empty(), registry.version("p", 1));
        assertEquals(List.of(), registry.versions("p"));
        assertEquals(Optional.empty(), registry.alias("p", Alias.CHAMPION));
        assertEquals(List.of(), registry.history("p", Alias.CHAMPION));
        assertEquals(Optional.empty(), registry.run("p", "r"));
        assertEquals(List.of(), registry.runs("p"));
        assertEquals(List.of(), registry.pipelines());
    }

    @Test
    void register_numbersFromOne_perPipeline_andKeepsEverything() {
        ModelVersion first = register("p", "r1");
        ModelVersion second = register("p", "r2");
        ModelVersion elsewhere = register("q", "r1");

        assertEquals(1, first.version());
        assertEquals(2, second.version());
        assertEquals(1, elsewhere.version());
        assertEquals(describe("p", "r1", 1), registry.version("p", 1).orElseThrow());
        assertEquals(List.of(first, second), registry.versions("p"));
        assertEquals(Optional.empty(), registry.version("p", 3));
        assertEquals(List.of("p", "q"), registry.pipelines());
    }

    @Test
    void register_twiceForOneRun_givesTheSameVersion_andDescribesNothingAnew() {
        ModelVersion first = register("p", "r1");
        register("p", "r2");

        ModelVersion again =
                registry.register("p", "r1", _ -> fail("a run that has registered is not asked"));

        assertEquals(first, again);
        assertEquals(2, registry.versions("p").size());
    }

    @Test
    void register_whoseDescriptionFails_leavesNoGap() {
        assertThrows(
                IllegalStateException.class,
                () ->
                        registry.register(
                                "p",
                                "r1",
                                _ -> {
                                    throw new IllegalStateException("no model card");
                                }));

        assertEquals(List.of(), registry.versions("p"));
        assertEquals(1, register("p", "r1").version());
    }

    @Test
    void register_byAHundredRunsAtOnce_numbersThemWithoutGaps() throws Exception {
        List<ModelVersion> registered = new ArrayList<>();
        List<Future<ModelVersion>> registrations = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                String run = "r" + i;
                registrations.add(threads.submit(() -> register("p", run)));
            }
        }
        for (Future<ModelVersion> each : registrations) {
            registered.add(each.get());
        }

        List<ModelVersion> versions = registry.versions("p");
        assertEquals(
                IntStream.rangeClosed(1, 100).boxed().toList(),
                versions.stream().map(ModelVersion::version).toList());
        assertEquals(new HashSet<>(registered), new HashSet<>(versions));
        Set<String> runs = new HashSet<>(versions.stream().map(ModelVersion::run).toList());
        assertEquals(100, runs.size());
    }

    @Test
    void register_ofOneRunByManyAtOnce_makesOneVersion() throws Exception {
        List<Future<ModelVersion>> registrations = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                registrations.add(threads.submit(() -> register("p", "r")));
            }
        }
        for (Future<ModelVersion> each : registrations) {
            assertEquals(1, each.get().version());
        }

        assertEquals(1, registry.versions("p").size());
    }

    @Test
    void point_setsAndMovesTheAlias_andTheHistoryIsComplete() {
        register("p", "r1");
        register("p", "r2");

        Alias first = point(1, 0, "r1");
        Alias second = point(2, 1, "r2");
        Alias back = point(1, 2, "rollback");

        assertEquals(
                new Alias("p", Alias.CHAMPION, 1, 1, 0, NOW, "somebody", "r1", "because of r1"),
                first);
        assertEquals(
                new Alias("p", Alias.CHAMPION, 2, 2, 1, NOW, "somebody", "r2", "because of r2"),
                second);
        assertEquals(2, back.previousVersion());
        assertEquals(Optional.of(back), registry.alias("p", Alias.CHAMPION));
        assertEquals(List.of(first, second, back), registry.history("p", Alias.CHAMPION));
        assertEquals(Optional.empty(), registry.alias("p", "shadow"));
    }

    @Test
    void championBefore_isNeverTheRunsOwn() {
        register("p", "r1");
        register("p", "r2");
        assertEquals(Optional.empty(), registry.championBefore("p", "r1"));
        Alias first = point(1, 0, "r1");
        assertEquals(Optional.empty(), registry.championBefore("p", "r1"));
        assertEquals(Optional.of(first), registry.championBefore("p", "r2"));

        point(2, 1, "r2");

        assertEquals(Optional.of(first), registry.championBefore("p", "r2"));
    }

    private static Optional<Integer> goBackTo(ModelRegistry registry) {
        return ModelRegistry.championToGoBackTo(registry.history("p", Alias.CHAMPION));
    }

    @Test
    void goingBack_goesFurtherBackEachTime_andNeverToAVersionThatWasLeft() {
        assertEquals(Optional.empty(), goBackTo(registry));
        List.of("r1", "r2", "r3", "r4").forEach(run -> register("p", run));
        point(1, 0, "r1");
        assertEquals(Optional.empty(), goBackTo(registry));
        point(2, 1, "r2");
        point(3, 2, "r3");
        assertEquals(Optional.of(2), goBackTo(registry));
        point(2, 3, "");
        assertEquals(Optional.of(1), goBackTo(registry));
        point(4, 4, "r4");
        assertEquals(Optional.of(2), goBackTo(registry));
        point(1, 5, "");
        assertEquals(Optional.empty(), goBackTo(registry));
    }

    @Test
    void goingBack_afterARunBroughtAFormerChampionBack_isToTheOneItReplaced() {
        List.of("r1", "r2", "r3").forEach(run -> register("p", run));
        point(1, 0, "r1");
        point(2, 1, "r2");
        point(1, 2, "r3");

        assertEquals(Optional.of(2), goBackTo(registry));
    }

    @Test
    void formerChampions_areThoseBeforeTheOneToBeat_newestFirst_withoutWhatAPersonLeft() {
        List.of("r1", "r2", "r3", "r4", "r5").forEach(run -> register("p", run));
        assertEquals(List.of(), registry.formerChampions("p", "r9"));
        point(1, 0, "r1");
        assertEquals(List.of(), registry.formerChampions("p", "r9"));
        point(2, 1, "r2");
        point(4, 2, "r4");
        point(1, 3, "r5");
        assertEquals(List.of(4, 2), registry.formerChampions("p", "r9"));
        assertEquals(List.of(2, 1), registry.formerChampions("p", "r5"), "not its own promotion");

        point(2, 4, "");

        assertEquals(List.of(4), registry.formerChampions("p", "r9"), "1 was left for a reason");

        point(1, 5, "");
        point(4, 6, "r4");

        assertEquals(List.of(1), registry.formerChampions("p", "r9"), "1 was wanted after all");
    }

    @Test
    void point_withAStaleRevision_conflicts_andChangesNothing() {
        register("p", "r1");
        register("p", "r2");
        register("p", "r3");
        point(1, 0, "r1");
        Alias present = point(2, 1, "r2");

        for (int stale : List.of(0, 1, 3)) {
            assertThrows(StaleAliasException.class, () -> point(3, stale, "r3"));
        }

        assertEquals(Optional.of(present), registry.alias("p", Alias.CHAMPION));
        assertEquals(2, registry.history("p", Alias.CHAMPION).size());
    }

    @Test
    void point_ofAnAliasThatIsNotThere_withARevision_conflicts() {
        register("p", "r1");

        assertThrows(StaleAliasException.class, () -> point(1, 1, "r1"));

        assertEquals(Optional.empty(), registry.alias("p", Alias.CHAMPION));
    }

    @Test
    void point_twiceByTheSameRun_isHarmless() {
        register("p", "r1");
        Alias first = point(1, 0, "r1");

        assertEquals(first, point(1, 0, "r1"));

        assertEquals(List.of(first), registry.history("p", Alias.CHAMPION));
    }

    @Test
    void point_toTheSameVersionByAnotherRun_onAnOldRevision_conflicts() {
        register("p", "r1");
        point(1, 0, "r1");

        assertThrows(StaleAliasException.class, () -> point(1, 0, "r2"));
    }

    @Test
    void point_toAVersionThatIsNotThere_isRefused_andChangesNothing() {
        register("p", "r1");

        assertThrows(UnknownVersionException.class, () -> point(2, 0, "r1"));

        assertEquals(Optional.empty(), registry.alias("p", Alias.CHAMPION));
        assertEquals(List.of(), registry.history("p", Alias.CHAMPION));
    }

    @Test
    void point_byManyAtOnce_letsOneWin() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            register("p", "r" + i);
        }
        List<Future<Alias>> changes = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                int version = i + 1;
                changes.add(threads.submit(() -> point(version, 0, "r" + version)));
            }
        }
        List<Alias> won = new ArrayList<>();
        for (Future<Alias> each : changes) {
            try {
                won.add(each.get());
            } catch (ExecutionException lost) {
                assertEquals(StaleAliasException.class, lost.getCause().getClass());
            }
        }

        assertEquals(won, registry.history("p", Alias.CHAMPION));
        assertEquals(1, won.size());
    }

    @Test
    void history_keepsTheOrderOfChanges_beyondTen() {
        register("p", "r1");
        register("p", "r2");
        for (int i = 0; i < 12; i++) {
            point(1 + i % 2, i, "c" + i);
        }

        assertEquals(
                IntStream.rangeClosed(1, 12).boxed().toList(),
                registry.history("p", Alias.CHAMPION).stream().map(Alias::revision).toList());
    }

    @Test
    void record_replacesWhatWasKnownOfARun() {
        RunRecord running = run("2026-03-01-b", RunStatus.RUNNING);
        RunRecord done =
                new RunRecord(
                        "p",
                        "2026-03-01-b",
                        RunStatus.PROMOTED,
                        NOW,
                        OptionalInt.of(3),
                        "better",
                        Optional.of(artifact("runs/b/report.html")),
                        0.0125);
        registry.record(running);
        registry.record(done);
        registry.record(run("2026-03-01-a", RunStatus.FAILED));

        assertEquals(Optional.of(done), registry.run("p", "2026-03-01-b"));
        assertEquals(
                List.of("2026-03-01-a", "2026-03-01-b"),
                registry.runs("p").stream().map(RunRecord::run).toList());
        assertEquals(List.of("p"), registry.pipelines());
        assertEquals(List.of(), registry.versions("p"));
    }

    @Test
    void pipelinesWhoseNamesBeginAlike_areKeptApart() {
        register("p", "r1");
        register("p-2", "r1");
        registry.record(run("r1", RunStatus.RUNNING));

        assertEquals(1, registry.versions("p").size());
        assertEquals(List.of(), registry.runs("p-2"));
        assertTrue(registry.alias("p-2", Alias.CHAMPION).isEmpty());
    }

    private ModelVersion register(String pipeline, String run) {
        return registry.register(pipeline, run, number -> describe(pipeline, run, number));
    }

    private Alias point(int version, int expectedRevision, String run) {
        return registry.point(
                "p",
                Alias.CHAMPION,
                version,
                expectedRevision,
                NOW,
                "somebody",
                run,
                "because of " + run);
    }

    private static RunRecord run(String name, RunStatus status) {
        return new RunRecord("p", name, status, NOW, OptionalInt.empty(), "", Optional.empty(), 0);
    }

    private static ModelVersion describe(String pipeline, String run, int number) {
        String folder = "models/%s/%d/%s/".formatted(pipeline, number, run);
        return new ModelVersion(
                pipeline,
                number,
                run,
                NOW,
                artifact(folder + "model.onnx"),
                number % 2 == 0
                        ? Optional.of(new ModelVersion.Refit(artifact(folder + "judged.onnx"), NOW))
                        : Optional.empty(),
                artifact(folder + "card.md"),
                artifact(folder + "evaluation.json"),
                artifact(folder + "profile.json"),
                artifact(folder + "spec.yaml"),
                new SnapshotRef(artifact("snapshots/m.json"), artifact("snapshots/d.csv"), 45_312),
                Map.of("auc", 0.91, "logLoss", 0.1 + 0.2));
    }

    private static ArtifactRef artifact(String key) {
        return new ArtifactRef(
                key, Digest.of(key.getBytes(StandardCharsets.UTF_8)), 7, "application/json");
    }
}
