package dev.perennial.local.states;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * An execution's history as GetExecutionHistory answers it. Coarser than AWS's: of a task it tells
 * entry, failed attempts and exit; AWS has no event for a retry, so there is none.
 */
final class HistoryEvents {
    private HistoryEvents() {}

    static List<ObjectNode> of(List<ExecutionEvent> history, String roleArn) {
        List<ObjectNode> events = new ArrayList<>();
        for (ExecutionEvent event : history) {
            ObjectNode form = form(event, roleArn);
            if (!form.isEmpty()) {
                events.add(
                        form.put("id", events.size() + 1)
                                .put("previousEventId", events.size())
                                .put("timestamp", StepFunctionsOperations.seconds(event.at())));
            }
        }
        return events;
    }

    private static ObjectNode form(ExecutionEvent event, String roleArn) {
        ObjectNode form = Json.NODES.objectNode();
        switch (event) {
            case ExecutionEvent.ExecutionStarted e ->
                    form.put("type", "ExecutionStarted")
                            .putObject("executionStartedEventDetails")
                            .put("input", Json.write(e.input()))
                            .put("roleArn", roleArn);
            case ExecutionEvent.StateEntered e ->
                    form.put("type", e.type().inDefinition() + "StateEntered")
                            .putObject("stateEnteredEventDetails")
                            .put("name", e.state())
                            .put("input", Json.write(e.input()));
            case ExecutionEvent.StateExited e -> exited(form, e);
            case ExecutionEvent.TaskFailed e ->
                    form.put("type", "TaskFailed")
                            .putObject("taskFailedEventDetails")
                            .put("resourceType", resourcePart(e.resource(), 5))
                            .put("resource", resourcePart(e.resource(), 6))
                            .put("error", e.error())
                            .put("cause", e.cause());
            case ExecutionEvent.TaskRetried e -> {}
            case ExecutionEvent.ExecutionEnded e -> ended(form, e);
        }
        return form;
    }

    private static void exited(ObjectNode form, ExecutionEvent.StateExited event) {
        ObjectNode details =
                form.put("type", event.type().inDefinition() + "StateExited")
                        .putObject("stateExitedEventDetails")
                        .put("name", event.state())
                        .put("output", Json.write(event.output()));
        if (!event.assigned().isEmpty()) {
            ObjectNode variables = details.putObject("assignedVariables");
            event.assigned().forEach((name, value) -> variables.put(name, Json.write(value)));
        }
    }

    private static void ended(ObjectNode form, ExecutionEvent.ExecutionEnded event) {
        switch (event.status()) {
            case SUCCEEDED ->
                    form.put("type", "ExecutionSucceeded")
                            .putObject("executionSucceededEventDetails")
                            .put("output", event.output().map(Json::write).orElse("null"));
            case TIMED_OUT ->
                    failed(
                            form.put("type", "ExecutionTimedOut")
                                    .putObject("executionTimedOutEventDetails"),
                            event);
            case ABORTED ->
                    failed(
                            form.put("type", "ExecutionAborted")
                                    .putObject("executionAbortedEventDetails"),
                            event);
            case FAILED, RUNNING ->
                    failed(
                            form.put("type", "ExecutionFailed")
                                    .putObject("executionFailedEventDetails"),
                            event);
        }
    }

    private static void failed(ObjectNode details, ExecutionEvent.ExecutionEnded event) {
        event.error().ifPresent(error -> details.put("error", error));
        event.cause().ifPresent(cause -> details.put("cause", cause));
    }

    /** {@code arn:aws:states:::lambda:invoke} has the service at 5 and the action at 6. */
    private static String resourcePart(String arn, int index) {
        String[] parts = arn.split(":", -1);
        return Optional.of(index).filter(i -> i < parts.length).map(i -> parts[i]).orElse(arn);
    }
}
