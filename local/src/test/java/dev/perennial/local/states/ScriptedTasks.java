package dev.perennial.local.states;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

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
}
