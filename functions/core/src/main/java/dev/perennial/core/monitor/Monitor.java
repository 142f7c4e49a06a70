package dev.perennial.core.monitor;

import dev.perennial.core.drift.PairProfile;
import dev.perennial.core.drift.RankScores;
import dev.perennial.core.evaluation.SliceErrors;
import dev.perennial.core.evaluation.Slices;
import dev.perennial.core.live.LiveColumns;
import dev.perennial.core.live.Role;
import dev.perennial.core.metric.Task;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.promotion.Question;
import dev.perennial.core.retrain.LiveLoss;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One look at what has come since the last one: first everything that came is taken in, then {@link
 * #look} judges.
 */
public final class Monitor {
    /** Before all moments: nothing was taken in. */
    private static final long NOTHING = Long.MIN_VALUE;

    private static final int[] UNSLICED = {};

    private final PipelineSpec spec;
    private final MonitorState before;
    private final LabelJoin join;
    private final List<Outcome> outcomes = new ArrayList<>();
    private final Map<DayAndVersion, LiveDay> days = new LinkedHashMap<>();
    private final Map<LocalDate, TableProfile> labels = new LinkedHashMap<>();
    private final Map<Foreseen.Of, Foreseen> foreseen = new LinkedHashMap<>();

    /** When the newest of what was taken in came, in microseconds since the epoch. */
    private long newest = NOTHING;

    private long served;

    private record DayAndVersion(LocalDate day, int version) {}

    /**
     * The champion of the moment.
     *
     * @param revision of the alias that points to it
     * @param profile of what it was trained on
     * @param label profile of its labels there
     * @param predicted profile of what it predicted on its test split, by {@link LiveColumns}
     * @param slices how wrong it was on the test split by parts of the rows; empty where an older
     *     factory tested it
     * @param refitted whether it was trained again on newer rows after that test
     */
    public record Champion(
            Reference reference,
            int revision,
            TableProfile profile,
            Optional<ColumnProfile> label,
            Optional<TableProfile> predicted,
            Optional<SliceErrors> slices,
            boolean refitted) {}

    /**
     * Who predicted.
     *
     * @param features that the version takes
     * @param scores of its training rows
     * @param classes that it knows; empty for regression
     * @param slices that its errors are kept by
     */
    public record Version(
            int number,
            List<FeatureSpec> features,
            RankScores scores,
            List<String> classes,
            Optional<Slices> slices) {
        public Version {
            features = List.copyOf(features);
            classes = List.copyOf(classes);
        }
    }

    public Monitor(PipelineSpec spec, MonitorState before) {
        this.spec = spec;
        this.before = before;
        this.join =
                new LabelJoin(spec.task(), EventTime.micros(spec.label().expires()), before.join());
        before.days().forEach(day -> days.put(new DayAndVersion(day.day(), day.version()), day));
        before.labels().forEach(day -> labels.put(day.day(), day.labels()));
        before.foreseen().forEach(each -> foreseen.put(each.of(), each));
    }

    /**
     * Takes in predictions of one version.
     *
     * @param rows with the columns of {@link dev.perennial.core.live.CapturedRows}
     */
    public void predictions(Table rows, Version version) {
        List<OpenPrediction> predictions = new ArrayList<>();
        CategoryColumn ids = rows.category(LiveColumns.ID);
        CategoryColumn roles = rows.category(LiveColumns.ROLE);
        CategoryColumn entities = rows.category(LiveColumns.ENTITY);
        long[] times = rows.time(LiveColumns.TIME).micros();
        long[] moments = rows.time(LiveColumns.AT).micros();
        List<double[]> probabilities = probabilities(rows, version.classes());
        int[][] slices =
                version.slices().map(each -> each.of(rows)).orElseGet(() -> unsliced(rows.rows()));
        newest = Math.max(newest, newest(moments));
        for (int row = 0; row < rows.rows(); row++) {
            Role role = Role.valueOf(roles.text(row));
            predictions.add(
                    new OpenPrediction(
                            ids.text(row),
                            entities.text(row),
                            times[row],
                            moments[row],
                            version.number(),
                            role,
                            version.classes(),
                            probabilities.get(row),
                            role == Role.SHADOW ? UNSLICED : slices[row]));
        }
        boolean[] fresh = join.predictions(predictions, outcomes);
        int[] answered =
                IntStream.range(0, fresh.length)
                        .filter(row -> fresh[row] && predictions.get(row).role() != Role.SHADOW)
                        .toArray();
        profile(rows.select(answered), version);
        for (int row : answered) {
            foresee(predictions.get(row));
        }
        served += answered.length;
    }

    private static int[][] unsliced(int rows) {
        int[][] slices = new int[rows][];
        Arrays.fill(slices, UNSLICED);
        return slices;
    }

    private void foresee(OpenPrediction answer) {
        Foreseen.Of of = new Foreseen.Of(day(answer.at()), answer.version());
        Foreseen day = foreseen.getOrDefault(of, Foreseen.none(of));
        double expected = answer.expectedError();
        foreseen.put(
                of,
                spec.task() == Task.REGRESSION
                        ? day.answeredNumber(Double.isNaN(expected) ? 0 : expected)
                        : day.answered(expected));
    }

    private List<double[]> probabilities(Table rows, List<String> classes) {
        List<String> names =
                spec.task() == Task.REGRESSION
                        ? Stream.of(LiveColumns.PREDICTION, LiveColumns.EXPECTED_ERROR)
                                .filter(name ->
                                        rows.columns().stream()
                                                .anyMatch(each -> each.name().equals(name)))
                                .toList()
                        : classes.stream().map(each -> LiveColumns.PROBABILITY + each).toList();
        List<double[]> columns = names.stream().map(each -> rows.number(each).values()).toList();
        return IntStream.range(0, rows.rows())
                .mapToObj(row -> columns.stream().mapToDouble(column -> column[row]).toArray())
                .toList();
    }

    private void profile(Table rows, Version version) {
        Set<String> names =
                version.features().stream()
                        .map(FeatureSpec::name)
                        .collect(Collectors.toCollection(HashSet::new));
        rows.columns().stream()
                .map(Column::name)
                .filter(name ->
                        name.equals(LiveColumns.PREDICTION)
                                || name.startsWith(LiveColumns.PROBABILITY))
                .forEach(names::add);
        byDay(rows)
                .forEach((day, part) ->
                        days.merge(
                                new DayAndVersion(day, version.number()),
                                new LiveDay(
                                        day,
                                        version.number(),
                                        TableProfile.of(only(part, names)),
                                        PairProfile.of(version.scores(), part)),
                                LiveDay::merge));
    }

    private static Table only(Table rows, Set<String> names) {
        return new Table(
                rows.columns().stream().filter(column -> names.contains(column.name())).toList());
    }

    private static Map<LocalDate, Table> byDay(Table rows) {
        long[] moments = rows.time(LiveColumns.AT).micros();
        Map<LocalDate, List<Integer>> indices = new LinkedHashMap<>();
        for (int row = 0; row < moments.length; row++) {
            indices.computeIfAbsent(day(moments[row]), _ -> new ArrayList<>()).add(row);
        }
        Map<LocalDate, Table> parts = new LinkedHashMap<>();
        indices.forEach((day, of) ->
                parts.put(day, rows.select(of.stream().mapToInt(Integer::intValue).toArray())));
        return parts;
    }

    /** Takes in labels, with the columns of {@link LiveColumns} that labels have. */
    public void labels(Table rows) {
        CategoryColumn ids = rows.category(LiveColumns.ID);
        CategoryColumn entities = rows.category(LiveColumns.ENTITY);
        long[] times = rows.time(LiveColumns.TIME).micros();
        long[] moments = rows.time(LiveColumns.AT).micros();
        newest = Math.max(newest, newest(moments));
        boolean numeric = spec.task() == Task.REGRESSION;
        List<Label> came = new ArrayList<>();
        for (int row = 0; row < rows.rows(); row++) {
            came.add(
                    new Label(
                            ids.text(row),
                            entities.text(row),
                            times[row],
                            moments[row],
                            numeric ? "" : rows.category(LiveColumns.LABEL).text(row),
                            numeric ? rows.number(LiveColumns.LABEL).values()[row] : Double.NaN));
        }
        join.labels(came, outcomes);
    }

    /**
     * Judges.
     *
     * @param at the moment of this look; one before the last look counts as that one
     * @param sequence the last batch of the live log that was taken in
     * @param isBehind whether the log has more: then nothing is given up that those might be about
     * @param question of the run whose version predicts beside the champion
     */
    public Look look(
            Instant at,
            long sequence,
            boolean isBehind,
            Optional<Champion> champion,
            Optional<Question> question) {
        Instant now = at.isBefore(before.at()) ? before.at() : at;
        long present = EventTime.micros(now);
        if (!isBehind) {
            join.expire(present);
        } else if (newest != NOTHING) {
            join.expire(Math.min(newest, present));
        }
        outcomes.sort(
                Comparator.comparingLong(Outcome::at)
                        .thenComparingLong(Outcome::time)
                        .thenComparing(Outcome::id));
        LocalDate today = now.atOffset(ZoneOffset.UTC).toLocalDate();
        LocalDate firstDay =
                now.minus(spec.drift().window()).atOffset(ZoneOffset.UTC).toLocalDate();
        List<LiveDay> kept =
                days.entrySet().stream()
                        .filter(day -> !day.getKey().day().isBefore(firstDay))
                        .map(Map.Entry::getValue)
                        .toList();
        profileLabels();
        List<LabelDay> keptLabels =
                labels.entrySet().stream()
                        .filter(day -> !day.getKey().isBefore(firstDay))
                        .map(day -> new LabelDay(day.getKey(), day.getValue()))
                        .toList();
        List<SliceDay> keptSlices = slices(firstDay, champion);
        List<Foreseen> keptForeseen = foreseen(today.minusDays(MonitorState.DAYS_KEPT));
        Optional<Watch> watch = champion.map(each -> watch(each.reference()));
        Optional<ErrorWatch> errors = watch.map(each -> each.follow(outcomes));
        Optional<Trial> trial =
                champion.flatMap(each -> question.map(asked -> trial(asked, each, now)));
        MonitorState state =
                new MonitorState(
                        MonitorState.FORMAT,
                        now,
                        sequence,
                        errors.map(ErrorWatch::watch),
                        kept,
                        keptLabels,
                        keptForeseen,
                        keptSlices,
                        quality(today),
                        trial,
                        join.kept());
        Shifts shifts =
                champion.map(each -> Shifts.of(spec, each, kept, keptLabels)).orElse(Shifts.NONE);
        Optional<ErrorEstimate> estimate =
                champion.filter(each ->
                                spec.task() != Task.REGRESSION
                                        || each.reference().expectedError().isPresent())
                        .flatMap(each ->
                                ErrorEstimate.of(
                                        keptForeseen.stream()
                                                .filter(of ->
                                                        of.version() == each.reference().version())
                                                .toList(),
                                        firstDay,
                                        each.reference(),
                                        spec.task()));
        return new Look(
                state,
                served,
                outcomes.stream().filter(each -> each.role() != Role.SHADOW).count(),
                shifts,
                estimate,
                champion.map(each -> worse(each, keptSlices)).orElse(List.of()),
                champion.flatMap(each -> loss(each, state)),
                errors.map(ErrorWatch::ratio).orElse(0.0),
                errors.map(ErrorWatch::drifts).orElse(List.of()),
                trial.map(each ->
                        each.look(
                                question.orElseThrow(),
                                champion.orElseThrow().revision(),
                                now,
                                spec)),
                join.aside());
    }

    private static Optional<LiveLoss> loss(Champion champion, MonitorState state) {
        Reference reference = champion.reference();
        LocalDate since = reference.since().atOffset(ZoneOffset.UTC).toLocalDate();
        Map<LocalDate, LiveLoss.Day> days = new TreeMap<>();
        for (Foreseen each : state.foreseen()) {
            if (each.version() == reference.version() && !each.day().isBefore(since)) {
                days.put(each.day(), new LiveLoss.Day(each.day(), each.all().answers(), 0, 0));
            }
        }
        for (Quality each : state.quality()) {
            if (each.version() == reference.version() && each.role() != Role.SHADOW) {
                days.computeIfPresent(
                        each.day(), (_, day) -> day.and(each.labelled(), each.errors()));
            }
        }
        List<LiveLoss.Day> known = List.copyOf(days.values());
        LiveLoss.Tested tested =
                new LiveLoss.Tested(
                        reference.testError(), reference.errorVariance(), reference.testRows());
        return champion.refitted()
                ? LiveLoss.ofRefitted(known, tested)
                : LiveLoss.of(known, tested);
    }

    private static long newest(long[] moments) {
        return Arrays.stream(moments).max().orElse(NOTHING);
    }

    private Trial trial(Question question, Champion champion, Instant now) {
        return before.trial()
                .filter(trial -> trial.run().equals(question.run()))
                .orElseGet(() -> Trial.begin(question, champion.reference().version()))
                .follow(outcomes, EventTime.micros(now.minus(spec.label().expires())));
    }

    private Watch watch(Reference reference) {
        return before.watch()
                .filter(watch -> watch.reference().version() == reference.version())
                .filter(watch -> watch.reference().since().equals(reference.since()))
                .orElseGet(() -> Watch.begin(spec, reference));
    }

    private List<Quality> quality(LocalDate today) {
        Map<Quality.Of, Quality> byWhat = new LinkedHashMap<>();
        before.quality().forEach(each -> byWhat.put(each.of(), each));
        for (Outcome outcome : outcomes) {
            Quality.Of of = new Quality.Of(day(outcome.at()), outcome.version(), outcome.role());
            byWhat.put(of, byWhat.getOrDefault(of, Quality.none(of)).and(outcome));
        }
        List<Quality> all = new ArrayList<>(byWhat.values());
        all.removeIf(each -> each.day().isBefore(today.minusDays(MonitorState.DAYS_KEPT)));
        all.sort(
                Comparator.comparing(Quality::day)
                        .thenComparingInt(Quality::version)
                        .thenComparing(Quality::role));
        return all;
    }

    /** Of answers alone, so that what is sent again, or of no use, is no drift. */
    private void profileLabels() {
        Map<LocalDate, List<Label>> came = new LinkedHashMap<>();
        outcomes.stream()
                .filter(each -> each.role() != Role.SHADOW)
                .forEach(each ->
                        came.computeIfAbsent(day(each.label().at()), _ -> new ArrayList<>())
                                .add(each.label()));
        came.forEach((day, of) -> {
            Column column =
                    spec.task() == Task.REGRESSION
                            ? new Column.NumberColumn(
                                    LiveColumns.LABEL,
                                    of.stream().mapToDouble(Label::value).toArray())
                            : CategoryColumn.of(
                                    LiveColumns.LABEL, of.stream().map(Label::category).toList());
            labels.merge(day, TableProfile.of(new Table(List.of(column))), TableProfile::merge);
        });
    }

    /** With the labels that came. */
    private List<Foreseen> foreseen(LocalDate firstDay) {
        for (Outcome outcome : outcomes) {
            Foreseen.Of of = new Foreseen.Of(day(outcome.at()), outcome.version());
            boolean expected = !Double.isNaN(outcome.expected());
            if (expected && outcome.role() != Role.SHADOW && foreseen.containsKey(of)) {
                foreseen.put(of, foreseen.get(of).labelled(outcome));
            }
        }
        return foreseen.values().stream().filter(each -> !each.day().isBefore(firstDay)).toList();
    }

    /** Of the champion alone: it is the one that may suffer. */
    private List<SliceDay> slices(LocalDate firstDay, Optional<Champion> champion) {
        Map<LocalDate, SliceDay> days = new TreeMap<>();
        int version = champion.map(each -> each.reference().version()).orElse(0);
        int size = champion.flatMap(Champion::slices).map(each -> each.slices().size()).orElse(0);
        before.slices().stream()
                .filter(each -> each.version() == version && each.labelled().length == size)
                .forEach(each -> days.put(each.day(), each.copy()));
        for (Outcome outcome : outcomes) {
            if (size > 0 && outcome.version() == version && outcome.slices().length > 0) {
                days.computeIfAbsent(
                                day(outcome.label().at()), day -> SliceDay.none(day, version, size))
                        .add(outcome);
            }
        }
        return days.values().stream().filter(each -> !each.day().isBefore(firstDay)).toList();
    }

    private List<WorseSlice> worse(Champion champion, List<SliceDay> days) {
        return champion.slices()
                .map(each -> WorseSlice.of(days, each, champion.reference(), spec.task()))
                .orElse(List.of());
    }

    private static LocalDate day(long micros) {
        return EventTime.instant(micros).atOffset(ZoneOffset.UTC).toLocalDate();
    }
}
