package dev.perennial.local.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code perennial approve}: a person's answer to a run that asks. */
@Command(name = "approve", description = "Let a run that waits for approval promote its version.")
final class ApproveCommand implements Callable<Integer> {
    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec command;

    @Parameters(paramLabel = "RUN", description = "The run that asks; 'status' names it.")
    private String run = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "approved",
            description = "What the run's record says (default: ${DEFAULT-VALUE}).")
    private String reason = "";

    @Override
    public Integer call() {
        return Answering.answer(main, command, run, true, reason);
    }
}
