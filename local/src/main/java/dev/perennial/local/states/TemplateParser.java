package dev.perennial.local.states;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Turns a value of the definition into a {@link Template}, checking each expression in it. */
final class TemplateParser {
    private static final String OPEN = "{%";
    private static final String CLOSE = "%}";

    private TemplateParser() {}

    /**
     * @param members of {@code $states} that have a value in this field
     */
    static Template parse(FieldReader reader, String field, JsonNode value, Set<String> members) {
        if (value.isObject()) {
            Map<String, Template> fields = new LinkedHashMap<>();
            value.properties()
                    .forEach(e ->
                            fields.put(
                                    e.getKey(),
                                    parse(
                                            reader,
                                            field + "." + e.getKey(),
                                            e.getValue(),
                                            members)));
            return new Template.Fields(fields);
        }
        if (value.isArray()) {
            List<Template> items = new ArrayList<>();
            for (int i = 0; i < value.size(); i++) {
                items.add(parse(reader, "%s[%d]".formatted(field, i), value.get(i), members));
            }
            return new Template.Array(items);
        }
        return value.isString() && (opens(value) || closes(value))
                ? query(reader, field, value, members)
                : new Template.Literal(value);
    }

    private static boolean opens(JsonNode value) {
        return value.stringValue().strip().startsWith(OPEN);
    }

    private static boolean closes(JsonNode value) {
        return value.stringValue().strip().endsWith(CLOSE);
    }

    private static Template query(
            FieldReader reader, String field, JsonNode value, Set<String> members) {
        String text = value.stringValue();
        if (!text.startsWith(OPEN) || !text.endsWith(CLOSE) || text.length() < 4) {
            reader.problem(
                    field, "should begin with {% and end with %} but is " + Json.write(value));
            return new Template.Literal(value);
        }
        String source = text.substring(OPEN.length(), text.length() - CLOSE.length()).strip();
        try {
            Jsonata.jsonata(source);
        } catch (JException e) {
            reader.problem(
                    field, "is not JSONata: " + e.getDetailedErrorMessage() + " in " + source);
            return new Template.Literal(value);
        } catch (RuntimeException | StackOverflowError e) {
            reader.problem(field, "is not JSONata: the expression cannot be read: " + source);
            return new Template.Literal(value);
        }
        ExpressionScan.problems(source, members)
                .forEach(p -> reader.problem(field, "cannot be used: " + p));
        return new Template.Query(new Expression(source, field));
    }
}
