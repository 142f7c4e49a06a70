package dev.perennial.local.states;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers tasks from a script: per state what the first, second … call of an execution gives; the
 * last one repeats.
 */
final class ScriptedTasks implements Machines.Task {
    /**
     * Script per state, by execution ARN. An answer is {@code {"return": …}} or {@code {"throw":
     * {"Error", "Cause"}}}.
     */
    private final Function<String, Map<String, List<JsonNode>>> scripts;

    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

    ScriptedTasks(Function<String, Map<String, List<JsonNode>>> scripts) {
        this.scripts = scripts;
    }

    @Override
    public JsonNode run(TaskCall call) {
        List<JsonNode> script = scripts.apply(call.executionArn()).get(call.state());
        if (script == null) {
            throw new IllegalStateException("no script for state " + call.state());
        }
        int index =
                calls.computeIfAbsent(
                                call.executionArn() + "/" + call.state(), k -> new AtomicInteger())
                        .getAndIncrement();
        JsonNode answer = script.get(Math.min(index, script.size() - 1));
        if (answer.has("throw")) {
            throw new TaskFailedException(
                    answer.at("/throw/Error").stringValue(),
                    answer.at("/throw/Cause").stringValue());
        }
        return answer.get("return");
    }

    /** A script, of what a mock file of the emulators answers as "0", "1" or "0-3". */
    static List<JsonNode> answers(JsonNode mock) {
        List<JsonNode> answers = new ArrayList<>();
        mock.properties()
                .forEach(e -> {
                    String[] range = e.getKey().split("-", 2);
                    int times =
                            range.length == 1
                                    ? 1
                                    : Integer.parseInt(range[1]) - Integer.parseInt(range[0]) + 1;
                    ObjectNode answer = Json.NODES.objectNode();
                    if (e.getValue().has("Throw")) {
                        answer.set("throw", e.getValue().get("Throw"));
                    } else {
                        answer.set("return", e.getValue().get("Return"));
                    }
                    for (int i = 0; i < times; i++) {
                        answers.add(answer);
                    }
                });
        return answers;
    }
}
