package dev.perennial.core.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the columns that name an entity: texts, or mappings that mark them as personal. */
final class KeyReader {
    private KeyReader() {}

    /** Columns in their order, and whether each is personal. Notes a repeated one. */
    static Map<String, Boolean> read(YamlMap root) {
        Map<String, Boolean> keys = new LinkedHashMap<>();
        List<Map.Entry<String, Boolean>> entries =
                root.textsOr(
                        "key",
                        text -> Map.entry(text, false),
                        map -> Map.entry(map.text("name"), map.flag("personal")));
        for (Map.Entry<String, Boolean> entry : entries) {
            if (keys.putIfAbsent(entry.getKey(), entry.getValue()) != null) {
                root.problem("key", "'" + entry.getKey() + "' twice", "each column once");
            }
        }
        return keys;
    }

    static Set<String> personal(Map<String, Boolean> keys) {
        return keys.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
