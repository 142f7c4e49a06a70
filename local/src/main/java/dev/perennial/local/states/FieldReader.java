package dev.perennial.local.states;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Reads the members of one object of the definition, and remembers which nobody asked for: those
 * are refused, never skipped.
 */
final class FieldReader {
    private final String where;
    private final JsonNode object;
    private final List<String> problems;
    private final Set<String> asked = new TreeSet<>();

    /**
     * @param where e.g. {@code State 'Train': field 'Retry[0]'}
     */
    FieldReader(String where, JsonNode object, List<String> problems) {
        this.where = where;
        this.object = object;
        this.problems = problems;
        if (!object.isObject()) {
            problems.add(where + " should be an object but is " + kind(object));
        }
    }

    String where() {
        return where;
    }

    void problem(String field, String what) {
        problems.add("%s: field '%s' %s".formatted(where, field, what));
    }

    Optional<JsonNode> get(String field) {
        asked.add(field);
        return Optional.ofNullable(object.get(field));
    }

    private Optional<JsonNode> get(String field, String expected, Predicate<JsonNode> test) {
        Optional<JsonNode> value = get(field);
        if (value.isPresent() && !test.test(value.get())) {
            problem(field, "should be " + expected + " but is " + kind(value.get()));
            return Optional.empty();
        }
        return value;
    }

    Optional<String> text(String field) {
        return get(field, "a string", JsonNode::isString).map(JsonNode::stringValue);
    }

    String requiredText(String field) {
        Optional<String> text = text(field);
        if (text.isEmpty() && object.get(field) == null) {
            problem(field, "is missing");
        }
        return text.orElse("");
    }

    boolean flag(String field) {
        return get(field, "true or false", JsonNode::isBoolean)
                .map(JsonNode::booleanValue)
                .orElse(false);
    }

    int whole(String field, int least, int most, int otherwise) {
        return get(
                        field,
                        "a whole number from %d to %d".formatted(least, most),
                        n ->
                                n.canConvertToInt()
                                        && n.isIntegralNumber()
                                        && n.intValue() >= least
                                        && n.intValue() <= most)
                .map(JsonNode::intValue)
                .orElse(otherwise);
    }

    double number(String field, double least, double otherwise) {
        return get(
                        field,
                        "a number of at least " + least,
                        n ->
                                n.isNumber()
                                        && n.doubleValue() >= least
                                        && Double.isFinite(n.doubleValue()))
                .map(JsonNode::doubleValue)
                .orElse(otherwise);
    }

    /** Members of an array of objects, each with its own reader. */
    List<FieldReader> objects(String field) {
        List<FieldReader> readers = new ArrayList<>();
        Optional<JsonNode> array = get(field, "an array", JsonNode::isArray);
        for (int i = 0; i < array.map(JsonNode::size).orElse(0); i++) {
            readers.add(
                    new FieldReader(
                            "%s: field '%s[%d]'".formatted(where, field, i),
                            array.orElseThrow().get(i),
                            problems));
        }
        return readers;
    }

    Map<String, JsonNode> members(String field) {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        get(field, "an object", JsonNode::isObject)
                .ifPresent(o -> o.properties().forEach(e -> members.put(e.getKey(), e.getValue())));
        return members;
    }

    List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        get(field, "an array of strings", n -> n.isArray() && allTexts(n))
                .ifPresent(array -> array.forEach(item -> texts.add(item.stringValue())));
        return texts;
    }

    private static boolean allTexts(JsonNode array) {
        return array.valueStream().allMatch(JsonNode::isString);
    }

    FieldReader nested(String field) {
        return new FieldReader(
                "%s: field '%s'".formatted(where, field),
                get(field).orElseGet(Json.NODES::objectNode),
                problems);
    }

    /** Call last: names every field that was not read. */
    void refuseOthers() {
        for (String field : object.propertyNames()) {
            if (!asked.contains(field)) {
                problem(
                        field,
                        "is not supported here; this executor implements "
                                + String.join(", ", asked));
            }
        }
    }

    static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            default -> Json.write(node);
        };
    }
}
