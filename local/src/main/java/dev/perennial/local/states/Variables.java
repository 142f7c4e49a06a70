package dev.perennial.local.states;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The variables of one flow. A Map's items and a Parallel's branches read those around them and
 * keep their own.
 */
final class Variables {
    private final Optional<Variables> outer;
    private final Map<String, JsonNode> own = new LinkedHashMap<>();

    Variables() {
        this.outer = Optional.empty();
    }

    private Variables(Variables outer) {
        this.outer = Optional.of(outer);
    }

    Variables inner() {
        return new Variables(this);
    }

    void assign(Map<String, JsonNode> values) {
        own.putAll(values);
    }

    Map<String, JsonNode> visible() {
        Map<String, JsonNode> visible = new LinkedHashMap<>();
        outer.ifPresent(variables -> visible.putAll(variables.visible()));
        visible.putAll(own);
        return visible;
    }
}
