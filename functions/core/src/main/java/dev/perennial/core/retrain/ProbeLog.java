package dev.perennial.core.retrain;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.PackedJson;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * What a pipeline's probes and champions lost, period by period, since one of its champions was
 * first probed. Everything in it goes by periods, as in {@link Course}: a champion by the period in
 * which it came, a probe by the one before which it was trained, or with whose champion.
 *
 * @param format of this record's JSON
 * @param start of period 0
 * @param length of each period
 * @param live number of the champion that serves now
 * @param champions by period; those of {@link Course#models()}
 * @param probes their ONNX files by period; those of {@link Course#probes()}
 * @param periods what is known of each period whose labels are due, from the first one on
 */
public record ProbeLog(
        int format,
        Instant start,
        Duration length,
        Course course,
        int live,
        Map<Integer, Champion> champions,
        Map<Integer, ArtifactRef> probes,
        List<Period> periods) {
    /** Of the JSON that this version writes. */
    public static final int FORMAT = 1;

    /** A longer one begins anew, so that neither probes nor comparisons grow without end. */
    static final int MOST_PERIODS = 400;

    private static final int MOST_BEFORE = 100;

    /** So many periods may go by without a look. */
    private static final int MOST_MISSED = 2;

    /** Its square is above 0, too. */
    private static final double LEAST_UNIT = 1e-100;

    public ProbeLog {
        champions = new TreeMap<>(champions);
        probes = new TreeMap<>(probes);
        periods = List.copyOf(periods);
    }

    /**
     * A version that serves.
     *
     * @param since when it came
     */
    public record Champion(int version, Instant since) {}

    /**
     * What was lost on the labelled rows of one period.
     *
     * @param rows that are compared; 0: the period tells nothing
     * @param champions mean loss of each that came before its end
     * @param probes mean loss of each that was trained before its end
     * @param excess what each of them lost beyond the freshest of that time
     * @param beyondLater what each champion lost beyond each that came later
     */
    public record Period(
            int rows,
            Map<Integer, Double> champions,
            Map<Integer, Double> probes,
            Map<Integer, Difference> excess,
            Map<Integer, Map<Integer, Difference>> beyondLater) {
        /** Without a labelled row. */
        public static final Period EMPTY = new Period(0, Map.of(), Map.of(), Map.of(), Map.of());

        public Period {
            champions = new TreeMap<>(champions);
            probes = new TreeMap<>(probes);
            excess = new TreeMap<>(excess);
            beyondLater = new TreeMap<>(beyondLater);
        }

        /**
         * Compares.
         *
         * @param champions errors of each, row by row
         * @param probes those of each probe on the same rows; at least one
         * @param unit of an error: 1 of a classification; of a regression empty, then it is the
         *     freshest probe's mean
         */
        public static Period of(
                SortedMap<Integer, double[]> champions,
                SortedMap<Integer, double[]> probes,
                OptionalDouble unit) {
            int freshest = probes.lastKey();
            double[] fresh = errors(probes, freshest);
            double one = unit.orElseGet(() -> Math.max(mean(fresh), LEAST_UNIT));
            return new Period(
                    fresh.length,
                    means(champions),
                    means(probes),
                    beyond(probes.headMap(freshest), fresh, one),
                    beyondLater(champions, one));
        }

        private static Map<Integer, Difference> beyond(
                Map<Integer, double[]> errors, double[] others, double unit) {
            Map<Integer, Difference> beyond = new TreeMap<>();
            errors.forEach((number, each) -> beyond.put(number, Difference.of(each, others, unit)));
            return beyond;
        }

        private static Map<Integer, Map<Integer, Difference>> beyondLater(
                SortedMap<Integer, double[]> errors, double unit) {
            Map<Integer, Map<Integer, Difference>> beyond = new TreeMap<>();
            errors.forEach((later, its) ->
                    beyond(errors.headMap(later), its, unit)
                            .forEach((number, difference) ->
                                    beyond.computeIfAbsent(number, _ -> new TreeMap<>())
                                            .put(later, difference)));
            return beyond;
        }

        private static Map<Integer, Double> means(Map<Integer, double[]> errors) {
            Map<Integer, Double> means = new TreeMap<>();
            errors.forEach((number, each) -> means.put(number, mean(each)));
            return means;
        }

        private static double mean(double[] errors) {
            return Arrays.stream(errors).average().orElseThrow();
        }

        private static double[] errors(Map<Integer, double[]> all, int number) {
            return Optional.ofNullable(all.get(number)).orElseThrow();
        }
    }

    /**
     * Begins with a champion and a probe that was trained on its rows.
     *
     * @param now where a period ends
     * @param learned up to when the champion has learned: its age counts from then, or from at most
     *     {@value #MOST_BEFORE} periods ago
     */
    public static ProbeLog begin(
            Instant now, Duration length, Champion champion, Instant learned, ArtifactRef probe) {
        long age = Duration.between(learned, now).toMillis() / length.toMillis();
        return new ProbeLog(
                FORMAT,
                now.minus(length.multipliedBy(Math.clamp(age, 0, MOST_BEFORE))),
                length,
                Course.BEGINNING,
                0,
                Map.of(0, champion),
                Map.of(0, probe),
                List.of());
    }

    /**
     * Reads one.
     *
     * @throws UnknownLogFormatException if another version of the factory wrote it
     */
    static ProbeLog read(byte[] json) {
        int format = Json.tree("the probes' log", json).path("format").asInt(0);
        if (format != FORMAT) {
            throw new UnknownLogFormatException(format);
        }
        return Json.read("the probes' log", json, ProbeLog.class);
    }

    /** Reads one that is kept. */
    public static ProbeLog stored(ArtifactStore artifacts, ArtifactRef packed) {
        return read(PackedJson.unpack(packed.key(), artifacts.read(packed)));
    }

    /** The period of a moment; below 0 before the first. */
    public int period(Instant moment) {
        return Math.toIntExact(
                Math.floorDiv(Duration.between(start, moment).toMillis(), length.toMillis()));
    }

    /**
     * Whether a look may go on with this log; else it begins a new one.
     *
     * @param wanted length of a period
     * @param learned up to when the champion has learned, looked up where the log doesn't have it;
     *     of one that is older than the log nothing could be known
     */
    public boolean goesOn(Duration wanted, Champion champion, Supplier<Instant> learned) {
        boolean isKnown = number(champion.version()).isPresent();
        return length.equals(wanted)
                && course.period() <= MOST_PERIODS
                && (isKnown || !learned.get().isBefore(start));
    }

    /** When a period begins. */
    public Instant begin(int period) {
        return start.plus(length.multipliedBy(period));
    }

    /**
     * From when on a period's rows count: a champion that came in it may know those before. The
     * first one knows none of the log's.
     */
    public Instant comparableFrom(int period) {
        return Optional.ofNullable(champions.get(period))
                .filter(_ -> period > 0)
                .map(Champion::since)
                .filter(since -> since.isAfter(begin(period)))
                .orElseGet(() -> begin(period));
    }

    /** The version that serves. */
    public int version() {
        return version(live);
    }

    /** The version that a champion's number stands for. */
    public int version(int number) {
        return Optional.ofNullable(champions.get(number)).orElseThrow().version();
    }

    /** How many periods have their labels at a moment, of those that are over. */
    public int labelled(Instant now, Duration delay) {
        return Math.clamp(period(now.minus(delay)), 0, course.period());
    }

    /** How many rows a period has, in the mean of those that have any; 0 before the first. */
    public double rowsPerPeriod() {
        return periods.stream().mapToInt(Period::rows).filter(rows -> rows > 0).average().orElse(0);
    }

    /**
     * Up to the period that goes on.
     *
     * @param now that period
     * @param present the champion
     * @param probe trains a probe on a new champion's rows, by its number
     */
    public ProbeLog reach(int now, Champion present, IntFunction<ArtifactRef> probe) {
        // No earlier than what the log knows already; and the first period has its champion.
        int came = Math.max(period(present.since()), Math.max(course.period(), 1));
        if (present.version() == version()) {
            return served(live, now);
        }
        Optional<Integer> known = number(present.version());
        ProbeLog before = served(live, Math.min(came, now));
        if (known.isPresent()) {
            return before.served(known.get(), now).serving(known.get());
        }
        return came >= now // and serves a period of which nothing can be compared yet
                ? before
                : before.with(came, present, probe).served(came, now);
    }

    private Optional<Integer> number(int version) {
        return champions.entrySet().stream()
                .filter(each -> each.getValue().version() == version)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** With a version that is known here as the one that serves now. */
    public Optional<ProbeLog> servedBy(int version) {
        return number(version).map(this::serving);
    }

    private ProbeLog serving(int number) {
        return with(course, number, champions, probes);
    }

    /**
     * Whether a decision may go by it: the last look was not long ago, and labels have told
     * something.
     */
    public boolean isCurrent(Instant now) {
        return period(now) - course.period() <= MOST_MISSED
                && periods.stream().anyMatch(period -> period.rows() > 0);
    }

    private ProbeLog served(int number, int now) {
        List<Integer> served = new ArrayList<>(course.served());
        while (served.size() < now) {
            served.add(number);
        }
        return with(
                new Course(course.models(), served, course.probes()), number, champions, probes);
    }

    private ProbeLog with(int number, Champion champion, IntFunction<ArtifactRef> probe) {
        List<Integer> models = new ArrayList<>(course.models());
        models.add(number);
        Map<Integer, Champion> more = new TreeMap<>(champions);
        more.put(number, champion);
        ProbeLog probed = probes.containsKey(number) ? this : probed(number, probe.apply(number));
        return probed.with(
                new Course(models, course.served(), probed.course.probes()),
                number,
                more,
                probed.probes);
    }

    /** With a probe that was trained before the period that goes on. */
    public ProbeLog probed(ArtifactRef probe) {
        return probed(course.period(), probe);
    }

    private ProbeLog probed(int number, ArtifactRef probe) {
        List<Integer> numbers = new ArrayList<>(course.probes());
        numbers.add(number);
        Map<Integer, ArtifactRef> more = new TreeMap<>(probes);
        more.put(number, probe);
        return with(new Course(course.models(), course.served(), numbers), live, champions, more);
    }

    private ProbeLog with(
            Course next,
            int serving,
            Map<Integer, Champion> allChampions,
            Map<Integer, ArtifactRef> allProbes) {
        return new ProbeLog(format, start, length, next, serving, allChampions, allProbes, periods);
    }

    /** With one more period that has its labels. */
    public ProbeLog with(Period period) {
        List<Period> more = new ArrayList<>(periods);
        more.add(period);
        return new ProbeLog(format, start, length, course, live, champions, probes, more);
    }
}
