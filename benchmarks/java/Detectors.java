import dev.perennial.core.drift.Adwin;
import dev.perennial.core.drift.Ddm;
import dev.perennial.core.drift.Eddm;
import dev.perennial.core.drift.ErrorDetector;
import dev.perennial.core.drift.HddmA;
import dev.perennial.core.drift.HddmW;
import dev.perennial.core.drift.PageHinkley;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;

/** Detectors at one false-alarm rate, see benchmarks/detectors. */
class Detectors {
    private static final int ROWS = 5_000;
    private static final int CHANGE = 2_000;
    private static final double FALSE_ALARMS = 0.05;
    private static final int NEVER = Integer.MAX_VALUE;

    /** Where the larger the parameter, the rarer the alarms. */
    private static final Map<String, DoubleFunction<ErrorDetector>> DETECTORS = new LinkedHashMap<>();

    static {
        DETECTORS.put(
                "Page-Hinkley",
                x ->
                        PageHinkley.start(
                                new PageHinkley.Settings(1, 0.025, x, 1), new PageHinkley.Mean(0.2, 2_000)));
        DETECTORS.put(
                "Page-Hinkley, nothing known",
                x -> PageHinkley.start(new PageHinkley.Settings(30, 0.005, x, 0.9999), PageHinkley.Mean.UNKNOWN));
        DETECTORS.put("ADWIN", x -> Adwin.start(new Adwin.Settings(Math.exp(-x), 32, 5, 5, 10)));
        DETECTORS.put("DDM", x -> Ddm.start(new Ddm.Settings(30, x)));
        DETECTORS.put("EDDM", x -> Eddm.start(new Eddm.Settings(30, 1 / (1 + x))));
        DETECTORS.put("HDDM-A", x -> HddmA.start(Math.exp(-x)));
        DETECTORS.put("HDDM-W", x -> HddmW.start(new HddmW.Settings(Math.exp(-x), 0.05)));
    }

    /** Error rates before and after, and over how many rows one becomes the other. */
    record Rise(double after, int rows) {
        double rate(int row) {
            return 0.2 + (after - 0.2) * Math.clamp((row - CHANGE + 1.0) / rows, 0, 1);
        }
    }

    private static final List<Rise> RISES =
            List.of(new Rise(0.25, 1), new Rise(0.3, 1), new Rise(0.4, 1), new Rise(0.3, 2_000));

    public static void main(String[] arguments) {
        int streams = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 400;
        for (double lasting : new double[] {0, 0.5}) {
            System.out.printf(Locale.ROOT, "%nan error repeats the one before with probability %.1f%n%-28s", lasting, "");
            RISES.forEach(rise ->
                    System.out.printf(
                            Locale.ROOT, " | 20 to %.0f %%%s", 100 * rise.after(),
                            rise.rows() == 1 ? "       " : " slowly"));
            System.out.println();
            DETECTORS.forEach((name, start) -> {
                double threshold = threshold(start, streams, lasting);
                System.out.printf("%-28s", name);
                for (Rise rise : RISES) {
                    int[] delays =
                            IntStream.range(0, streams)
                                    .map(seed -> alarm(start.apply(threshold), rise, seed + 1_000_000, lasting, CHANGE))
                                    .filter(at -> at != NEVER)
                                    .map(at -> at - CHANGE)
                                    .sorted()
                                    .toArray();
                    System.out.printf(
                            Locale.ROOT, " | %3d %% %8s", Math.round(100.0 * delays.length / streams),
                            delays.length == 0 ? "" : String.valueOf(delays[delays.length / 2]));
                }
                System.out.println();
            });
        }
    }

    /** Bisected until as many streams without change raise an alarm as may. */
    private static double threshold(DoubleFunction<ErrorDetector> start, int streams, double lasting) {
        double low = 0;
        double high = 200;
        for (int i = 0; i < 18; i++) {
            double middle = (low + high) / 2;
            long alarms =
                    IntStream.range(0, streams)
                            .parallel()
                            .filter(seed -> alarm(start.apply(middle), new Rise(0.2, 1), seed, lasting, 0) != NEVER)
                            .count();
            if (alarms > FALSE_ALARMS * streams) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** The first alarm from a row on. */
    private static int alarm(ErrorDetector fresh, Rise rise, int seed, double lasting, int from) {
        SplittableRandom random = new SplittableRandom(seed);
        ErrorDetector detector = fresh;
        double value = 0;
        for (int row = 0; row < ROWS; row++) {
            value = row > 0 && random.nextDouble() < lasting ? value : random.nextDouble() < rise.rate(row) ? 1 : 0;
            detector = detector.update(value);
            if (detector.alarm() && row >= from) {
                return row;
            }
        }
        return NEVER;
    }
}
