package dev.perennial.local.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code perennial reject}: a person's answer to a run that asks. */
@Command(
        name = "reject",
        description = "Keep a run that waits for approval from promoting its version.")
final class RejectCommand extends AnswerCommand implements Callable<Integer> {
    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "rejected",
            description = "What the run's record says (default: ${DEFAULT-VALUE}).")
    private String reason = "";

    @Override
    public Integer call() {
        return answer(false, reason);
    }
}
