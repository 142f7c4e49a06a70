package dev.perennial.local.states;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Every error that the factory's state machine retries or catches, injected once and for good. What
 * has to follow was read off the definition by make_training_cases.py, which also says how to run
 * the same cases on MiniStack and LocalStack.
 */
class TrainingCasesTest {
    private static final Path STATES = Path.of("src/test/resources/states");

    private static String definition;
    private static JsonNode file;

    @BeforeAll
    static void read() throws IOException {
        definition = Files.readString(Path.of("..", "statemachine", "training.asl.json"));
        file = cases();
    }

    private static JsonNode cases() throws IOException {
        return Json.parse(Files.readString(STATES.resolve("training-cases.json")));
    }

    static Stream<String> names() throws IOException {
        return cases().get("cases").propertyNames().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void injectedError_takesTheWayThatTheDefinitionSays(String name) throws Exception {
        JsonNode wanted = file.get("cases").get(name);
        List<String> called = Collections.synchronizedList(new ArrayList<>());
        ScriptedTasks script = new ScriptedTasks(_ -> script(wanted.get("tasks")));
        AtomicReference<Machines> running = new AtomicReference<>();
        try (Machines machines =
                Machines.with(call -> {
                    called.add(call.state());
                    JsonNode answer = script.run(call);
                    JsonNode token = call.arguments().at("/Payload/token");
                    if (token.isString()) { // the question was kept; this is what a person said
                        running.get()
                                .executions
                                .sendTaskSuccess(token.stringValue(), Json.write(answer));
                    }
                    return answer;
                })) {
            running.set(machines);

            JsonNode input = wanted.path("input");
            Execution execution =
                    machines.run(definition, input.isMissingNode() ? "{}" : Json.write(input));

            assertEquals(texts(wanted.get("path")), path(execution));
            assertEquals(wanted.get("status").stringValue(), execution.status().name());
            wanted.get("attempts")
                    .properties()
                    .forEach(each ->
                            assertEquals(
                                    each.getValue().asInt(),
                                    Collections.frequency(called, each.getKey()),
                                    "attempts of " + each.getKey()));
        }
    }

    /** By state: what the n-th attempt is answered. */
    private static Map<String, List<JsonNode>> script(JsonNode tasks) {
        Map<String, List<JsonNode>> script = new HashMap<>();
        tasks.properties()
                .forEach(task ->
                        script.put(
                                task.getKey(),
                                ScriptedTasks.answers(
                                        file.get("responses").get(task.getValue().stringValue()))));
        return script;
    }

    private static List<String> path(Execution execution) {
        JsonNode states = Json.parse(definition).get("States");
        return execution.history().stream()
                .filter(ExecutionEvent.StateEntered.class::isInstance)
                .map(event -> ((ExecutionEvent.StateEntered) event).state())
                .filter(states::has)
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::stringValue).toList();
    }

    /** Whoever adds an error to a state makes the cases anew. */
    @Test
    void casesHaveEveryErrorOfEachState() {
        Set<String> wanted = new TreeSet<>();
        collect(Json.parse(definition), wanted);
        Set<String> had = new TreeSet<>();
        file.get("cases").propertyNames().stream()
                .filter(name -> name.contains(": "))
                .forEach(name -> had.add(name.replaceFirst(" (once|for good)$", "")));

        assertEquals(wanted, had);
    }

    /** As {@code state: error}; any error that nobody names stands for all of them. */
    private static void collect(JsonNode machine, Set<String> wanted) {
        machine.get("States")
                .properties()
                .forEach(state -> {
                    if (state.getValue().get("Type").stringValue().equals("Task")) {
                        state.getValue()
                                .findParents("ErrorEquals")
                                .forEach(entry ->
                                        texts(entry.get("ErrorEquals"))
                                                .forEach(error ->
                                                        wanted.add(
                                                                state.getKey()
                                                                        + ": "
                                                                        + error.replace(
                                                                                "States.ALL",
                                                                                "Boom"))));
                    }
                    if (state.getValue().has("ItemProcessor")) {
                        collect(state.getValue().get("ItemProcessor"), wanted);
                    }
                });
    }
}
