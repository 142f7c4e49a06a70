package dev.perennial.local.states;

import com.dashjoin.jsonata.Jsonata;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Translates between JSON trees and the plain Java values that the JSONata engine works on. */
final class JsonataValues {
    /**
     * Up to here a double holds every integer, so an integral result is written without a fraction.
     */
    private static final double EXACT_INTEGERS = 9_007_199_254_740_992.0;

    private JsonataValues() {}

    static Object toJsonata(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> map = new LinkedHashMap<>();
            node.properties().forEach(e -> map.put(e.getKey(), toJsonata(e.getValue())));
            return map;
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>(node.size());
            node.forEach(item -> list.add(toJsonata(item)));
            return list;
        }
        if (node.isString()) {
            return node.stringValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isNumber()) {
            return number(node);
        }
        return Jsonata.NULL_VALUE;
    }

    private static Number number(JsonNode node) {
        if (node.isIntegralNumber() && node.canConvertToInt()) {
            return node.intValue();
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        return new JsonNumber(node.decimalValue());
    }

    /**
     * @param value what an expression gave, never undefined
     * @throws IllegalArgumentException if it has no JSON form: a function, a number that is not
     *     finite
     */
    static JsonNode toJson(@Nullable Object value) {
        return switch (value) {
            case null -> Json.NODES.nullNode();
            case String s -> Json.NODES.stringNode(s);
            case Boolean b -> Json.NODES.booleanNode(b);
            case Integer i -> Json.NODES.numberNode(i.intValue());
            case Long l -> Json.NODES.numberNode(l.longValue());
            case BigInteger i -> Json.NODES.numberNode(i);
            case JsonNumber n ->
                    n.exact().scale() == 0
                            ? Json.NODES.numberNode(n.exact().toBigIntegerExact())
                            : Json.NODES.numberNode(n.exact());
            case BigDecimal d -> Json.NODES.numberNode(d);
            case Number n -> toJson(n.doubleValue());
            case List<?> list -> {
                ArrayNode array = Json.NODES.arrayNode(list.size());
                list.forEach(item -> array.add(toJson(item)));
                yield array;
            }
            case Map<?, ?> map -> {
                ObjectNode object = Json.NODES.objectNode();
                map.forEach((key, item) -> object.set(String.valueOf(key), toJson(item)));
                yield object;
            }
            default -> {
                if (value.equals(Jsonata.NULL_VALUE)) {
                    yield Json.NODES.nullNode();
                }
                throw new IllegalArgumentException("a function is not a JSON value");
            }
        };
    }

    private static JsonNode toJson(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("the number " + value + " is not a JSON value");
        }
        return value == Math.rint(value) && Math.abs(value) <= EXACT_INTEGERS
                ? Json.NODES.numberNode((long) value)
                : Json.NODES.numberNode(value);
    }
}
