package dev.perennial.local.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code perennial approve}: a person's answer to a run that asks. */
@Command(name = "approve", description = "Let a run that waits for approval promote its version.")
final class ApproveCommand extends AnswerCommand implements Callable<Integer> {
    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "approved",
            description = "What the run's record says (default: ${DEFAULT-VALUE}).")
    private String reason = "";

    @Override
    public Integer call() {
        return answer(true, reason);
    }
}
