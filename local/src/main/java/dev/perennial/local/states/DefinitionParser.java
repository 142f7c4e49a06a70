package dev.perennial.local.states;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads a whole definition and collects every problem before it refuses. */
final class DefinitionParser {
    private static final int LONGEST_SECONDS = 99_999_999;
    private static final int LONGEST_DEFINITION = 1_048_576;

    private final List<String> problems = new ArrayList<>();
    private final Set<String> resources;

    DefinitionParser(Set<String> resources) {
        this.resources = resources;
    }

    StateMachineDefinition parse(String json) {
        JsonNode root = read(json);
        FieldReader top = new FieldReader("State machine", root, problems);
        top.text("Comment");
        top.text("Version")
                .filter(v -> !v.equals("1.0"))
                .ifPresent(v -> top.problem("Version", "should be \"1.0\" but is \"" + v + "\""));
        String language = top.text("QueryLanguage").orElse("JSONPath");
        if (!language.equals("JSONata")) {
            top.problem(
                    "QueryLanguage",
                    "should be \"JSONata\" but is \""
                            + language
                            + "\" (which is also the default); this executor has no JSONPath");
            // Every field of a JSONPath state would be reported as well, and hide the one thing to
            // change.
            throw new UnsupportedDefinitionException(problems);
        }
        int timeout = top.whole("TimeoutSeconds", 1, LONGEST_SECONDS, 0);
        State.Flow flow = new FlowParser(resources, problems).parse(top, Set.of());
        top.refuseOthers();
        if (!problems.isEmpty()) {
            throw new UnsupportedDefinitionException(problems);
        }
        return new StateMachineDefinition(
                json,
                flow,
                timeout == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(timeout)));
    }

    private static JsonNode read(String json) {
        if (json.length() > LONGEST_DEFINITION) {
            throw new UnsupportedDefinitionException(
                    List.of("it is longer than the 1 MB that Step Functions accepts"));
        }
        try {
            return Json.parse(json);
        } catch (IllegalArgumentException e) {
            throw new UnsupportedDefinitionException(List.of("it is not JSON: " + e.getMessage()));
        }
    }
}
