package dev.perennial.local.cli;

import dev.perennial.core.spec.InvalidSpecException;
import dev.perennial.local.template.Stack;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code perennial}. */
@Command(
        name = "perennial",
        description = "Keeps a tabular model fresh: runs the training factory on this machine.",
        version = "perennial 0.1.0",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            DemoCommand.class,
            InitCommand.class,
            CheckCommand.class,
            ExpectCommand.class,
            ModelsCommand.class,
            ShowCommand.class,
            InvokeCommand.class,
            UpCommand.class,
            PredictCommand.class,
            FeedbackCommand.class,
            TriggerCommand.class,
            StatusCommand.class,
            FeaturesCommand.class,
            SnapshotCommand.class,
            DoctorCommand.class,
            ApproveCommand.class,
            RejectCommand.class,
            RollbackCommand.class,
            ReplayCommand.class,
            TuneCommand.class,
            GenerateCompletion.class
        })
public final class Main implements Runnable {
    /** Held, since a logger that nobody holds forgets its level. */
    private static final Logger PARQUET = Logger.getLogger("dev.hardwood");

    private static final Path DEFAULT_HOME = Path.of(".perennial");

    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int GATES_REJECTED = 3;
    static final int DATA_REJECTED = 4;

    @Spec private CommandSpec spec;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            defaultValue = ".perennial",
            description = "Where the local cloud keeps its state (default: ${DEFAULT-VALUE}).")
    private Path home = DEFAULT_HOME;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Show stack traces, and what of the template has no effect here.")
    private boolean verbose;

    /** Another command of this home, as its user would type it. */
    String hint(String command) {
        String typed = System.getProperty("perennial.command", "scripts/perennial");
        String where = home.equals(DEFAULT_HOME) ? "" : " --home " + home;
        return "%s %s%s".formatted(typed, command, where);
    }

    Path home() {
        return home;
    }

    /** Says what the template asks for and this machine doesn't do, to those who want to know. */
    void sayNotEnforced(Stack stack, PrintWriter err) {
        if (verbose) {
            stack.notEnforced().forEach(each -> err.println("without effect here: " + each));
            err.flush();
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? See perennial --help.");
    }

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT); // numbers in specs and reports are the same everywhere
        PARQUET.setLevel(Level.WARNING); // it tells each user which instructions it lacks
        Main main = new Main();
        CommandLine line = main.commandLine();
        int code = line.execute(arguments);
        if (code == FAILED) {
            List<Path> written = List.of(main.home, Path.of(System.getProperty("java.io.tmpdir")));
            Failures.fullDisk(written).ifPresent(line.getErr()::println);
        }
        line.getOut().flush();
        line.getErr().flush();
        System.exit(code);
    }

    private CommandLine commandLine() {
        CommandLine line = new CommandLine(this);
        line.setExecutionExceptionHandler((failure, command, _) -> {
            command.getErr()
                    .println(command.getColorScheme().errorText(Failures.sentence(failure)));
            if (verbose) {
                failure.printStackTrace(command.getErr());
            }
            return failure instanceof InvalidSpecException || failure instanceof WrongUsageException
                    ? USAGE
                    : FAILED;
        });
        return line;
    }
}
