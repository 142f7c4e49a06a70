package dev.perennial.local.cli;

import dev.perennial.aws.StepFunctionsAnswers;
import dev.perennial.core.promotion.Answer;
import dev.perennial.core.promotion.Question;
import dev.perennial.local.aws.Clients;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.sfn.SfnClient;

/** Sends a person's answer to the state machine that waits for it. */
abstract class AnswerCommand {
    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec command;

    @Parameters(paramLabel = "RUN", description = "The run that asks; 'status' names it.")
    private String run = "";

    final int answer(boolean promote, String reason) {
        return CloudView.with(
                main,
                view -> {
                    Question question = question(view);
                    Answer answer =
                            new Answer(
                                    promote, System.getProperty("user.name", "somebody"), reason);
                    try (SfnClient sfn =
                            Clients.stepFunctions(
                                    view.cloud().stepFunctions(), view.cloud().credentials())) {
                        if (!new StepFunctionsAnswers(sfn).send(question, answer)) {
                            view.questions().close(question.pipeline(), run);
                            throw new WrongUsageException("run %s waits no more".formatted(run));
                        }
                    }
                    command.commandLine()
                            .getOut()
                            .printf(
                                    "Version %d of %s: %s.%n",
                                    question.version(),
                                    question.pipeline(),
                                    promote ? "approved" : "rejected");
                    return Main.OK;
                });
    }

    private Question question(CloudView view) {
        List<Question> open =
                view.registry().pipelines().stream()
                        .flatMap(each -> view.questions().open(each).stream())
                        .toList();
        return open.stream()
                .filter(each -> each.run().equals(run))
                .findFirst()
                .orElseThrow(() ->
                        new WrongUsageException(
                                open.isEmpty()
                                        ? "no run asks for anything"
                                        : "run '%s' doesn't ask; these do: %s"
                                                .formatted(
                                                        run,
                                                        String.join(
                                                                ", ",
                                                                open.stream()
                                                                        .map(Question::run)
                                                                        .toList()))));
    }
}
