package dev.perennial.local.cli;

import dev.perennial.core.json.Json;
import dev.perennial.core.spec.RetrainSpec.Costs;
import dev.perennial.local.Hosting;
import dev.perennial.local.replay.History;
import dev.perennial.local.replay.Policy;
import dev.perennial.local.replay.ReplayFiles;
import dev.perennial.local.replay.Replayed;
import dev.perennial.local.replay.Tuning;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code perennial tune}: which policy a history recommends. */
@Command(
        name = "tune",
        description =
                "Replay a history under eight policies and recommend the one that would have cost least, errors and runs together.")
final class TuneCommand implements Callable<Integer> {
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
            paramLabel = "TIME",
            description =
                    "Where to begin (default: after a third of the history); the rows before it train the first champion.")
    private @Nullable String from;

    @Option(
            names = "--error-cost",
            paramLabel = "USD",
            description =
                    "What one wrong answer costs, or one unit of absolute error (default: the spec's retrain.costs).")
    private @Nullable Double errorCost;

    @Option(
            names = "--run-cost",
            paramLabel = "USD",
            description = "What a run costs beside its compute (default: the spec's, or 0).")
    private @Nullable Double runCost;

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

    @Override
    public Integer call() throws Exception {
        SpecFile spec = SpecFile.replayable(pipeline);
        Costs costs = costs(spec.spec().retrain().costs());
        List<Policy> policies = Policy.tuned(costs);
        UserData history = UserData.at(data);
        History rows = History.read(spec.spec(), history.files());
        Instant begin = from == null ? third(rows) : RunCommand.time("--from", from);
        List<Replayed> all =
                new Comparison(
                                main.home().resolve("packages"),
                                Hosting.of(fast),
                                command.commandLine().getErr())
                        .all(spec, history, rows, begin, policies);
        ReplayFiles.Summary summary =
                ReplayFiles.summary(spec.spec().name(), begin, rows.end(), rows, all);
        ReplayFiles.write(out, summary, all);
        Tuning tuning = Tuning.of(all, begin, rows.end(), costs);
        Files.write(out.resolve("tune.json"), Json.pretty(tuning));
        print(command.commandLine().getOut(), tuning, policies);
        return Main.OK;
    }

    private Costs costs(Optional<Costs> declared) {
        Double error = errorCost;
        if (error == null) {
            error =
                    declared.map(Costs::error)
                            .orElseThrow(() ->
                                    new WrongUsageException(
                                            "what does one wrong answer cost? Say it by --error-cost USD, or by retrain.costs in the spec"));
        }
        double run = runCost == null ? declared.map(Costs::run).orElse(0.0) : runCost;
        if (!(error > 0) || !(run >= 0)) {
            throw new WrongUsageException(
                    "--error-cost is above 0 and --run-cost at least 0, not %s and %s"
                            .formatted(error, run));
        }
        return new Costs(error, run);
    }

    private static Instant third(History rows) {
        Duration whole = Duration.between(rows.time(0), rows.end());
        return rows.time(0).plus(whole.dividedBy(3));
    }

    private void print(PrintWriter print, Tuning tuning, List<Policy> policies) {
        print.printf(
                Locale.ROOT,
                "%-16s %10s %6s %14s   %s%n",
                "policy",
                "mean error",
                "runs",
                "USD per week",
                "dearer than the first by");
        for (Tuning.Candidate each : tuning.candidates()) {
            print.printf(
                    Locale.ROOT,
                    "%-16s %10.4f %6d %14.2f   %s%n",
                    each.policy(),
                    each.meanError(),
                    each.runs(),
                    each.usdPerWeek(),
                    each.dearer()
                            .map(by ->
                                    String.format(
                                            Locale.ROOT,
                                            "%.2f (%.2f to %.2f)",
                                            by.estimate(),
                                            by.low(),
                                            by.high()))
                            .orElse(""));
        }
        Tuning.Candidate first = tuning.candidates().getFirst();
        print.println();
        print.println(
                tuning.doubt()
                        .map(doubt -> "Not sure: " + doubt + ". The cheapest so far:")
                        .orElse("Recommended for the spec:"));
        print.println(
                policies.stream()
                        .filter(each -> each.name().equals(first.policy()))
                        .findFirst()
                        .orElseThrow()
                        .block());
        for (String file : List.of("report.html", "tune.json", "replay.json", "events.csv")) {
            print.printf("  %-16s %s%n", file, out.resolve(file));
        }
    }
}
