package dev.perennial.aws;

import dev.perennial.core.trigger.RunStarter;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;

/** Runs as executions of a standard workflow, which refuses a name for 90 days after. */
public final class StepFunctionsRuns implements RunStarter {
    private final SfnClient sfn;
    private final String stateMachineArn;

    /**
     * @param stateMachineArn its own, or that of a version or alias of it
     */
    public StepFunctionsRuns(SfnClient sfn, String stateMachineArn) {
        this.sfn = sfn;
        this.stateMachineArn = stateMachineArn;
    }

    @Override
    public void start(String run, String input) {
        try {
            AwsCall.of(
                    "starting run " + run,
                    () ->
                            sfn.startExecution(request ->
                                    request.stateMachineArn(stateMachineArn)
                                            .name(run)
                                            .input(input)));
        } catch (ExecutionAlreadyExistsException started) {
            // By an earlier attempt: that is what is wanted.
        }
    }

    @Override
    public boolean isRunning(String run) {
        try {
            return AwsCall.of(
                                    "looking at run " + run,
                                    () ->
                                            sfn.describeExecution(request ->
                                                    request.executionArn(executionArn(run))))
                            .status()
                    == ExecutionStatus.RUNNING;
        } catch (ExecutionDoesNotExistException gone) {
            return false;
        }
    }

    /** An execution's ARN names neither version nor alias. */
    private String executionArn(String run) {
        return stateMachineArn.replaceFirst(":stateMachine:([^:]+).*", ":execution:$1:") + run;
    }
}
