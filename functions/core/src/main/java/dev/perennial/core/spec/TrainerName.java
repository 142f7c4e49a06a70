package dev.perennial.core.spec;

/** The trainers a spec can name. */
public enum TrainerName {
    XGBOOST,
    LINEAR
}
