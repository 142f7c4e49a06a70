package dev.perennial.predict;

import dev.perennial.aws.Failures;
import dev.perennial.core.feature.EntityKey;
import dev.perennial.core.feature.OnlineRow;
import dev.perennial.core.serving.PredictionRequest;
import dev.perennial.core.serving.PredictionResponse.LookedUp;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.ViewUse;
import dev.perennial.core.spec.ViewUse.Match;
import dev.perennial.core.spec.ViewUse.TakenColumn;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Fills in what a request leaves out with what the online store knows of its entities: the rows
 * that the point-in-time join of a training would find at that moment, and no others.
 */
final class OnlineFeatures {
    private final Lookup online;
    private final Failures failures;

    OnlineFeatures(Lookup online, Failures failures) {
        this.online = online;
        this.failures = failures;
    }

    /** Reads the online store. */
    @FunctionalInterface
    interface Lookup {
        /** The rows of the entities that a view knows. */
        Map<EntityKey, OnlineRow> get(String view, Collection<EntityKey> keys);
    }

    /**
     * A request with its features filled in.
     *
     * @param lookedUp for each row what was asked; empty where nothing was left out
     */
    record Filled(PredictionRequest request, List<List<LookedUp>> lookedUp) {
        Optional<List<LookedUp>> of(int row) {
            return Optional.of(lookedUp.get(row)).filter(each -> !each.isEmpty());
        }
    }

    /**
     * Fills. A store that doesn't answer costs nobody the prediction: what it would say is missing
     * then, and the answer says why.
     *
     * @param now the moment of rows that don't say theirs
     */
    Filled fill(PipelineSpec spec, PredictionRequest request, Instant now) {
        int rows = request.rows().rows();
        List<List<LookedUp>> lookedUp = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            lookedUp.add(new ArrayList<>());
        }
        if (request.leftOut().isEmpty()) {
            return new Filled(request, lookedUp);
        }
        Map<String, Column> columns = new HashMap<>();
        request.rows().columns().forEach(column -> columns.put(column.name(), column));
        long[] moments = moments(spec, request.rows(), now);
        for (ViewUse use : spec.views()) {
            fill(use, request, moments, now, columns, lookedUp);
        }
        return new Filled(
                new PredictionRequest(
                        new Table(
                                request.rows().columns().stream()
                                        .map(column -> columns.getOrDefault(column.name(), column))
                                        .toList()),
                        request.explain(),
                        request.leftOut()),
                lookedUp);
    }

    private static long[] moments(PipelineSpec spec, Table rows, Instant now) {
        boolean told =
                rows.columns().stream().anyMatch(column -> column.name().equals(spec.time()));
        if (told) {
            return rows.time(spec.time()).micros();
        }
        long[] moments = new long[rows.rows()];
        Arrays.fill(moments, EventTime.micros(now));
        return moments;
    }

    private void fill(
            ViewUse use,
            PredictionRequest request,
            long[] moments,
            Instant now,
            Map<String, Column> columns,
            List<List<LookedUp>> lookedUp) {
        Map<TakenColumn, BitSet> wanted = new HashMap<>();
        BitSet rows = new BitSet();
        for (TakenColumn taken : use.columns()) {
            BitSet without = request.leftOut().get(taken.as());
            if (without != null) {
                wanted.put(taken, without);
                rows.or(without);
            }
        }
        if (rows.isEmpty()) {
            return;
        }
        Map<Integer, EntityKey> keys = keys(use, request.rows(), rows);
        Optional<Map<EntityKey, OnlineRow>> known = look(use, keys, now);
        Map<Integer, OnlineRow> found = new HashMap<>();
        for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
            int index = row;
            List<String> names =
                    use.columns().stream()
                            .filter(taken ->
                                    Optional.ofNullable(wanted.get(taken))
                                            .filter(without -> without.get(index))
                                            .isPresent())
                            .map(TakenColumn::as)
                            .toList();
            OnlineRow candidate = known.map(each -> each.get(keys.get(index))).orElse(null);
            String missing =
                    known.isEmpty()
                            ? "the feature store did not answer"
                            : unusable(use, candidate, moments[row]);
            if (candidate == null || missing != null) {
                lookedUp.get(row)
                        .add(
                                new LookedUp(
                                        use.view().name(),
                                        names,
                                        Optional.empty(),
                                        OptionalLong.empty(),
                                        Optional.ofNullable(missing)));
            } else {
                found.put(row, candidate);
                lookedUp.get(row)
                        .add(
                                new LookedUp(
                                        use.view().name(),
                                        names,
                                        Optional.of(candidate.at()),
                                        OptionalLong.of(age(candidate, moments[row]).toSeconds()),
                                        Optional.empty()));
            }
        }
        wanted.forEach((taken, without) ->
                columns.compute(
                        taken.as(),
                        (_, column) ->
                                filled(
                                        Objects.requireNonNull(column),
                                        taken.column(),
                                        without,
                                        found)));
    }

    private static Map<Integer, EntityKey> keys(ViewUse use, Table rows, BitSet of) {
        List<CategoryColumn> columns = use.entity().stream().map(rows::category).toList();
        Map<Integer, EntityKey> keys = new HashMap<>();
        of.stream()
                .forEach(row ->
                        keys.put(
                                row,
                                new EntityKey(
                                        columns.stream().map(each -> each.text(row)).toList())));
        return keys;
    }

    private Optional<Map<EntityKey, OnlineRow>> look(
            ViewUse use, Map<Integer, EntityKey> keys, Instant now) {
        List<EntityKey> whole =
                keys.values().stream()
                        .filter(key -> !key.parts().contains("") && key.canBeKnown())
                        .toList();
        try {
            return Optional.of(whole.isEmpty() ? Map.of() : online.get(use.view().name(), whole));
        } catch (RuntimeException failed) {
            failures.tell(
                    now,
                    "FeatureLookupFailures",
                    whole.size(),
                    "FEATURES_NOT_LOOKED_UP view=%s entities=%d: %s"
                            .formatted(use.view().name(), whole.size(), failed));
            return Optional.empty();
        }
    }

    private static Duration age(OnlineRow row, long moment) {
        return Duration.between(row.at(), EventTime.instant(moment));
    }

    /** Why a training would not have found the row at that moment; null if it would. */
    private static @Nullable String unusable(ViewUse use, @Nullable OnlineRow row, long moment) {
        if (row == null) {
            return "the view knows nothing of it";
        }
        Duration age = age(row, moment);
        if (age.isNegative() || (age.isZero() && use.match() == Match.BEFORE)) {
            return "what the view knows is later than the row, of " + row.at();
        }
        return use.maxAge()
                .filter(most -> age.compareTo(most) > 0)
                .map(most ->
                        "what the view knows is of %s, older than %s".formatted(row.at(), most))
                .orElse(null);
    }

    private static Column filled(
            Column column, String source, BitSet rows, Map<Integer, OnlineRow> found) {
        return switch (column) {
            case NumberColumn numbers -> {
                double[] values = numbers.values().clone();
                rows.stream()
                        .forEach(row -> {
                            if (value(found.get(row), source) instanceof Double number) {
                                values[row] = number;
                            }
                        });
                yield new NumberColumn(column.name(), values);
            }
            case CategoryColumn categories -> {
                List<String> texts = new ArrayList<>();
                for (int row = 0; row < categories.rows(); row++) {
                    boolean looked = rows.get(row);
                    texts.add(
                            looked && value(found.get(row), source) instanceof String text
                                    ? text
                                    : categories.text(row));
                }
                yield CategoryColumn.of(column.name(), texts);
            }
            case Column.TimeColumn times -> times;
        };
    }

    private static @Nullable Object value(@Nullable OnlineRow row, String column) {
        return row == null ? null : row.values().get(column);
    }
}
