package dev.perennial.local.template;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Values that are held to what a property allows; what isn't allowed is a problem. */
final class Values {
    private final Yaml yaml;
    private final Intrinsics intrinsics;
    private final Problems problems;

    Values(Yaml yaml, Intrinsics intrinsics, Problems problems) {
        this.yaml = yaml;
        this.intrinsics = intrinsics;
        this.problems = problems;
    }

    String oneOf(@Nullable Node node, Node at, String what, String... allowed) {
        String value = intrinsics.value(node, at, what);
        if (!List.of(allowed).contains(value)) {
            problems.wrong(
                    at,
                    "%s says '%s', expected one of %s"
                            .formatted(what, value, String.join(", ", allowed)));
        }
        return value;
    }

    Map<String, Node> known(@Nullable Node node, String what, Set<String> allowed) {
        Map<String, Node> entries = yaml.entries(node, what);
        checkKnown(entries, what, allowed);
        return entries;
    }

    void checkKnown(Map<String, Node> entries, String what, Set<String> allowed) {
        entries.forEach((name, value) -> {
            if (!allowed.contains(name)) {
                problems.unsupported(value, "the property %s.%s".formatted(what, name));
            }
        });
    }

    int integer(@Nullable Node node, String what, int standard, int least, int greatest) {
        if (node == null) {
            return standard;
        }
        String text = intrinsics.value(node, node, what);
        if (text.matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= least && number <= greatest) {
                return number;
            }
        }
        problems.wrong(
                node,
                "%s is '%s', expected a whole number from %d to %d"
                        .formatted(what, text, least, greatest));
        return standard;
    }
}
