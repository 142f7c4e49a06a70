package dev.perennial.local.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Every case of cases.json, which make_cases.py beside it writes: what AWS gives, compared with
 * what the executor gives.
 */
class CasesTest {
    record Case(String name, JsonNode body) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() throws IOException {
        try (InputStream json =
                Objects.requireNonNull(CasesTest.class.getResourceAsStream("/states/cases.json"))) {
            return Json.parse(new String(json.readAllBytes(), StandardCharsets.UTF_8))
                    .valueStream()
                    .map(body -> new Case(body.get("name").stringValue(), body));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void executor_doesAsAwsDoes(Case given) throws InterruptedException {
        JsonNode expected = given.body().get("expected");
        String definition = Json.write(given.body().get("definition"));
        Map<String, List<JsonNode>> script = script(given);
        try (Machines machines = Machines.with(new ScriptedTasks(arn -> script))) {
            if (expected.has("refused")) {
                var refusal =
                        assertThrows(
                                UnsupportedDefinitionException.class,
                                () -> machines.create(definition));
                assertTrue(
                        refusal.problems()
                                .toString()
                                .contains(expected.get("refused").stringValue()),
                        refusal.problems().toString());
                return;
            }

            Execution started =
                    machines.executions.start(
                            machines.create("Probe", definition).arn(),
                            Optional.of("case"),
                            Json.write(given.body().get("input")));
            Execution ended = machines.executions.await(started.arn());

            if (expected.has("error")) {
                assertEquals(ExecutionStatus.FAILED, ended.status());
                assertEquals(Optional.of(expected.get("error").stringValue()), ended.error());
            } else {
                assertEquals(
                        Json.write(expected.get("output")), Json.write(Machines.output(ended)));
            }
        }
    }

    private static Map<String, List<JsonNode>> script(Case given) {
        Map<String, List<JsonNode>> script = new HashMap<>();
        given.body()
                .get("tasks")
                .properties()
                .forEach(e -> {
                    List<JsonNode> answers = new ArrayList<>();
                    e.getValue().forEach(answers::add);
                    script.put(e.getKey(), answers);
                });
        return script;
    }
}
