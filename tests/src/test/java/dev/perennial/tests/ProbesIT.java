package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.registry.Alias;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.trigger.Decision;
import dev.perennial.local.Home;
import dev.perennial.local.Hosting;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.doctor.LookReports;
import dev.perennial.local.replay.History;
import dev.perennial.local.replay.Policy;
import dev.perennial.local.replay.Replay;
import dev.perennial.local.replay.Replayed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Probes through everything that takes part in them, in simulated time: what the label means turns,
 * and turns back.
 */
class ProbesIT {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant FROM = Instant.parse("2026-01-11T00:00:00Z");
    private static final Instant TURN = Instant.parse("2026-01-17T00:00:00Z");
    private static final Instant BACK = Instant.parse("2026-01-27T00:00:00Z");
    private static final Instant END = Instant.parse("2026-02-01T00:00:00Z");

    private static final String SPEC =
            """
            name: shops
            task: binary
            time: at
            label: {column: bought, positive: "yes", delay: PT1H, expires: P2D}
            features:
              - {name: x, type: number}
            window: P6D
            split: {validation: P1D, test: P1D}
            data: {minRows: 300}
            train: {trainer: xgboost, candidates: 1, seed: 3, rounds: 20, earlyStopping: 5, threads: 1}
            gates:
              - {metric: auc, min: 0.1}
            drift: {check: PT12H}
            retrain: {on: [worth], cooldown: P1D, probes: P1D, costs: {error: 0.4, run: 20}}
            """;

    @TempDir Path folder;

    private Path rows() throws Exception {
        Random random = new Random(5);
        StringBuilder csv = new StringBuilder("at,x,bought\n");
        for (Instant at = BEGIN; at.isBefore(END); at = at.plus(Duration.ofMinutes(20))) {
            double x = random.nextGaussian();
            boolean turned = !at.isBefore(TURN) && at.isBefore(BACK);
            boolean bought = 2 * x + random.nextGaussian() > 0 ^ turned;
            csv.append("%s,%.4f,%s%n".formatted(at, x, bought ? "yes" : "no"));
        }
        return Files.writeString(folder.resolve("rows.csv"), csv);
    }

    private Replayed replay(LocalCloud cloud) throws Exception {
        PipelineSpec spec = SpecReader.read("spec.yaml", SPEC);
        Map<String, Path> files = Map.of("rows.csv", rows());
        return new Replay(cloud, spec, History.read(spec, files), _ -> {})
                .run(Policy.SPEC, SPEC, files, FROM);
    }

    private static LocalCloud open(Home home) {
        return Hostings.open(
                home,
                Map.of("Pipeline", "shops", "MonitorSchedule", "rate(12 hours)"),
                FROM,
                Hosting.THIS_JVM);
    }

    @Test
    void oneRunIsPaidForOnceFreshModelsWouldHaveSavedIt_andTheFormerChampionComesBackForNothing()
            throws Exception {
        try (Home home = Home.take(folder.resolve("home"));
                LocalCloud cloud = open(home)) {
            Replayed replayed = replay(cloud);

            List<Decision> decisions = cloud.decisions().latest("shops", 100);
            List<Decision> started =
                    decisions.stream()
                            .filter(Decision::starts)
                            .filter(each -> each.event().startsWith("probes/"))
                            .toList();
            assertEquals(1, started.size(), decisions::toString);
            Decision run = started.getFirst();
            assertTrue(
                    run.at().isAfter(TURN.plus(Duration.ofDays(2)))
                            && run.at().isBefore(TURN.plus(Duration.ofDays(7))),
                    run::toString);
            assertTrue(
                    run.reason()
                            .startsWith("a look at the probes; probes say that fresh models would"),
                    run::reason);
            assertEquals(1, replayed.runs(), "a look at the probes is no run");

            List<Alias> champions = cloud.registry().history("shops", Alias.CHAMPION);
            assertEquals(
                    List.of(1, 2, 1),
                    champions.stream().map(Alias::version).toList(),
                    champions::toString);
            Alias back = champions.getLast();
            assertTrue(back.run().startsWith("probe-202601"), back::toString);
            assertTrue(
                    back.reason().startsWith("former version 1 loses less than version 2"),
                    back::reason);
            assertTrue(
                    back.changedAt().isAfter(BACK)
                            && back.changedAt().isBefore(BACK.plus(Duration.ofDays(5))),
                    back::toString);
            JsonNode report = LookReports.ofProbes(cloud.artifacts(), "shops").orElseThrow();
            assertTrue(
                    report.path("says").asString().startsWith("probes say that fresh models"),
                    report::toString);
            byte[] page =
                    cloud.artifacts()
                            .current(report.path("page").path("key").asString())
                            .orElseThrow();
            assertTrue(
                    new String(page, StandardCharsets.UTF_8).contains("former model"),
                    "the page shows that one came back");
            assertTrue(
                    Files.readString(folder.resolve("home/events.jsonl"))
                            .contains("\"run\":\"%s\"".formatted(back.run())));
        }
    }
}
