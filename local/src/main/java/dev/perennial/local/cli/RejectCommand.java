package dev.perennial.local.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code perennial reject}: a person's answer to a run that asks. */
@Command(
        name = "reject",
        description = "Keep a run that waits for approval from promoting its version.")
final class RejectCommand implements Callable<Integer> {
    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec command;

    @Parameters(paramLabel = "RUN", description = "The run that asks; 'status' names it.")
    private String run = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "rejected",
            description = "What the run's record says (default: ${DEFAULT-VALUE}).")
    private String reason = "";

    @Override
    public Integer call() {
        return Answering.answer(main, command, run, false, reason);
    }
}
