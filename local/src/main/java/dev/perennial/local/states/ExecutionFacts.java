package dev.perennial.local.states;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
                .put("StartTime", iso(started))
                .put("RedriveCount", 0)
                .set("Input", input);
        context.putObject("StateMachine")
                .put("Id", stateMachine.arn())
                .put("Name", stateMachine.name());
        return context;
    }

    /** As the context object writes time: UTC, to the millisecond, without a fraction of zero. */
    static String iso(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
