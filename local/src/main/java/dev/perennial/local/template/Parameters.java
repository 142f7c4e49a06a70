package dev.perennial.local.template;

import java.math.BigDecimal;
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
                    "MinValue",
                    "MaxValue",
                    "ConstraintDescription",
                    "NoEcho");

    private static final String NUMBER = "[+-]?[0-9]+(\\.[0-9]+)?";

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
        if (type.equals("Number") && !value.matches(NUMBER)) {
            problems.wrong(node, "%s is '%s', expected a number".formatted(what, value));
        }
        if (type.equals("Number") && properties.containsKey("AllowedPattern")) {
            problems.wrong(
                    properties.get("AllowedPattern"),
                    "AllowedPattern of %s: CloudFormation takes it of a String only"
                            .formatted(what));
        }
        checkBounds(what, value, properties);
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

    private void checkBounds(String what, String value, Map<String, Node> properties) {
        for (String bound : List.of("MinValue", "MaxValue")) {
            Node node = properties.get(bound);
            if (node == null || problemsWith(what, bound, value, node)) {
                continue;
            }
            int order = new BigDecimal(value).compareTo(new BigDecimal(text(node)));
            if (bound.equals("MinValue") ? order < 0 : order > 0) {
                problems.wrong(node, "%s is %s, beyond its %s".formatted(what, value, bound));
            }
        }
    }

    private boolean problemsWith(String what, String bound, String value, Node node) {
        boolean wrong = !value.matches(NUMBER) || !text(node).matches(NUMBER);
        if (wrong) {
            problems.wrong(node, "%s of %s holds for numbers".formatted(bound, what));
        }
        return wrong;
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
