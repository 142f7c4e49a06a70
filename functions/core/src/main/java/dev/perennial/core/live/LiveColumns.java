package dev.perennial.core.live;

import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.store.Digest;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The columns that captured predictions and labels have beside the spec's own. A spec's columns
 * can't be called so.
 */
public final class LiveColumns {
    /** Category: names a prediction; missing in a label that names its row by key and time. */
    public static final String ID = "perennial/id";

    /** Time: when it was predicted, or when the label came. */
    public static final String AT = "perennial/at";

    /** Number: the version that predicted. */
    public static final String VERSION = "perennial/version";

    /** Category: a {@link Role}. */
    public static final String ROLE = "perennial/role";

    /** Category: the entity, see {@link #entity}; missing where the spec has no key. */
    public static final String ENTITY = "perennial/entity";

    /** Time: the row's own event time, or else when it was predicted. */
    public static final String TIME = "perennial/time";

    /** Number; regression only: what was predicted. A class follows from the probabilities. */
    public static final String PREDICTION = "perennial/prediction";

    /** Number; of a regression that knows it: the absolute error to expect of the prediction. */
    public static final String EXPECTED_ERROR = "perennial/expectedError";

    /** Numbers, one column per class: its name follows. */
    public static final String PROBABILITY = "perennial/probability/";

    /** Category or number: what came true. */
    public static final String LABEL = "perennial/label";

    private LiveColumns() {}

    /**
     * The entities of rows, as predictions and labels name them: the key's values in their order.
     */
    public static CategoryColumn entity(PipelineSpec spec, Table rows) {
        if (spec.key().isEmpty()) {
            return CategoryColumn.of(ENTITY, Collections.nCopies(rows.rows(), ""));
        }
        List<String> names = new ArrayList<>();
        for (int row = 0; row < rows.rows(); row++) {
            int at = row;
            names.add(
                    entity(
                            spec,
                            spec.key().stream().map(key -> rows.category(key).text(at)).toList()));
        }
        return CategoryColumn.of(ENTITY, names);
    }

    /**
     * One entity's name; values that contain the separator can't be taken for others. Where the key
     * is personal, its digest: the same entity is found again, and who has the digest has to guess.
     */
    public static String entity(PipelineSpec spec, List<String> values) {
        String name =
                String.join(
                        "|",
                        values.stream()
                                .map(each -> each.replace("\\", "\\\\").replace("|", "\\|"))
                                .toList());
        return spec.personalKeys().isEmpty()
                ? name
                : Digest.of((spec.name() + "|" + name).getBytes(StandardCharsets.UTF_8)).hex();
    }

    /** The same moment in every row. */
    static TimeColumn moment(String name, Instant at, int rows) {
        long[] micros = new long[rows];
        Arrays.fill(micros, EventTime.micros(at));
        return new TimeColumn(name, micros);
    }
}
