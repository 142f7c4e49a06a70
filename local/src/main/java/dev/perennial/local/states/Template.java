package dev.perennial.local.states;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A JSON value of the definition in which strings may be <code>{% JSONata %}</code>. */
sealed interface Template {
    record Literal(JsonNode value) implements Template {}

    record Query(Expression expression) implements Template {}

    record Array(List<Template> items) implements Template {}

    record Fields(Map<String, Template> members) implements Template {}

    /** Gives an expression its value; fails where it has none. */
    interface Evaluator {
        JsonNode value(Expression expression) throws StateFailure;
    }

    default JsonNode fill(Evaluator evaluator) throws StateFailure {
        return switch (this) {
            case Literal(JsonNode value) -> value;
            case Query(Expression expression) -> evaluator.value(expression);
            case Array(List<Template> items) -> {
                ArrayNode array = Json.NODES.arrayNode(items.size());
                for (Template item : items) {
                    array.add(item.fill(evaluator));
                }
                yield array;
            }
            case Fields(Map<String, Template> members) -> {
                ObjectNode object = Json.NODES.objectNode();
                for (Map.Entry<String, Template> member : members.entrySet()) {
                    object.set(member.getKey(), member.getValue().fill(evaluator));
                }
                yield object;
            }
        };
    }
}
