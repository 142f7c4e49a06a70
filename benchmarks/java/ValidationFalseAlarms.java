import dev.perennial.core.json.Json;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.spec.Check;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.store.Digest;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import dev.perennial.core.validation.Finding;
import dev.perennial.core.validation.Severity;
import dev.perennial.core.validation.Subject;
import dev.perennial.core.validation.Validator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Validates clean resamples of a table: its weeks are dealt out anew, half to what the champion was trained on, half to
 * what came after, each in a time of its own. Nothing changed between the two, and nothing is wrong with either.
 */
class ValidationFalseAlarms {
    private static final long WEEK = Duration.ofDays(7).toSeconds() * 1_000_000L;
    private static final long MONDAY = EventTime.micros(Instant.parse("1996-01-01T00:00:00Z"));

    record Rate(String check, int resamples, double rate, String example) {}

    /** {@code leftOut}: weeks in which a check rightly finds something, such as the airports' blizzard of February 2013. */
    record Result(
            String pipeline,
            int rows,
            int resamples,
            double secondsEach,
            double anyFinding,
            List<String> leftOut,
            List<Rate> rates) {}

    public static void main(String[] arguments) throws Exception {
        Path pipeline = Path.of(arguments[0]);
        Path data = Path.of(arguments[1]);
        int resamples = Integer.parseInt(arguments[2]);
        PipelineSpec spec = spec(pipeline);
        Table table = sorted(new TableReader(spec.schema()).add(data, data.toString()).finish().table(), spec.time());
        Set<Long> unclean = unclean(spec, table);
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, String> examples = new TreeMap<>();
        int any = 0;
        long began = System.nanoTime();
        for (int seed = 0; seed < resamples; seed++) {
            Set<String> found = new TreeSet<>();
            for (Finding finding : validate(spec, table, unclean, new Random(seed))) {
                if (finding.severity() != Severity.INFO) {
                    found.add(finding.rule());
                    examples.putIfAbsent(finding.rule(), "seed %d: %s".formatted(seed, finding.sentence()));
                }
            }
            found.forEach(rule -> counts.merge(rule, 1, Integer::sum));
            any += found.isEmpty() ? 0 : 1;
            if ((seed + 1) % 50 == 0) {
                System.err.printf(Locale.ROOT, "%s: %d of %d%n", spec.name(), seed + 1, resamples);
            }
        }
        List<Rate> rates = new ArrayList<>();
        for (Check check : Check.values()) {
            int count = counts.getOrDefault(check.rule(), 0);
            rates.add(new Rate(check.rule(), count, (double) count / resamples, examples.getOrDefault(check.rule(), "")));
        }
        double each = (System.nanoTime() - began) / 1e9 / resamples;
        List<String> leftOut = unclean.stream().map(week -> EventTime.instant(MONDAY + week * WEEK).toString()).toList();
        Result result =
                new Result(spec.name(), table.rows(), resamples, each, (double) any / resamples, leftOut, rates);
        System.out.println(new String(Json.pretty(result)));
    }

    private static PipelineSpec spec(Path file) throws Exception {
        String yaml = Files.readString(file);
        List<String> views = new ArrayList<>();
        for (String view : SpecReader.missingViews(file.toString(), yaml)) {
            views.add(Files.readString(file.resolveSibling("views").resolve(view + ".yaml")));
        }
        return SpecReader.read(file.toString(), SpecReader.bundle(yaml, views));
    }

    private static Table sorted(Table table, String time) {
        long[] micros = table.time(time).micros();
        return table.select(
                IntStream.range(0, micros.length)
                        .boxed()
                        .sorted((a, b) -> Long.compare(micros[a], micros[b]))
                        .mapToInt(Integer::intValue)
                        .toArray());
    }

    private static long week(long micros) {
        return Math.floorDiv(micros - MONDAY, WEEK);
    }

    /** The weeks of the rows that findings of the table as it is are about. */
    private static Set<Long> unclean(PipelineSpec spec, Table table) {
        SnapshotManifest manifest = manifest(spec, table);
        long[] micros = table.time(spec.time()).micros();
        Set<Long> weeks = new TreeSet<>();
        Validator.validate(
                        Subject.of(spec, table, TableProfile.of(table), manifest, Subject.Past.NONE, manifest.until()))
                .findings()
                .forEach(finding -> finding.rows().forEach(row -> weeks.add(week(micros[row - 1]))));
        return weeks;
    }

    private static List<Finding> validate(PipelineSpec spec, Table table, Set<Long> unclean, Random random) {
        long[] micros = table.time(spec.time()).micros();
        // Whole weeks only, each from its Monday, so that no seam is a gap.
        Map<Long, List<Integer>> weeks = new TreeMap<>();
        for (int row = 0; row < micros.length; row++) {
            weeks.computeIfAbsent(week(micros[row]), _ -> new ArrayList<>()).add(row);
        }
        List<Long> order = new ArrayList<>(weeks.keySet());
        order.removeFirst();
        order.removeLast();
        order.removeAll(unclean);
        List<Long> dealt = new ArrayList<>(order);
        Collections.shuffle(dealt, random);
        int[] rows = new int[table.rows()];
        long[] times = new long[table.rows()];
        int count = 0;
        int half = 0;
        for (int place = 0; place < dealt.size(); place++) {
            for (int row : weeks.get(dealt.get(place))) {
                rows[count] = row;
                times[count++] = micros[row] + (order.getFirst() + place - dealt.get(place)) * WEEK;
            }
            half = place == dealt.size() / 2 - 1 ? count : half;
        }
        Table resample = retimed(table.select(java.util.Arrays.copyOf(rows, count)), spec.time(), java.util.Arrays.copyOf(times, count));
        Table champion = resample.range(0, half);
        SnapshotManifest manifest = manifest(spec, resample);
        return Validator.validate(
                        Subject.of(
                                spec,
                                resample,
                                TableProfile.of(resample),
                                manifest,
                                new Subject.Past(Optional.of(TableProfile.of(champion)), Optional.of(manifest), List.of((long) count)),
                                manifest.until()))
                .findings();
    }

    private static Table retimed(Table table, String time, long[] times) {
        return new Table(
                table.columns().stream()
                        .<Column>map(column -> column.name().equals(time) ? new TimeColumn(time, times) : column)
                        .collect(Collectors.toList()));
    }

    private static SnapshotManifest manifest(PipelineSpec spec, Table table) {
        long[] micros = table.time(spec.time()).micros();
        Digest digest = Digest.of(new byte[0]);
        return new SnapshotManifest(
                spec.name(),
                digest,
                EventTime.instant(micros[0]),
                EventTime.instant(micros[micros.length - 1] + 1),
                List.of(),
                table.rows(),
                0,
                0,
                0,
                List.of(),
                Map.of(),
                Optional.empty(),
                List.of(),
                digest);
    }
}
