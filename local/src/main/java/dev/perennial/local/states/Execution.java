package dev.perennial.local.states;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * An execution as it was when asked for.
 *
 * @param output present if it succeeded
 * @param error present if it failed, if its failure or whoever stopped it gave one
 * @param history in the order in which things happened
 */
public record Execution(
        String arn,
        String name,
        String stateMachineArn,
        ExecutionStatus status,
        Instant started,
        Optional<Instant> stopped,
        JsonNode input,
        Optional<JsonNode> output,
        Optional<String> error,
        Optional<String> cause,
        List<ExecutionEvent> history) {}
