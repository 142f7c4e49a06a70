package dev.perennial.local.states;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * JSON as Step Functions passes it on: a number keeps its digits (1.0 stays 1.0), a key occurs
 * once.
 */
final class Json {
    static final JsonNodeFactory NODES = new JsonNodeFactory();

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private Json() {}

    /**
     * @throws IllegalArgumentException if the text is not exactly one JSON value; says where
     */
    static JsonNode parse(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node == null || node.isMissingNode()) {
                throw new IllegalArgumentException("expected a JSON value but found nothing");
            }
            return node;
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    e.getOriginalMessage() + " at " + e.getLocation().offsetDescription(), e);
        }
    }

    static String write(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    static int utf8Length(JsonNode node) {
        return write(node).getBytes(StandardCharsets.UTF_8).length;
    }
}
