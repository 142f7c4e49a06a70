package dev.perennial.core.store;

import dev.perennial.core.text.Shortened;
import java.time.LocalDate;
import java.util.regex.Pattern;

/** The layout of the store, and the guard that no name leaves its folder. */
public final class Keys {
    private static final Pattern KEY =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9!_.*'()=-]*(/[A-Za-z0-9][A-Za-z0-9!_.*'()=-]*)*");
    private static final int MAX_LENGTH = 900;

    private Keys() {}

    /**
     * Returns the key.
     *
     * @throws IllegalArgumentException if it has empty, hidden or relative parts, or characters
     *     that need escaping
     */
    public static String check(String key) {
        if (key.length() > MAX_LENGTH || key.contains("..") || !KEY.matcher(key).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no key: letters, digits and ._=- in parts divided by /"
                            .formatted(Shortened.shown(key, 200)));
        }
        return key;
    }

    /** The mutable pipeline spec. */
    public static String spec(String pipeline) {
        return check("pipelines/" + pipeline + "/spec.yaml");
    }

    /** Where a source's files lie, in {@code date=YYYY-MM-DD} partitions or directly. */
    public static String source(String source) {
        return check("store/" + source) + "/";
    }

    public static String snapshot(Digest manifest, String file) {
        return check("snapshots/" + manifest.hex() + "/" + file);
    }

    /** What a step of a run wrote. */
    public static String step(String run, String step, String file) {
        return check("runs/" + run + "/" + step + "/" + file);
    }

    /**
     * What belongs to a registered version. The run is part of it: a run that loses the race for a
     * number leaves no trace in the winner's folder.
     */
    public static String model(String pipeline, int version, String run, String file) {
        return check("models/%s/%d/%s/%s".formatted(pipeline, version, run, file));
    }

    /** A batch of live predictions or labels, by the day it came. */
    public static String live(String pipeline, String kind, LocalDate day, Digest content) {
        return check("live/%s/%s/date=%s/%s.parquet".formatted(pipeline, kind, day, content.hex()));
    }

    /** Predictions that the queue didn't take, as the message that it should have. */
    public static String notCaptured(String pipeline, LocalDate day, Digest content) {
        return check(
                "live/%s/not-captured/date=%s/%s.json".formatted(pipeline, day, content.hex()));
    }

    /** What the monitor keeps from one look to the next, or found. */
    public static String monitor(String pipeline, String file) {
        return check("live/%s/monitor/%s".formatted(pipeline, file));
    }
}
