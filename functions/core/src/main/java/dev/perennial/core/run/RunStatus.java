package dev.perennial.core.run;

/** How a run stands or ended. */
public enum RunStatus {
    RUNNING,
    /** A candidate passed the gates and is champion. */
    PROMOTED,
    /** The gates kept every candidate out. */
    REJECTED,
    /** Validation found the data unfit. */
    DATA_REJECTED,
    /** Something broke. */
    FAILED
}
