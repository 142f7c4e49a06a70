package dev.perennial.core.live;

import java.util.List;

/**
 * In which order batches came, without gaps: who read up to a number has to read what comes after
 * it, and never anything before.
 */
public interface LiveLog {
    /**
     * Appends a batch. One with the same digest that is there already keeps its number: a retry is
     * harmless.
     *
     * @return its number, from 1
     */
    long append(String pipeline, LiveBatch batch);

    /** The batches behind a number, in their order, at most so many. */
    List<Entry> after(String pipeline, long sequence, int most);

    /** A batch in its place. */
    record Entry(long sequence, LiveBatch batch) {}
}
