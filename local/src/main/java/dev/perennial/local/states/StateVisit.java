package dev.perennial.local.states;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One visit of a state: what its expressions can see. */
record StateVisit(
        String state,
        JsonNode input,
        Instant entered,
        int retryCount,
        Variables variables,
        Optional<MapItem> item,
        Optional<TaskToken> token,
        ExecutionFacts facts,
        JsonataFunctions functions) {

    StateVisit retried() {
        return new StateVisit(
                state,
                input,
                entered,
                retryCount + 1,
                variables,
                item,
                Optional.empty(),
                facts,
                functions);
    }

    StateVisit holding(TaskToken held) {
        return new StateVisit(
                state,
                input,
                entered,
                retryCount,
                variables,
                item,
                Optional.of(held),
                facts,
                functions);
    }

    StateVisit of(MapItem mapItem) {
        return new StateVisit(
                state,
                input,
                entered,
                retryCount,
                variables,
                Optional.of(mapItem),
                token,
                facts,
                functions);
    }

    Optional<Integer> mapIndex() {
        return item.map(MapItem::index);
    }

    /** For fields that are evaluated before the state's work is done. */
    Template.Evaluator before() {
        return evaluator(states -> {});
    }

    /** For Output and Assign, once there is a result. */
    Template.Evaluator after(JsonNode result) {
        return evaluator(states -> states.set("result", result));
    }

    /** For a catcher's Output and Assign. */
    Template.Evaluator caught(JsonNode errorOutput) {
        return evaluator(states -> states.set("errorOutput", errorOutput));
    }

    private Template.Evaluator evaluator(Consumer<ObjectNode> more) {
        ObjectNode states = Json.NODES.objectNode();
        states.set("input", input);
        states.set("context", context());
        more.accept(states);
        var visible = variables.visible();
        return expression -> expression.evaluate(states, visible, functions);
    }

    private ObjectNode context() {
        ObjectNode context = facts.toContext();
        context.putObject("State")
                .put("Name", state)
                .put("EnteredTime", ExecutionFacts.iso(entered))
                .put("RetryCount", retryCount);
        item.ifPresent(i ->
                context.putObject("Map")
                        .putObject("Item")
                        .put("Index", i.index())
                        .put("Source", "STATE_DATA")
                        .set("Value", i.value()));
        token.ifPresent(t -> context.putObject("Task").put("Token", t.value()));
        return context;
    }
}
