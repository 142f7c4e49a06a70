package dev.perennial.local.states;

import java.util.List;

/** Which error names a Retry's or Catch's ErrorEquals covers. */
final class ErrorNames {
    private ErrorNames() {}

    /**
     * States.ALL covers all but the two terminal errors; States.TaskFailed covers all but those and
     * States.Timeout. States.Timeout also covers a missing heartbeat, as AWS documents it. A
     * States.Runtime always ends the execution.
     */
    static boolean cover(List<String> errorEquals, String error) {
        if (error.equals(StateFailure.RUNTIME)) {
            return false;
        }
        if (errorEquals.contains(error)) {
            return true;
        }
        if (error.equals(StateFailure.HEARTBEAT_TIMEOUT)
                && errorEquals.contains(StateFailure.TIMEOUT)) {
            return true;
        }
        if (error.equals(StateFailure.DATA_LIMIT_EXCEEDED)) {
            return false;
        }
        return errorEquals.contains(StateFailure.ALL)
                || (errorEquals.contains(StateFailure.TASK_FAILED)
                        && !error.equals(StateFailure.TIMEOUT));
    }
}
