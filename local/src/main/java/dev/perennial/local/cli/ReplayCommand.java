package dev.perennial.local.cli;

import dev.perennial.core.json.Json;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code perennial replay}: the time machine. */
@Command(
        name = "replay",
        description =
                "Replay a history through the real functions in simulated time: predictions, late labels, monitor, alarms, retrainings.")
final class ReplayCommand implements Callable<Integer> {
    private static final long LEAST_FREE_BYTES = 1L << 30;

    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec command;

    @Option(
            names = "--pipeline",
            required = true,
            paramLabel = "SPEC",
            description = "The pipeline spec.")
    private Path pipeline = Path.of("");

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE_OR_DIR",
            description = "The history.")
    private Path data = Path.of("");

    @Option(
            names = "--from",
            required = true,
            paramLabel = "TIME",
            description = "Where to begin; the rows before it train the first champion.")
    private String from = "";

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "Where to end (default: with the history).")
    private @Nullable String until;

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            split = ",",
            description =
                    "When to retrain: spec, never, sundays, alarms, or a YAML file with a retrain block; several are compared (default: spec, never, sundays).")
    private List<String> policies = List.of("spec", "never", "sundays");

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Where the results go.")
    private Path out = Path.of("");

    @Option(
            names = "--fast",
            description = "Run the functions in this process: the same classes, no isolation.")
    private boolean fast;

    @Option(names = "--json", description = "Print replay.json instead of words.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        SpecFile spec = SpecFile.read(pipeline);
        Instant begin = RunCommand.time(from);
        List<Policy> compared = new ArrayList<>();
        for (String each : policies) {
            compared.add(policy(each));
        }
        History history = History.read(spec.spec(), UserData.at(data).files());
        if (until != null) {
            history = history.before(RunCommand.time(until));
        }
        ReplayFiles.Summary summary =
                replay(
                        spec,
                        begin,
                        compared,
                        history,
                        out,
                        fast ? Hosting.THIS_JVM : Hosting.PROCESSES);
        PrintWriter print = command.commandLine().getOut();
        if (json) {
            print.println(new String(Json.pretty(summary), StandardCharsets.UTF_8));
        } else {
            print(print, summary, out);
        }
        return Main.OK;
    }

    private static Policy policy(String text) throws IOException {
        try {
            return Policy.of(text);
        } catch (IllegalArgumentException unknown) {
            throw new WrongUsageException(String.valueOf(unknown.getMessage()));
        }
    }

    ReplayFiles.Summary replay(
            SpecFile spec,
            Instant begin,
            List<Policy> compared,
            History history,
            Path folder,
            Hosting hosting)
            throws IOException, InterruptedException {
        List<Replayed> all = new ArrayList<>();
        for (Policy policy : compared) {
            String yaml = policy.apply(spec.yaml());
            SpecFile changed = SpecFile.of(policy.name(), yaml);
            Path work = Files.createTempDirectory(scratch(), "perennial-replay");
            try (Home home = Home.take(work, main.home().resolve("packages"))) {
                SimulatedClock clock = new SimulatedClock(begin);
                try (LocalCloud cloud =
                                LocalCloud.open(
                                        home,
                                        Project.stack(changed.spec()),
                                        clock,
                                        (_, _) -> {},
                                        hosting);
                        ReplayProgress progress =
                                new ReplayProgress(command.commandLine().getErr(), policy.name())) {
                    all.add(
                            new Replay(cloud, changed.spec(), history, progress::reached)
                                    .run(policy, yaml, UserData.at(data).files(), begin));
                }
            } finally {
                delete(work);
            }
        }
        ReplayFiles.Summary summary =
                ReplayFiles.summary(spec.spec().name(), begin, history.end(), history, all);
        ReplayFiles.write(folder, summary, all);
        return summary;
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
