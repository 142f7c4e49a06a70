package dev.perennial.local.aws;

import java.util.function.Supplier;

/** Hears of objects that were created. */
@FunctionalInterface
public interface ObjectListener {
    /** Nobody listens. */
    ObjectListener NONE = (_, _, _, _) -> {};

    /**
     * An object was created.
     *
     * @param reason the API call, as S3's event names it
     * @param object what it is; looked up when it is asked for
     */
    void created(String bucket, String key, String reason, Supplier<Created> object);

    /**
     * What is known of it.
     *
     * @param size in bytes
     * @param eTag without quotes
     */
    record Created(long size, String eTag) {}
}
