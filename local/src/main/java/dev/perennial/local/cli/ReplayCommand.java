package dev.perennial.local.cli;

import dev.perennial.core.json.Json;
import dev.perennial.local.Hosting;
import dev.perennial.local.replay.Policy;
import dev.perennial.local.replay.ReplayFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
                    "When to retrain: spec, never, sundays, alarms, sundays+alarms, or a YAML file with a retrain block; several are compared (default: spec, never, sundays).")
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
        SpecFile spec = SpecFile.replayable(pipeline);
        Instant begin = RunCommand.time("--from", from);
        List<Policy> compared = new ArrayList<>();
        for (String each : policies) {
            compared.add(policy(each));
        }
        Optional<Instant> end =
                Optional.ofNullable(until).map(text -> RunCommand.time("--until", text));
        ReplayFiles.Summary summary =
                new Comparison(
                                main.home().resolve("packages"),
                                Hosting.of(fast),
                                command.commandLine().getErr())
                        .of(spec, UserData.at(data), begin, end, compared, out);
        PrintWriter print = command.commandLine().getOut();
        if (json) {
            print.println(new String(Json.pretty(summary), StandardCharsets.UTF_8));
        } else {
            Comparison.print(print, summary, out);
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
}
