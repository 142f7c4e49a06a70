package dev.perennial.core.drift;

import java.util.ArrayList;
import java.util.List;

/**
 * Adaptive windowing (Bifet and Gavaldà 2007, <i>Learning from Time-Changing Data with Adaptive
 * Windowing</i>): keeps as long a window as has one mean, in an exponential histogram; an alarm
 * where an older and a newer part differ by more than chance allows, up or down. The older part is
 * then dropped; as in River, the value after an alarm begins with an empty window all the same.
 * Step by step River's {@code drift.ADWIN}.
 *
 * @param seen values since the start
 * @param width values in the window
 * @param total their sum
 * @param variance sum of their squared deviations from their mean
 * @param rows buckets of 2ⁱ values in row i, in each the oldest first
 */
public record Adwin(
        Settings settings,
        long seen,
        double width,
        double total,
        double variance,
        List<List<Bucket>> rows,
        boolean alarm)
        implements ErrorDetector {
    /**
     * Settings; the defaults of River are 0.002, 32, 5, 5 and 10.
     *
     * @param delta bound of the probability of a false alarm at one look
     * @param clock values between two looks
     * @param buckets most of one size
     * @param leastPart values in a part that is compared
     * @param grace values in the window up to which there is no look
     */
    public record Settings(double delta, int clock, int buckets, int leastPart, int grace) {
        public static final Settings RIVER = new Settings(0.002, 32, 5, 5, 10);

        public Settings {
            ErrorDetector.require(delta > 0 && delta < 1, "delta is between 0 and 1", delta);
            ErrorDetector.require(clock >= 1, "clock is at least 1", clock);
            ErrorDetector.require(buckets >= 2, "buckets are at least 2", buckets);
            ErrorDetector.require(leastPart >= 1, "leastPart is at least 1", leastPart);
        }
    }

    /** The sum of neighbouring values and of their squared deviations. */
    public record Bucket(double total, double variance) {}

    public Adwin {
        rows = rows.stream().map(List::copyOf).toList();
    }

    /** Before the first value. */
    public static Adwin start(Settings settings) {
        return new Adwin(settings, 0, 0, 0, 0, List.of(), false);
    }

    @Override
    public Adwin update(double value) {
        return (alarm ? start(settings) : this).new Window().take(ErrorDetector.finite(value));
    }

    /** The window while it changes. */
    private final class Window {
        private final List<List<Bucket>> buckets = new ArrayList<>();
        private double length = width;
        private double sum = total;
        private double squares = variance;

        Window() {
            rows.forEach(row -> buckets.add(new ArrayList<>(row)));
        }

        Adwin take(double value) {
            if (buckets.isEmpty()) {
                buckets.add(new ArrayList<>());
            }
            buckets.getFirst().add(new Bucket(value, 0));
            length++;
            if (length > 1) {
                squares += between(length - 1, 1, value - sum / (length - 1));
            }
            sum += value;
            compress();
            boolean changed = false;
            if ((seen + 1) % settings.clock() == 0 && length > settings.grace()) {
                while (cut()) {
                    dropOldest();
                    changed = true;
                }
            }
            return new Adwin(settings, seen + 1, length, sum, squares, buckets, changed);
        }

        private void compress() {
            for (int row = 0; buckets.get(row).size() > settings.buckets(); row++) {
                if (row + 1 == buckets.size()) {
                    buckets.add(new ArrayList<>());
                }
                List<Bucket> full = buckets.get(row);
                Bucket older = full.removeFirst();
                Bucket newer = full.removeFirst();
                double size = size(row);
                double difference = older.total() / size - newer.total() / size;
                buckets.get(row + 1)
                        .add(
                                new Bucket(
                                        older.total() + newer.total(),
                                        older.variance()
                                                + newer.variance()
                                                + between(size, size, difference)));
            }
        }

        /** Whether some older part differs from the rest. */
        private boolean cut() {
            double older = 0;
            double olderSum = 0;
            double newer = length;
            double newerSum = sum;
            for (int row = buckets.size() - 1; row >= 0; row--) {
                // The newest value alone is no part to compare with.
                int compared = buckets.get(row).size() - (row == 0 ? 1 : 0);
                for (int i = 0; i < compared; i++) {
                    older += size(row);
                    newer -= size(row);
                    olderSum += buckets.get(row).get(i).total();
                    newerSum -= buckets.get(row).get(i).total();
                    if (newer >= settings.leastPart()
                            && older >= settings.leastPart()
                            && differ(older, newer, olderSum / older - newerSum / newer)) {
                        return true;
                    }
                }
            }
            return false;
        }

        private boolean differ(double older, double newer, double difference) {
            double confidence = Math.log(2 * Math.log(length) / settings.delta());
            double parts =
                    1 / (older - settings.leastPart() + 1) + 1 / (newer - settings.leastPart() + 1);
            double chance =
                    Math.sqrt(2 * parts * Math.max(0, squares) / length * confidence)
                            + 2.0 / 3 * confidence * parts;
            return Math.abs(difference) > chance;
        }

        private void dropOldest() {
            int row = buckets.size() - 1;
            Bucket oldest = buckets.get(row).removeFirst();
            double size = size(row);
            length -= size;
            sum -= oldest.total();
            double difference = oldest.total() / size - sum / length;
            squares -= oldest.variance() + between(size, length, difference);
            if (buckets.get(row).isEmpty()) {
                buckets.removeLast();
            }
        }

        /**
         * What two parts' squared deviations gain where they are joined, their means so far apart.
         */
        private static double between(double older, double newer, double difference) {
            return older * newer * difference * difference / (older + newer);
        }

        private static double size(int row) {
            return 1L << row;
        }
    }
}
