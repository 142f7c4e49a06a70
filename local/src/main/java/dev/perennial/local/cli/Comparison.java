package dev.perennial.local.cli;

import dev.perennial.local.Home;
import dev.perennial.local.Hosting;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.replay.History;
import dev.perennial.local.replay.Policy;
import dev.perennial.local.replay.Replay;
import dev.perennial.local.replay.ReplayFiles;
import dev.perennial.local.replay.Replayed;
import dev.perennial.local.time.SimulatedClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Replays one history under several policies, each in a cloud of its own that is gone afterwards.
 *
 * @param packages where zips are unpacked
 * @param err is told of progress
 */
record Comparison(Path packages, Hosting hosting, PrintWriter err) {
    private static final long LEAST_FREE_BYTES = 1L << 30;

    /**
     * Replays.
     *
     * @param begin the rows before it train the first champion
     * @param end absent: with the history
     * @param folder where the results go
     */
    ReplayFiles.Summary of(
            SpecFile spec,
            UserData data,
            Instant begin,
            Optional<Instant> end,
            List<Policy> policies,
            Path folder)
            throws IOException, InterruptedException {
        History whole = History.read(spec.spec(), data.files());
        History history = end.map(whole::before).orElse(whole);
        List<Replayed> all = all(spec, data, history, begin, policies);
        ReplayFiles.Summary summary =
                ReplayFiles.summary(spec.spec().name(), begin, history.end(), history, all);
        ReplayFiles.write(folder, summary, all);
        return summary;
    }

    List<Replayed> all(
            SpecFile spec, UserData data, History history, Instant begin, List<Policy> policies)
            throws IOException, InterruptedException {
        List<Replayed> all = new ArrayList<>();
        for (Policy policy : policies) {
            all.add(replay(spec, data, history, begin, policy));
        }
        return all;
    }

    private Replayed replay(
            SpecFile spec, UserData data, History history, Instant begin, Policy policy)
            throws IOException, InterruptedException {
        String yaml = policy.apply(spec.yaml());
        SpecFile changed = SpecFile.of(policy.name(), yaml);
        Path work = Files.createTempDirectory(scratch(), "perennial-replay");
        try (Home home = Home.take(work, packages);
                LocalCloud cloud =
                        LocalCloud.open(
                                home,
                                Project.stack(changed.spec()),
                                new SimulatedClock(begin),
                                (_, _) -> {},
                                hosting)) {
            ReplayProgress progress = new ReplayProgress(err, policy.name());
            return new Replay(cloud, changed.spec(), history, progress::reached)
                    .run(policy, yaml, data.files(), begin);
        } finally {
            delete(work);
        }
    }

    /**
     * In memory where the system has such a folder: the servers sync their files at every write.
     */
    private static Path scratch() {
        Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory) && memory.toFile().getUsableSpace() > LEAST_FREE_BYTES
                ? memory
                : Path.of(System.getProperty("java.io.tmpdir"));
    }

    static void print(PrintWriter out, ReplayFiles.Summary summary, Path folder) {
        out.printf(
                Locale.ROOT,
                "%-14s %10s %10s %6s %11s %13s %10s%n",
                "policy",
                summary.policies().getFirst().accuracy().isPresent() ? "accuracy" : "MAE",
                "log loss",
                "runs",
                "promotions",
                "false alarms",
                "cost (USD)");
        for (ReplayFiles.PolicySummary each : summary.policies()) {
            out.printf(
                    Locale.ROOT,
                    "%-14s %10.4f %10.4f %6d %11d %13d %10.4f%n",
                    each.policy(),
                    each.accuracy().orElse(each.meanAbsoluteError().orElse(Double.NaN)),
                    each.logLoss().orElse(Double.NaN),
                    each.runs(),
                    each.promotions(),
                    each.falseAlarms(),
                    each.costUsd());
        }
        summary.previousLabel()
                .ifPresent(error ->
                        out.printf(
                                Locale.ROOT,
                                "%-14s %10.4f%n",
                                "previous label",
                                summary.policies().getFirst().accuracy().isPresent()
                                        ? 1 - error
                                        : error));
        for (String file : List.of("report.html", "replay.json", "events.csv", "predictions.csv")) {
            out.printf("  %-16s %s%n", file, folder.resolve(file));
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path each : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
