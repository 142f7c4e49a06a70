package dev.perennial.local.states;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The operations of Step Functions' API that the executor implements. */
final class StepFunctionsOperations {
    private final Executions executions;

    StepFunctionsOperations(Executions executions) {
        this.executions = executions;
    }

    JsonNode perform(String operation, Request request) throws InterruptedException {
        return switch (operation) {
            case "CreateStateMachine" -> create(request);
            case "DescribeStateMachine" -> describeStateMachine(request);
            case "DeleteStateMachine" -> delete(request);
            case "ListStateMachines" ->
                    Page.of(
                            request.allow("maxResults", "nextToken"),
                            "stateMachines",
                            executions.stateMachines(),
                            StepFunctionsOperations::summary);
            case "StartExecution" -> start(request);
            case "DescribeExecution" -> describe(request);
            case "ListExecutions" -> list(request);
            case "GetExecutionHistory" -> history(request);
            case "StopExecution" -> stop(request);
            case "SendTaskSuccess" -> {
                request.allow("taskToken", "output");
                executions.sendTaskSuccess(
                        request.required("taskToken"), request.required("output"));
                yield Json.NODES.objectNode();
            }
            case "SendTaskFailure" -> {
                request.allow("taskToken", "error", "cause");
                executions.sendTaskFailure(
                        request.required("taskToken"),
                        request.text("error"),
                        request.text("cause"));
                yield Json.NODES.objectNode();
            }
            case "SendTaskHeartbeat" -> {
                executions.sendTaskHeartbeat(request.allow("taskToken").required("taskToken"));
                yield Json.NODES.objectNode();
            }
            default ->
                    throw new RequestRefusedException(
                            "UnsupportedOperation",
                            "This executor does not implement " + operation + " of Step Functions");
        };
    }

    private JsonNode create(Request request) {
        request.allow("name", "definition", "roleArn", "type");
        String type = request.text("type").orElse("STANDARD");
        if (!type.equals("STANDARD")) {
            throw new RequestRefusedException(
                    "StateMachineTypeNotSupported",
                    "Only STANDARD workflows run here, not " + type);
        }
        StateMachine machine =
                executions.create(
                        request.required("name"),
                        request.required("roleArn"),
                        executions.parse(request.required("definition")));
        return Json.NODES
                .objectNode()
                .put("stateMachineArn", machine.arn())
                .put("creationDate", seconds(machine.created()));
    }

    private JsonNode describeStateMachine(Request request) {
        request.allow("stateMachineArn", "includedData");
        StateMachine machine = executions.stateMachine(request.required("stateMachineArn"));
        return summary(machine)
                .put("status", "ACTIVE")
                .put("definition", machine.definition().source())
                .put("roleArn", machine.roleArn());
    }

    private JsonNode delete(Request request) {
        executions.delete(request.allow("stateMachineArn").required("stateMachineArn"));
        return Json.NODES.objectNode();
    }

    private JsonNode start(Request request) {
        request.allow("stateMachineArn", "name", "input", "traceHeader");
        Execution execution =
                executions.start(
                        request.required("stateMachineArn"),
                        request.text("name"),
                        request.text("input").orElse("{}"));
        return Json.NODES
                .objectNode()
                .put("executionArn", execution.arn())
                .put("startDate", seconds(execution.started()));
    }

    private JsonNode describe(Request request) {
        request.allow("executionArn", "includedData");
        Execution execution = executions.execution(request.required("executionArn"));
        ObjectNode answer = summary(execution).put("input", Json.write(execution.input()));
        answer.putObject("inputDetails").put("included", true);
        execution
                .output()
                .ifPresent(output -> {
                    answer.put("output", Json.write(output));
                    answer.putObject("outputDetails").put("included", true);
                });
        execution.error().ifPresent(error -> answer.put("error", error));
        execution.cause().ifPresent(cause -> answer.put("cause", cause));
        return answer;
    }

    private JsonNode list(Request request) {
        request.allow("stateMachineArn", "statusFilter", "maxResults", "nextToken");
        String arn = request.required("stateMachineArn");
        executions.stateMachine(arn);
        Optional<String> status = request.text("statusFilter");
        List<Execution> found =
                executions.executionsOf(arn).stream()
                        .filter(e -> status.map(s -> s.equals(e.status().name())).orElse(true))
                        .toList();
        return Page.of(request, "executions", found, StepFunctionsOperations::summary);
    }

    private JsonNode history(Request request) {
        request.allow(
                "executionArn", "maxResults", "nextToken", "reverseOrder", "includeExecutionData");
        String arn = request.required("executionArn");
        List<ObjectNode> events =
                HistoryEvents.of(
                        executions.execution(arn).history(),
                        executions.stateMachineOf(arn).roleArn());
        return Page.of(
                request,
                "events",
                request.flag("reverseOrder", false) ? events.reversed() : events,
                event -> event);
    }

    private JsonNode stop(Request request) throws InterruptedException {
        request.allow("executionArn", "error", "cause");
        Execution execution =
                executions.stop(
                        request.required("executionArn"),
                        request.text("error"),
                        request.text("cause"));
        return Json.NODES
                .objectNode()
                .put("stopDate", seconds(execution.stopped().orElse(execution.started())));
    }

    private static ObjectNode summary(StateMachine machine) {
        return Json.NODES
                .objectNode()
                .put("stateMachineArn", machine.arn())
                .put("name", machine.name())
                .put("type", "STANDARD")
                .put("creationDate", seconds(machine.created()));
    }

    private static ObjectNode summary(Execution execution) {
        ObjectNode summary =
                Json.NODES
                        .objectNode()
                        .put("executionArn", execution.arn())
                        .put("stateMachineArn", execution.stateMachineArn())
                        .put("name", execution.name())
                        .put("status", execution.status().name())
                        .put("startDate", seconds(execution.started()));
        execution.stopped().ifPresent(at -> summary.put("stopDate", seconds(at)));
        return summary;
    }

    /** The protocol writes time as seconds since 1970. */
    static double seconds(Instant instant) {
        return instant.toEpochMilli() / 1000.0;
    }
}
