package dev.perennial.local.states;

import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What stays the same throughout an execution. */
record ExecutionFacts(
        String arn, String name, StateMachine stateMachine, Instant started, JsonNode input) {

    ObjectNode toContext() {
        ObjectNode context = Json.NODES.objectNode();
        context.putObject("Execution")
                .put("Id", arn)
                .put("Name", name)
                .put("RoleArn", stateMachine.roleArn())
                .put("StartTime", Timestamps.iso(started))
                .set("Input", input);
        context.putObject("StateMachine")
                .put("Id", stateMachine.arn())
                .put("Name", stateMachine.name());
        return context;
    }
}
