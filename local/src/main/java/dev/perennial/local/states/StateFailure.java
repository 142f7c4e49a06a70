package dev.perennial.local.states;

import java.io.Serial;

/**
 * An error name and cause on their way from where they arose to a Retry, a Catch or the end of the
 * execution.
 */
final class StateFailure extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    static final String ALL = "States.ALL";
    static final String TASK_FAILED = "States.TaskFailed";
    static final String TIMEOUT = "States.Timeout";
    static final String HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout";
    static final String RUNTIME = "States.Runtime";
    static final String DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded";
    static final String NO_CHOICE_MATCHED = "States.NoChoiceMatched";
    static final String QUERY_EVALUATION = "States.QueryEvaluationError";

    private final String error;
    private final String reason;

    StateFailure(String error, String reason) {
        super(error + ": " + reason, null, false, false);
        this.error = error;
        this.reason = reason;
    }

    String error() {
        return error;
    }

    /** The text that Step Functions calls the cause. */
    String reason() {
        return reason;
    }
}
