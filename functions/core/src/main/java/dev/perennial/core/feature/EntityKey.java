package dev.perennial.core.feature;

import dev.perennial.core.json.Json;
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

    /** As the online store has it: a JSON array, so that no two keys are written alike. */
    public String text() {
        return new String(Json.write(parts), StandardCharsets.UTF_8);
    }
}
