import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.perennial.core.drift.PageHinkley;
import dev.perennial.core.json.Json;
import dev.perennial.core.retrain.Advice;
import dev.perennial.core.retrain.BreakEven;
import dev.perennial.core.retrain.Course;
import dev.perennial.core.retrain.Difference;
import dev.perennial.core.retrain.Evidence;
import dev.perennial.core.retrain.FixedPeriod;
import dev.perennial.core.retrain.Never;
import dev.perennial.core.retrain.OnAlarm;
import dev.perennial.core.retrain.OwnErrors;
import dev.perennial.core.retrain.RetrainingPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Plays a policy through streams, see benchmarks/retraining. */
class Retraining {
    private static final double[] PRICES = {0.03, 0.1, 0.3};

    private static final int LEAST_CHUNKS = 3;

    private static final List<String> OPTIONS = List.of("out", "phase", "policy", "shuffled", "trace");

    /** Models forget what is older than so many first windows; electricity's sooner. */
    private static final int REMEMBERED = 6;

    private static final Map<String, Integer> REMEMBERED_OTHERWISE = Map.of("elec", 1);

    /** Most of a run's price is review and risk; so much is compute. */
    private static final double COMPUTE_OF_PRICE = 0.1;

    /** Where never or always is nearly the best there is, G is in units of half a percentage point. */
    private static final double WORTH_LEAST = 0.005;

    /** What is trained: trees, and the share of the rows. */
    private enum Size {
        FULL(1, 100, 6, 0.1f),
        PROBE(0.3, 20, 4, 0.3f);

        private final double rows;
        private final int trees;
        private final int depth;
        private final float eta;

        Size(double rows, int trees, int depth, float eta) {
            this.rows = rows;
            this.trees = trees;
            this.depth = depth;
            this.eta = eta;
        }

        /** In full trainings. */
        double compute() {
            return rows * trees / FULL.trees;
        }
    }

    record Schedule(List<Integer> retrain, List<Integer> serve, double compute) {}

    /** Every model on every chunk that it could have served, for what hindsight knows. */
    private record Hindsight(double[][] errors) {
        static Hindsight of(Stream stream) {
            double[][] errors = new double[stream.chunks][stream.chunks];
            for (int model = 0; model < stream.chunks; model++) {
                for (int chunk = model; model != 1 && chunk < stream.chunks; chunk++) {
                    errors[model][chunk] = stream.loss(Size.FULL, model, chunk);
                }
            }
            return new Hindsight(errors);
        }

        double cost(Schedule schedule, double price) {
            double lost = 0;
            for (int chunk = 0; chunk < errors.length; chunk++) {
                lost += errors[schedule.serve().get(chunk)][chunk];
            }
            return (lost + price * (schedule.retrain().size() + COMPUTE_OF_PRICE * schedule.compute())) / errors.length;
        }

        private double lost(int model, int end) {
            return Arrays.stream(errors[model], model, end).sum();
        }

        /** Of the schedule that costs least, by dynamic programming over its last run; nothing is brought back. */
        double least(double price) {
            double[] least = new double[errors.length + 1];
            for (int next = 2; next <= errors.length; next++) {
                least[next] = lost(0, next);
                for (int model = 2; model < next; model++) {
                    least[next] = Math.min(least[next], least[model] + lost(model, next));
                }
                least[next] += next < errors.length ? price : 0;
            }
            return least[errors.length] / errors.length;
        }

        /** 0: the better of never and always, 1: the best schedule in hindsight; at least −1. */
        double g(Schedule schedule, double price) {
            double least = least(price);
            double never = lost(0, errors.length) / errors.length - least;
            double always = errors[0][0] + errors[0][1] + price * (errors.length - 2);
            for (int chunk = 2; chunk < errors.length; chunk++) {
                always += errors[chunk][chunk];
            }
            double worth = Math.max(Math.min(never, always / errors.length - least), WORTH_LEAST);
            return Math.clamp(1 - (cost(schedule, price) - least) / worth, -1, 1);
        }
    }

    /** Rows in order of time, and what models trained on them got wrong. */
    private static final class Stream {
        private final String name;
        private final int width;
        private final float[] values;
        private final float[] labels;
        private final int first;
        private final int chunk;
        private final int chunks;
        private final Map<Size, Map<Integer, double[]>> losses = new HashMap<>();

        private Stream(String name, int width, float[] values, float[] labels, int first, int chunk) {
            this.name = name;
            this.width = width;
            this.values = values;
            this.labels = labels;
            this.first = first;
            this.chunk = chunk;
            this.chunks = (labels.length - first) / chunk;
        }

        /** 0 or 1 per row from the first chunk on. */
        private double[] losses(Size size, int model) {
            return losses.computeIfAbsent(size, _ -> new HashMap<>())
                    .computeIfAbsent(model, _ -> {
                        try {
                            return train(size, model);
                        } catch (XGBoostError failed) {
                            throw new IllegalStateException(
                                    "%s: model of chunk %d can't be trained".formatted(name, model), failed);
                        }
                    });
        }

        double[] losses(Size size, int model, int period) {
            return Arrays.copyOfRange(losses(size, model), period * chunk, (period + 1) * chunk);
        }

        double loss(Size size, int model, int period) {
            return Arrays.stream(losses(size, model, period)).average().orElseThrow();
        }

        private double[] train(Size size, int model) throws XGBoostError {
            int end = model == 0 ? first : first + (model - 1) * chunk;
            int remembered = first * REMEMBERED_OTHERWISE.getOrDefault(name, REMEMBERED);
            int begin = model == 0 ? 0 : Math.max(0, end - remembered);
            int[] chosen = chosen(begin, end, size.rows);
            float[] taken = new float[chosen.length * width];
            float[] known = new float[chosen.length];
            for (int i = 0; i < chosen.length; i++) {
                System.arraycopy(values, chosen[i] * width, taken, i * width, width);
                known[i] = labels[chosen[i]];
            }
            DMatrix training = new DMatrix(taken, chosen.length, width, Float.NaN);
            training.setLabel(known);
            DMatrix later = new DMatrix(
                            Arrays.copyOfRange(values, first * width, values.length), labels.length - first, width, Float.NaN);
            Map<String, Object> parameters =
                    Map.of(
                            "objective", "binary:logistic", "tree_method", "hist", "max_depth", size.depth,
                            "eta", size.eta, "seed", 0, "nthread", 1);
            Booster booster = XGBoost.train(training, parameters, size.trees, Map.of(), null, null);
            float[][] predicted = booster.predict(later);
            double[] wrong = new double[predicted.length];
            for (int row = 0; row < wrong.length; row++) {
                wrong[row] = predicted[row][0] >= 0.5 == labels[first + row] > 0 ? 0 : 1;
            }
            booster.dispose();
            training.dispose();
            later.dispose();
            return wrong;
        }

        /** Every probe takes or leaves a row alike, so that two of them differ by what only one could see. */
        private static int[] chosen(int begin, int end, double share) {
            return IntStream.range(begin, end)
                    .filter(row -> new SplittableRandom(row).nextDouble() < share)
                    .toArray();
        }
    }

    /** A stream up to a chunk, as a policy may know it. */
    private static final class Known implements Evidence {
        private final Stream stream;
        private final double price;
        private Course course = Course.BEGINNING;

        Known(Stream stream, double price) {
            this.stream = stream;
            this.price = price;
        }

        @Override
        public Course course() {
            return course;
        }

        @Override
        public int labelled() {
            return Math.max(0, course.period() - 1);
        }

        @Override
        public double price() {
            return price;
        }

        @Override
        public double probePrice() {
            return price * COMPUTE_OF_PRICE * Size.PROBE.compute();
        }

        @Override
        public boolean alarmed() {
            PageHinkley detector = PageHinkley.start(PageHinkley.Settings.RIVER, PageHinkley.Mean.UNKNOWN);
            for (int period = course.live(); period < labelled(); period++) {
                for (double loss : stream.losses(Size.FULL, course.live(), period)) {
                    detector = detector.update(loss);
                    if (detector.alarm()) {
                        return true;
                    }
                }
            }
            return false;
        }

        @Override
        public Difference models(int model, int other, int period) {
            return difference(Size.FULL, model, other, period);
        }

        @Override
        public Difference probes(int probe, int other, int period) {
            return difference(Size.PROBE, probe, other, period);
        }

        @Override
        public double modelLoss(int model, int period) {
            return known(Size.FULL, model, period);
        }

        @Override
        public double probeLoss(int probe, int period) {
            return known(Size.PROBE, probe, period);
        }

        private double known(Size size, int model, int period) {
            requireKnown(model, period);
            return stream.loss(size, model, period);
        }

        private void requireKnown(int model, int period) {
            if (period >= labelled() || model > period) {
                throw new IllegalArgumentException(
                        "how %d does on chunk %d isn't known before chunk %d".formatted(model, period, course.period()));
            }
        }

        private Difference difference(Size size, int model, int other, int period) {
            requireKnown(Math.max(model, other), period);
            return Difference.of(stream.losses(size, model, period), stream.losses(size, other, period));
        }
    }

    public static void main(String[] arguments) throws IOException {
        List<Path> files = new ArrayList<>();
        Map<String, String> options = new HashMap<>();
        boolean scores = false;
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--score")) {
                scores = true;
            } else if (arguments[i].startsWith("--")) {
                String option = arguments[i].substring(2);
                if (!OPTIONS.contains(option) || i + 1 == arguments.length) {
                    throw new IllegalArgumentException(
                            arguments[i] + (OPTIONS.contains(option) ? " lacks its value" : " is none of " + OPTIONS));
                }
                options.put(option, arguments[++i]);
            } else {
                files.add(Path.of(arguments[i]));
            }
        }
        String named = options.getOrDefault("policy", "break-even");
        RetrainingPolicy policy = policy(named);
        List<String> trace = new ArrayList<>(List.of("stream,price,chunk,saved,run,model,error"));
        Map<String, Map<String, Schedule>> schedules = new LinkedHashMap<>();
        List<Double> all = new ArrayList<>();
        System.out.printf(
                "%s%n%-12s %6s %10s %5s %8s%s%n", named, "stream", "price", "accuracy", "runs", "compute",
                scores ? "      G" : "");
        for (Path file : files) {
            Stream stream = read(file, options);
            Map<String, Schedule> byPrice = new TreeMap<>();
            Optional<Hindsight> hindsight = scores ? Optional.of(Hindsight.of(stream)) : Optional.empty();
            for (double price : PRICES) {
                Schedule schedule = play(stream, policy, price, trace);
                byPrice.put(String.valueOf(price), schedule);
                System.out.printf(
                        Locale.ROOT, "%-12s %6.2f %8.2f %% %5d %8.2f", stream.name, price,
                        accuracy(stream, schedule), schedule.retrain().size(), schedule.compute());
                hindsight.map(each -> each.g(schedule, price))
                        .ifPresent(g -> {
                            all.add(g);
                            System.out.printf(Locale.ROOT, " %6.2f", g);
                        });
                System.out.println();
            }
            if (schedules.put(stream.name, byPrice) != null) {
                throw new IllegalArgumentException("two streams are named " + stream.name);
            }
        }
        all.stream().mapToDouble(g -> g).average().ifPresent(g -> System.out.printf(Locale.ROOT, "G %.3f%n", g));
        if (options.containsKey("out")) {
            Files.write(Path.of(options.get("out")), Json.pretty(schedules));
        }
        if (options.containsKey("trace")) {
            Files.write(Path.of(options.get("trace")), trace);
        }
    }

    private static RetrainingPolicy policy(String name) {
        return switch (name) {
            case "break-even" -> new BreakEven(true);
            case "break-even-forward" -> new BreakEven(false);
            case "never" -> new Never();
            case "own-errors" -> new OwnErrors();
            case "page-hinkley" -> new OnAlarm(0);
            case "page-hinkley+8" -> new OnAlarm(8);
            case String every when every.matches("every-[0-9]+") ->
                    new FixedPeriod(Integer.parseInt(every.substring(6)));
            default -> throw new IllegalArgumentException("--policy " + name + " is none of those in benchmarks/retraining");
        };
    }

    private static Schedule play(Stream stream, RetrainingPolicy policy, double price, List<String> trace) {
        Known known = new Known(stream, price);
        while (known.course.period() < stream.chunks) {
            int period = known.course.period();
            // The first model that newer labels make possible goes live before chunk 2.
            Advice advice = (period < 2 ? new Never() : policy).advise(known);
            known.course = known.course.after(advice);
            int live = known.course.live();
            trace.add(
                    String.format(
                            Locale.ROOT, "%s,%s,%d,%.5f,%b,%d,%.6f", stream.name, price, period, advice.saved().orElse(0),
                            advice.retrain(), live, stream.loss(Size.FULL, live, period)));
        }
        int probes = policy instanceof BreakEven ? known.course.probes().size() : 0;
        return new Schedule(known.course.runs(), known.course.served(), probes * Size.PROBE.compute());
    }

    /** In percent. */
    private static double accuracy(Stream stream, Schedule schedule) {
        double error =
                IntStream.range(0, stream.chunks)
                        .mapToDouble(period -> stream.loss(Size.FULL, schedule.serve().get(period), period))
                        .average()
                        .orElseThrow();
        return 100 * (1 - error);
    }

    private static float[] numbers(Path file, NamedCsvRecord line) {
        float[] numbers = new float[line.getFieldCount()];
        for (int i = 0; i < numbers.length; i++) {
            String text = line.getField(i);
            try {
                numbers[i] = text.isEmpty() ? Float.NaN : Float.parseFloat(text);
            } catch (NumberFormatException notOne) {
                throw new IllegalArgumentException(
                        "%s, line %d, column %d: %s is no number".formatted(file, line.getStartingLineNumber(), i + 1, text),
                        notOne);
            }
        }
        return numbers;
    }

    private static Stream read(Path file, Map<String, String> options) throws IOException {
        List<float[]> rows = new ArrayList<>();
        int first = 0;
        int chunk = 0;
        float last = -1;
        try (InputStream bytes = Files.newInputStream(file);
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
                CsvReader<NamedCsvRecord> csv =
                        CsvReader.builder().ofNamedCsvRecord(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            for (NamedCsvRecord line : csv) {
                float[] cells = numbers(file, line);
                first += cells[0] < 0 ? 1 : 0;
                chunk += cells[0] == 0 ? 1 : 0;
                if (!(cells[0] >= last)) {
                    throw new IllegalArgumentException(
                            "%s, line %d: chunk %s comes after %s".formatted(file, line.getStartingLineNumber(), cells[0], last));
                }
                last = cells[0];
                float[] row = Arrays.copyOfRange(cells, 1, cells.length);
                if (row[row.length - 1] != 0 && row[row.length - 1] != 1) {
                    throw new IllegalArgumentException(
                            "%s, line %d: the last column is the label, 0 or 1".formatted(file, line.getStartingLineNumber()));
                }
                rows.add(row);
            }
        }
        if (first == 0 || chunk == 0) {
            throw new IllegalArgumentException(
                    "%s: the first column is the chunk, -1 for the first model's rows, then 0, 1, …".formatted(file));
        }
        if (options.containsKey("shuffled")) {
            Collections.shuffle(rows, new Random(Long.parseLong(options.get("shuffled"))));
        }
        int phase = Integer.parseInt(options.getOrDefault("phase", "0"));
        if (phase < 0 || phase > 2) {
            throw new IllegalArgumentException("--phase is 0, 1 or 2, not " + phase);
        }
        List<float[]> kept = rows.subList(Math.min(phase * chunk / 3, rows.size()), rows.size());
        int chunks = (kept.size() - first) / chunk;
        if (chunks < LEAST_CHUNKS) {
            throw new IllegalArgumentException(
                    "%s has %d whole chunks; before the third nothing can be decided".formatted(file, Math.max(0, chunks)));
        }
        kept = kept.subList(0, first + chunks * chunk);
        int width = kept.getFirst().length - 1;
        float[] values = new float[kept.size() * width];
        float[] labels = new float[kept.size()];
        for (int i = 0; i < labels.length; i++) {
            System.arraycopy(kept.get(i), 0, values, i * width, width);
            labels[i] = kept.get(i)[width];
        }
        String name = file.getFileName().toString().replaceAll("\\.csv(\\.gz)?$", "");
        return new Stream(name, width, values, labels, first, chunk);
    }
}
