package dev.perennial.core.feature;

import dev.perennial.core.json.Json;
import dev.perennial.core.spec.FeatureView;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Names an entity.
 *
 * @param parts a value for each column of the view's key, in its order
 */
public record EntityKey(List<String> parts) {
    public EntityKey {
        parts = List.copyOf(parts);
    }

    /** Whether a view can know it: ingestion leaves out longer ones. */
    public boolean canBeKnown() {
        return parts.stream().mapToInt(String::length).sum() <= FeatureView.LONGEST_KEYS;
    }

    /** As the online store has it: a JSON array, so that no two keys are written alike. */
    public String text() {
        return new String(Json.write(parts), StandardCharsets.UTF_8);
    }
}
