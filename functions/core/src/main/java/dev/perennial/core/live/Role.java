package dev.perennial.core.live;

/** As what a version made a prediction. */
public enum Role {
    /** Its answer went to the caller. */
    CHAMPION,
    /** Its answer went to the caller, who belongs to the share that tries a challenger. */
    CANARY,
    /** Nobody was answered: the champion answered the same row under the same id. */
    SHADOW
}
