package dev.perennial.core.monitor;

import dev.perennial.core.live.LiveColumns;
import dev.perennial.core.live.Role;
import dev.perennial.core.metric.Task;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.promotion.Question;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One look at what has come since the last one: first everything that came is taken in, then {@link
 * #look} judges.
 */
public final class Monitor {
    /** Before all moments: nothing was taken in. */
    private static final long NOTHING = Long.MIN_VALUE;

    private final PipelineSpec spec;
    private final MonitorState before;
    private final LabelJoin join;
    private final List<Outcome> outcomes = new ArrayList<>();
    private final Map<DayAndVersion, TableProfile> days = new LinkedHashMap<>();

    /** When the newest of what was taken in came, in microseconds since the epoch. */
    private long newest = NOTHING;

    private long served;

    private record DayAndVersion(LocalDate day, int version) {}

    /**
     * The champion of the moment.
     *
     * @param revision of the alias that points to it
     * @param profile of what it was trained on
     */
    public record Champion(Reference reference, int revision, TableProfile profile) {}

    public Monitor(PipelineSpec spec, MonitorState before) {
        this.spec = spec;
        this.before = before;
        this.join =
                new LabelJoin(spec.task(), spec.label().expires().toNanos() / 1_000, before.join());
        before.days()
                .forEach(day ->
                        days.put(new DayAndVersion(day.day(), day.version()), day.features()));
    }

    /**
     * Takes in predictions of one version.
     *
     * @param rows with the columns of {@link dev.perennial.core.live.CapturedRows}
     * @param features that the version takes
     * @param classes that it knows; empty for regression
     */
    public void predictions(
            Table rows, int version, List<FeatureSpec> features, List<String> classes) {
        List<OpenPrediction> predictions = new ArrayList<>();
        CategoryColumn ids = rows.category(LiveColumns.ID);
        CategoryColumn roles = rows.category(LiveColumns.ROLE);
        CategoryColumn entities = rows.category(LiveColumns.ENTITY);
        long[] times = rows.time(LiveColumns.TIME).micros();
        long[] moments = rows.time(LiveColumns.AT).micros();
        List<double[]> probabilities = probabilities(rows, classes);
        newest = Math.max(newest, newest(moments));
        for (int row = 0; row < rows.rows(); row++) {
            predictions.add(
                    new OpenPrediction(
                            ids.text(row),
                            entities.text(row),
                            times[row],
                            moments[row],
                            version,
                            Role.valueOf(roles.text(row)),
                            classes,
                            probabilities.get(row)));
        }
        boolean[] fresh = join.predictions(predictions, outcomes);
        int[] answered =
                IntStream.range(0, fresh.length)
                        .filter(row -> fresh[row] && predictions.get(row).role() != Role.SHADOW)
                        .toArray();
        profile(rows.select(answered), version, features);
        served += answered.length;
    }

    private List<double[]> probabilities(Table rows, List<String> classes) {
        List<double[]> columns =
                spec.task() == Task.REGRESSION
                        ? List.of(rows.number(LiveColumns.PREDICTION).values())
                        : classes.stream()
                                .map(each -> rows.number(LiveColumns.PROBABILITY + each).values())
                                .toList();
        return IntStream.range(0, rows.rows())
                .mapToObj(row -> columns.stream().mapToDouble(column -> column[row]).toArray())
                .toList();
    }

    private void profile(Table rows, int version, List<FeatureSpec> features) {
        long[] moments = rows.time(LiveColumns.AT).micros();
        Map<LocalDate, List<Integer>> byDay = new LinkedHashMap<>();
        for (int row = 0; row < moments.length; row++) {
            byDay.computeIfAbsent(day(moments[row]), _ -> new ArrayList<>()).add(row);
        }
        byDay.forEach((day, indices) -> {
            Table part = rows.select(indices.stream().mapToInt(Integer::intValue).toArray());
            TableProfile profile =
                    TableProfile.of(
                            new Table(
                                    part.columns().stream()
                                            .filter(column ->
                                                    features.stream()
                                                            .anyMatch(feature ->
                                                                    feature.name()
                                                                            .equals(column.name())))
                                            .toList()));
            days.merge(new DayAndVersion(day, version), profile, TableProfile::merge);
        });
    }

    /** Takes in labels, with the columns of {@link LiveColumns} that labels have. */
    public void labels(Table rows) {
        CategoryColumn ids = rows.category(LiveColumns.ID);
        CategoryColumn entities = rows.category(LiveColumns.ENTITY);
        long[] times = rows.time(LiveColumns.TIME).micros();
        long[] moments = rows.time(LiveColumns.AT).micros();
        newest = Math.max(newest, newest(moments));
        boolean numeric = spec.task() == Task.REGRESSION;
        List<Label> labels = new ArrayList<>();
        for (int row = 0; row < rows.rows(); row++) {
            labels.add(
                    new Label(
                            ids.text(row),
                            entities.text(row),
                            times[row],
                            moments[row],
                            numeric ? "" : rows.category(LiveColumns.LABEL).text(row),
                            numeric ? rows.number(LiveColumns.LABEL).values()[row] : Double.NaN));
        }
        join.labels(labels, outcomes);
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
                        .map(day ->
                                new LiveDay(
                                        day.getKey().day(), day.getKey().version(), day.getValue()))
                        .toList();
        Optional<Watch> watch = champion.map(each -> watch(each.reference()));
        Optional<ErrorWatch> errors = watch.map(each -> each.follow(outcomes));
        Optional<Trial> trial =
                champion.flatMap(each -> question.map(asked -> trial(asked, each, now)));
        MonitorState state =
                new MonitorState(
                        now,
                        sequence,
                        errors.map(ErrorWatch::watch),
                        kept,
                        quality(today),
                        trial,
                        join.kept());
        List<FeatureShift> features =
                champion.map(each -> FeatureShift.of(spec, each, kept)).orElse(List.of());
        return new Look(
                state,
                served,
                outcomes.stream().filter(each -> each.role() != Role.SHADOW).count(),
                features,
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

    private static LocalDate day(long micros) {
        return EventTime.instant(micros).atOffset(ZoneOffset.UTC).toLocalDate();
    }
}
