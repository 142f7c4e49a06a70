package dev.perennial.aws;

import dev.perennial.core.json.Json;
import dev.perennial.core.promotion.Answer;
import dev.perennial.core.promotion.Answers;
import dev.perennial.core.promotion.Question;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.InvalidTokenException;
import software.amazon.awssdk.services.sfn.model.TaskDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.TaskTimedOutException;

/** Answers as results of the tasks that wait for their tokens. */
public final class StepFunctionsAnswers implements Answers {
    private final SfnClient stepFunctions;

    public StepFunctionsAnswers(SfnClient stepFunctions) {
        this.stepFunctions = stepFunctions;
    }

    @Override
    public boolean send(Question question, Answer answer) {
        return isTaken(() ->
                stepFunctions.sendTaskSuccess(request ->
                        request.taskToken(question.token())
                                .output(new String(Json.write(answer), StandardCharsets.UTF_8))));
    }

    @Override
    public boolean isAwaited(Question question) {
        return isTaken(() ->
                stepFunctions.sendTaskHeartbeat(request -> request.taskToken(question.token())));
    }

    private static boolean isTaken(Runnable call) {
        try {
            call.run();
            return true;
        } catch (TaskTimedOutException | TaskDoesNotExistException | InvalidTokenException over) {
            return false;
        }
    }
}
