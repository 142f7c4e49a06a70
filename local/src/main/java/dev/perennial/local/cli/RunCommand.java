package dev.perennial.local.cli;

import dev.perennial.core.registry.Alias;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.PromotionSpec;
import dev.perennial.core.table.EventTime;
import dev.perennial.local.Home;
import dev.perennial.local.Hosting;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.template.Stack;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** One execution of the state machine on the user's data. */
@Command(
        name = "run",
        description = "Run the factory once on a CSV or Parquet file, or a folder of them.",
        footer = {
            "",
            "Exit codes: 0 promoted, 3 gates rejected it, 4 validation rejected the data, 2 wrong usage or spec, 1 anything else."
        })
final class RunCommand implements Callable<Integer> {
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
            description = "Rows to learn from.")
    private Path data = Path.of("");

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "Leave out rows from this time on (ISO-8601; default: now).")
    private @Nullable String until;

    @Option(
            names = "--as-of",
            paramLabel = "TIME",
            description =
                    "Leave out what feature views learned after this time (ISO-8601; default: nothing).")
    private @Nullable String asOf;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the run's files go (default: in the home folder).")
    private @Nullable Path out;

    @Option(
            names = "--run",
            paramLabel = "ID",
            description = "The run's name (default: made from pipeline and time).")
    private @Nullable String run;

    @Option(
            names = "--events",
            paramLabel = "DIR",
            description =
                    "Keep what each function is given, for 'perennial invoke' and 'sam local invoke'.")
    private @Nullable Path events;

    @Option(
            names = "--fast",
            description =
                    "Run the functions in this process: the same classes, no start-ups, no isolation.")
    private boolean fast;

    @Option(names = "--json", description = "Print run.json instead of words.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Optional<Instant> limit = Optional.ofNullable(until).map(text -> time("--until", text));
        Optional<Instant> known = Optional.ofNullable(asOf).map(text -> time("--as-of", text));
        Optional<String> name = Optional.ofNullable(run).map(FactoryRun::checked);
        SpecFile spec = SpecFile.read(pipeline);
        UserData rows = UserData.at(data);
        InstantSource clock = InstantSource.system();
        Progress progress =
                new Progress(
                        command.commandLine().getErr(), command.commandLine().getColorScheme());
        Stack stack = Project.stack(spec.spec());
        main.sayNotEnforced(stack, command.commandLine().getErr());
        try (Home home = Home.take(main.home());
                LocalCloud cloud =
                        LocalCloud.open(home, stack, clock, progress, Hosting.of(fast))) {
            checkAnybodyCanDecide(spec.spec(), cloud);
            FactoryRun factory = new FactoryRun(home, cloud, clock);
            FactoryRun.Result result =
                    factory.run(
                            new FactoryRun.Request(
                                    spec,
                                    rows,
                                    limit,
                                    known,
                                    name,
                                    Optional.ofNullable(out),
                                    Optional.ofNullable(events)));
            if (json) {
                command.commandLine().getOut().println(result.json());
            } else {
                result.print(command.commandLine().getOut());
            }
            Failures.fullDisk(main.home(), result.document().path("reason").asString(""))
                    .ifPresent(command.commandLine().getErr()::println);
            return result.exitCode();
        }
    }

    /** One run by itself has nobody to ask, and no traffic. */
    private static void checkAnybodyCanDecide(PipelineSpec spec, LocalCloud cloud) {
        PromotionSpec.Mode mode = spec.promotion().mode();
        boolean first = cloud.registry().alias(spec.name(), Alias.CHAMPION).isEmpty();
        if (mode == PromotionSpec.Mode.APPROVAL || (mode.predictsBeside() && !first)) {
            throw new WrongUsageException(
                    "promotion.mode is '%s', but nobody can decide while one run holds the home; start 'perennial up' and then 'perennial trigger', or run a spec with 'mode: gates'"
                            .formatted(mode.name().toLowerCase(Locale.ROOT)));
        }
    }

    static Instant time(String option, String text) {
        try {
            return EventTime.instant(EventTime.parse(text));
        } catch (IllegalArgumentException unreadable) {
            throw new WrongUsageException(
                    "%s %s: %s".formatted(option, text, unreadable.getMessage()));
        }
    }
}
