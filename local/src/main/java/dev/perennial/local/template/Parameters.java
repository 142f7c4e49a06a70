package dev.perennial.local.template;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The template's parameters with the values they get. */
final class Parameters {
    private static final Set<String> KNOWN =
            Set.of(
                    "Type",
                    "Default",
                    "Description",
                    "AllowedPattern",
                    "AllowedValues",
                    "ConstraintDescription",
                    "NoEcho");

    private final Problems problems;
    private final Yaml yaml;

    Parameters(Problems problems, Yaml yaml) {
        this.problems = problems;
        this.yaml = yaml;
    }

    Map<String, String> read(@Nullable Node section, Map<String, String> overrides) {
        Map<String, String> values = new HashMap<>();
        Map<String, Node> declared = yaml.entries(section, "Parameters");
        declared.forEach((name, node) -> values.put(name, value(name, node, overrides.get(name))));
        overrides.keySet().stream()
                .filter(name -> !declared.containsKey(name))
                .sorted()
                .forEach(name -> problems.wrong(section, "the template has no parameter " + name));
        return values;
    }

    private String value(String name, Node node, @Nullable String given) {
        String what = "parameter " + name;
        Map<String, Node> properties = yaml.entries(node, what);
        properties.forEach((key, at) -> {
            if (!KNOWN.contains(key)) {
                problems.unsupported(at, "%s of %s".formatted(key, what));
            }
        });
        String type = text(properties.get("Type"));
        if (!Set.of("String", "Number").contains(type)) {
            problems.unsupported(node, "the type '%s' of %s".formatted(type, what));
        }
        Node standard = properties.get("Default");
        if (given == null && standard == null) {
            problems.wrong(node, what + " needs a value: it has no Default");
            return "";
        }
        String value = given == null ? text(standard) : given;
        if (type.equals("Number") && !value.matches("[+-]?[0-9]+(\\.[0-9]+)?")) {
            problems.wrong(node, "%s is '%s', expected a number".formatted(what, value));
        }
        checkPattern(what, value, properties.get("AllowedPattern"));
        List<String> allowed =
                yaml.items(properties.get("AllowedValues"), what).stream()
                        .map(Parameters::text)
                        .toList();
        if (!allowed.isEmpty() && !allowed.contains(value)) {
            problems.wrong(node, "%s is '%s', expected one of %s".formatted(what, value, allowed));
        }
        return value;
    }

    private void checkPattern(String what, String value, @Nullable Node pattern) {
        if (pattern == null) {
            return;
        }
        try {
            if (!value.matches(text(pattern))) {
                problems.wrong(
                        pattern,
                        "%s is '%s', which should match %s".formatted(what, value, text(pattern)));
            }
        } catch (PatternSyntaxException broken) {
            problems.wrong(
                    pattern,
                    "the pattern of %s is wrong: %s".formatted(what, broken.getDescription()));
        }
    }

    private static String text(@Nullable Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }
}
