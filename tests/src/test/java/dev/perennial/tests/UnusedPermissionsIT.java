package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.core.json.Json;
import dev.perennial.local.permission.Permissions;
import dev.perennial.local.permission.Statement;
import dev.perennial.local.template.Stack;
import dev.perennial.local.template.TemplateReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Runs after all other integration tests, and asks whether they needed everything that the template
 * allows. Calls that it doesn't allow have failed there, as they would on AWS.
 */
class UnusedPermissionsIT {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));
    private static final Path USES = Path.of(System.getProperty("perennial.permissions"));

    /** What no run of the tests needs, and why it is allowed nevertheless. */
    private static final Map<String, String> KEPT = Map.of();

    @Test
    void everyPermission_isNeededBySomeTest() throws IOException {
        Set<Permissions.Use> used = new HashSet<>();
        for (String line : Files.readAllLines(USES)) {
            used.add(
                    Json.read("use", line.getBytes(StandardCharsets.UTF_8), Permissions.Use.class));
        }
        Stack stack = TemplateReader.read(ROOT.resolve("template.yaml"), Map.of());
        Set<String> unused = new TreeSet<>();
        stack.policies()
                .forEach((member, statements) ->
                        statements.forEach(each -> collect(member, each, used, unused)));

        assertEquals(KEPT.keySet(), unused);
    }

    private static void collect(
            String member, Statement statement, Set<Permissions.Use> used, Set<String> unused) {
        List<Permissions.Use> own =
                used.stream()
                        .filter(use -> use.member().equals(member))
                        .filter(use -> use.where().equals(statement.where()))
                        .toList();
        for (String action : statement.actions()) {
            if (own.stream().noneMatch(use -> use.action().equals(action))) {
                unused.add(member + " " + action);
            }
        }
        // By their places: the tests' pipelines have other names.
        for (int place = 0; place < statement.resources().size(); place++) {
            int resource = place;
            if (own.stream().noneMatch(use -> use.resource() == resource)) {
                unused.add(
                        "%s %s on %s"
                                .formatted(
                                        member,
                                        statement.actions(),
                                        statement.resources().get(resource)));
            }
        }
    }
}
