package dev.perennial.local.template;

import dev.perennial.core.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Writes a YAML value as the JSON that it stands for, with its intrinsics resolved. */
final class YamlJson {
    private final Yaml yaml;
    private final Intrinsics intrinsics;
    private final Problems problems;

    YamlJson(Yaml yaml, Intrinsics intrinsics, Problems problems) {
        this.yaml = yaml;
        this.intrinsics = intrinsics;
        this.problems = problems;
    }

    /**
     * Converts.
     *
     * @param what names the place in messages
     */
    String of(Node node, String what) {
        Object value = value(node, what);
        if (value == null) {
            problems.wrong(node, what + " is empty");
            return "{}";
        }
        return new String(Json.write(value), StandardCharsets.UTF_8);
    }

    private @Nullable Object value(Node node, String what) {
        if (intrinsics.isCall(node)) {
            return intrinsics.value(node, node, what);
        }
        return switch (node) {
            case SequenceNode list -> {
                List<@Nullable Object> items = new ArrayList<>();
                list.getValue().forEach(item -> items.add(value(item, what)));
                yield items;
            }
            case MappingNode map -> {
                Map<String, @Nullable Object> entries = new LinkedHashMap<>();
                yaml.entries(map, what)
                        .forEach((name, item) -> entries.put(name, value(item, what)));
                yield entries;
            }
            case ScalarNode scalar -> scalar(scalar, what);
            default -> null;
        };
    }

    private @Nullable Object scalar(ScalarNode scalar, String what) {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return null;
        }
        if (tag.equals(Tag.BOOL)) {
            return Boolean.valueOf(text);
        }
        try {
            if (tag.equals(Tag.INT)) {
                return new BigInteger(text);
            }
            if (tag.equals(Tag.FLOAT)) {
                return new BigDecimal(text);
            }
        } catch (NumberFormatException notJson) {
            problems.wrong(scalar, "%s says %s, which JSON can't".formatted(what, text));
        }
        return text;
    }
}
