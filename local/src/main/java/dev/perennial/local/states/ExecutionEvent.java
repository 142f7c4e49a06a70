package dev.perennial.local.states;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One thing that happened in an execution. {@code mapIndex} is the position of the item in the
 * innermost Map around the state, empty outside of a Map.
 */
public sealed interface ExecutionEvent {
    Instant at();

    record ExecutionStarted(Instant at, String executionArn, JsonNode input)
            implements ExecutionEvent {}

    record StateEntered(
            Instant at, String state, StateType type, Optional<Integer> mapIndex, JsonNode input)
            implements ExecutionEvent {}

    record StateExited(
            Instant at,
            String state,
            StateType type,
            Optional<Integer> mapIndex,
            JsonNode output,
            Map<String, JsonNode> assigned)
            implements ExecutionEvent {}

    /** One attempt at a Task state failed; a Retry or Catch may follow. */
    record TaskFailed(
            Instant at,
            String state,
            Optional<Integer> mapIndex,
            String resource,
            String error,
            String cause)
            implements ExecutionEvent {}

    /**
     * A Task, Map or Parallel state will be tried again.
     *
     * @param retry 1 for the first retry
     * @param delay until then
     */
    record TaskRetried(
            Instant at,
            String state,
            Optional<Integer> mapIndex,
            int retry,
            Duration delay,
            String error)
            implements ExecutionEvent {}

    record ExecutionEnded(
            Instant at,
            String executionArn,
            ExecutionStatus status,
            Optional<JsonNode> output,
            Optional<String> error,
            Optional<String> cause)
            implements ExecutionEvent {}
}
