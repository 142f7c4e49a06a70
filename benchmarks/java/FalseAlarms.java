import dev.perennial.core.json.Json;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.local.Home;
import dev.perennial.local.Hosting;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.replay.History;
import dev.perennial.local.replay.Policy;
import dev.perennial.local.replay.Replay;
import dev.perennial.local.replay.Replayed;
import dev.perennial.local.template.TemplateReader;
import dev.perennial.local.time.SimulatedClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Replays shuffled electricity, seed by seed, and holds what alarms against what the spec declares. */
class FalseAlarms {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));
    private static final Instant FROM = Instant.parse("1996-08-01T00:00:00Z");
    private static final double LEAST_PROBABILITY = 0.01;

    /** Every alarm starts a run, so that none hides behind the run before. */
    private static final Policy EVERY_ALARM =
            new Policy(
                    "every-alarm",
                    Map.of("on", List.of("errorDrift", "featureDrift"), "cooldown", "PT1M", "maxPerDay", 1_000));

    /** What one seed came to; alarms are counted at each look that raised one. */
    record Seed(int seed, long runs, long promotions, long errorAlarms, long featureAlarms, double seconds) {}

    /** A count over all seeds. {@code probability}: of as many or more, if the rate is as declared. */
    record Count(String of, long count, double declared, double probability, boolean holds) {
        static Count of(String what, long count, double declared) {
            double probability = atLeast(count, declared);
            return new Count(what, count, declared, probability, probability >= LEAST_PROBABILITY);
        }
    }

    record Result(int seeds, int weeks, List<Count> counts, List<Seed> each) {}

    public static void main(String[] arguments) throws Exception {
        int seeds = option(arguments, "--seeds", 50);
        int weeks = option(arguments, "--weeks", 8);
        int first = option(arguments, "--first", 1);
        Path pipeline = ROOT.resolve("pipelines/electricity-live.yaml");
        String yaml = EVERY_ALARM.apply(Files.readString(pipeline));
        PipelineSpec spec = SpecReader.read(pipeline.toString(), yaml);
        Instant until = FROM.plus(Duration.ofDays(7L * weeks));
        List<Seed> all = new ArrayList<>();
        for (int seed = first; seed < first + seeds; seed++) {
            Seed found = replay(seed, spec, yaml, until);
            all.add(found);
            System.err.printf(Locale.ROOT, "  %s%n", found);
        }
        double periods = seeds * (double) Duration.between(FROM, until).toSeconds() / spec.drift().per().toSeconds();
        double declared = periods * spec.drift().falseAlarms();
        List<Count> counts =
                List.of(
                        Count.of("runs", all.stream().mapToLong(Seed::runs).sum(), declared),
                        Count.of(
                                "alarms",
                                all.stream().mapToLong(each -> each.errorAlarms() + each.featureAlarms()).sum(),
                                declared),
                        Count.of("error alarms", all.stream().mapToLong(Seed::errorAlarms).sum(), declared / 2),
                        Count.of("feature alarms", all.stream().mapToLong(Seed::featureAlarms).sum(), declared / 2));
        if (List.of(arguments).contains("--json")) {
            System.out.println(
                    new String(Json.pretty(new Result(seeds, weeks, counts, all)), StandardCharsets.UTF_8));
        } else {
            System.out.printf("%d seeds of %d weeks%n", seeds, weeks);
            counts.forEach(each ->
                    System.out.printf(
                            Locale.ROOT,
                            "%-15s %4d, declared %.1f: %s (p = %.3f)%n",
                            each.of(),
                            each.count(),
                            each.declared(),
                            each.holds() ? "holds" : "TOO MANY",
                            each.probability()));
        }
        System.exit(counts.stream().allMatch(Count::holds) ? 0 : 1);
    }

    private static int option(String[] arguments, String name, int standard) {
        int at = List.of(arguments).indexOf(name);
        return at < 0 ? standard : Integer.parseInt(arguments[at + 1]);
    }

    private static Seed replay(int seed, PipelineSpec spec, String yaml, Instant until) throws Exception {
        Path memory = Path.of("/dev/shm");
        Path work =
                Files.isWritable(memory)
                        ? Files.createTempDirectory(memory, "false-alarms")
                        : Files.createTempDirectory("false-alarms");
        long begin = System.nanoTime();
        try (Home home = Home.take(work, ROOT.resolve(".perennial/packages"));
                LocalCloud cloud =
                        LocalCloud.open(
                                home,
                                TemplateReader.read(
                                        ROOT.resolve("template.yaml"),
                                        Map.of("Pipeline", spec.name(), "MonitorSchedule", "rate(1 day)")),
                                new SimulatedClock(FROM),
                                (_, _) -> {},
                                Hosting.THIS_JVM)) {
            Map<String, Path> files = Map.of("shuffled.csv", shuffled(seed, until, work.resolve("shuffled.csv")));
            Replayed replayed =
                    new Replay(cloud, spec, History.read(spec, files), _ -> {}).run(EVERY_ALARM, yaml, files, FROM);
            return new Seed(
                    seed,
                    replayed.runs(),
                    replayed.promotions(),
                    alarms(replayed, "ErrorDrift"),
                    alarms(replayed, "FeatureDrift"),
                    (System.nanoTime() - begin) / 1e9);
        } finally {
            try (var left = Files.walk(work)) {
                for (Path each : left.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    /** Events that the trigger heard of, whether or not a run came of them. */
    private static long alarms(Replayed replayed, String metric) {
        return replayed.events().stream()
                .filter(each -> each.what().equals("run") || each.what().equals("declined"))
                .filter(each -> each.why().contains("the alarm perennial-%sAlarm on".formatted(metric)))
                .count();
    }

    /** The time is the first column of the file. */
    private static Path shuffled(int seed, Instant until, Path target) throws IOException {
        List<String> lines = Files.readAllLines(ROOT.resolve("data/electricity.csv"));
        List<String> times = new ArrayList<>();
        List<String> rests = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            int end = line.indexOf(',');
            times.add(line.substring(0, end));
            rests.add(line.substring(end));
        }
        Collections.shuffle(rests, new Random(seed));
        List<String> written = new ArrayList<>(List.of(lines.getFirst()));
        for (int row = 0; row < times.size() && Instant.parse(times.get(row) + "Z").isBefore(until); row++) {
            written.add(times.get(row) + rests.get(row));
        }
        return Files.write(target, written);
    }

    /** P(X ≥ count) of a Poisson variable, summed in logarithms. */
    private static double atLeast(long count, double mean) {
        double below = 0;
        double logTerm = -mean;
        for (long k = 0; k < count; k++) {
            below += Math.exp(logTerm);
            logTerm += Math.log(mean) - Math.log(k + 1.0);
        }
        return 1 - below;
    }
}
