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

    /** The mutable definition of a feature view. */
    public static String view(String view) {
        return check("store/" + view + "/view.yaml");
    }

    /** Rows of a batch of a view, of one day. */
    public static String part(String view, LocalDate day, Digest batch, Digest content) {
        return check(
                "store/%s/date=%s/%s-%s.parquet"
                        .formatted(view, day, batch.abbreviated(), content.abbreviated()));
    }

    /** The manifest that makes a batch of a view visible. */
    public static String batch(String view, Digest batch) {
        return check(batches(view) + batch.hex() + ".json");
    }

    /** Where the manifests of a view's batches lie. */
    public static String batches(String view) {
        return check("store/" + view + "/batches") + "/";
    }

    /** What a batch of a view left out. */
    public static String leftOut(String view, Digest batch, Digest content) {
        return check(
                "store/%s/left-out/%s-%s.json"
                        .formatted(view, batch.abbreviated(), content.abbreviated()));
    }

    /** Says that the online store has the rows of a batch. */
    public static String online(String view, Digest batch) {
        return check("store/%s/online/%s.json".formatted(view, batch.hex()));
    }

    /** Says which batch of a view has the rows of a file. */
    public static String ingestedFile(String view, Digest file) {
        return check("store/%s/sources/%s.json".formatted(view, file.hex()));
    }

    /**
     * Where a file goes that can't be used.
     *
     * @param name of the file; what a key can't hold is replaced
     */
    public static String quarantine(String view, Digest file, String name) {
        return check("quarantine/%s/%s/%s".formatted(storable(view), file.hex(), storable(name)));
    }

    private static String storable(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9!_.*'()=-]", "_").replace("..", "__");
        return plain.isEmpty() || !Character.isLetterOrDigit(plain.charAt(0))
                ? "of-" + plain
                : plain;
    }

    /** A copy of the manifests of a view's first batches; the last key has the most. */
    public static String batchIndex(String view, int batches, Digest content) {
        return check(
                "%s%010d-%s.json".formatted(batchIndexes(view), batches, content.abbreviated()));
    }

    /** Where copies of a view's manifests lie. */
    public static String batchIndexes(String view) {
        return check("store/" + view + "/index") + "/";
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

    /** What is known of a pipeline's probes. */
    public static String probes(String pipeline, String file) {
        return check("live/%s/probes/%s".formatted(pipeline, file));
    }

    /** What the monitor keeps from one look to the next, or found. */
    public static String monitor(String pipeline, String file) {
        return check("live/%s/monitor/%s".formatted(pipeline, file));
    }
}
