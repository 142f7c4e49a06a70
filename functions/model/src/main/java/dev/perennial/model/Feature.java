package dev.perennial.model;

import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.table.ColumnType;
import java.util.List;
import java.util.Locale;

/**
 * An input of a model, as its file describes it.
 *
 * @param type {@code number} (float32) or {@code category} (string)
 */
public record Feature(String name, String type) {
    public Feature {
        if (!type.equals("number") && !type.equals("category")) {
            throw new IllegalArgumentException("feature %s has type %s".formatted(name, type));
        }
    }

    static List<Feature> of(List<FeatureSpec> specs) {
        return specs.stream()
                .map(spec -> new Feature(spec.name(), spec.type().name().toLowerCase(Locale.ROOT)))
                .toList();
    }

    boolean isNumber() {
        return type.equals("number");
    }

    /** How its column is read. */
    public ColumnType columnType() {
        return isNumber() ? ColumnType.NUMBER : ColumnType.CATEGORY;
    }
}
