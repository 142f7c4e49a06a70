package dev.perennial.core.run;

/** How a run stands or ended. */
public enum RunStatus {
    RUNNING,
    /** A person is asked whether its version may become champion. */
    AWAITING_APPROVAL,
    /** A candidate passed the gates and is champion. */
    PROMOTED,
    /** The gates kept every candidate out, or whoever was asked said no. */
    REJECTED,
    /** Validation found the data unfit. */
    DATA_REJECTED,
    /** Something broke. */
    FAILED
}
