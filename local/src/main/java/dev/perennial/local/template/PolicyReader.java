package dev.perennial.local.template;

import dev.perennial.local.permission.Statement;
import dev.perennial.local.permission.Statement.Condition;
import dev.perennial.local.permission.Statement.Effect;
import dev.perennial.local.permission.Statement.Operator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads the policies of functions and state machines. They have to be statements: what SAM's policy
 * templates and managed policies allow stands elsewhere, and most of it is more than is needed.
 */
final class PolicyReader {
    private static final String EVALUATED =
            "; write what it needs as a Statement, which is evaluated here";

    /** What SAM gives to roles that it makes itself; nothing here asks for it. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "AWSLambdaBasicExecutionRole",
                    "AWSXRayDaemonWriteAccess",
                    "CloudWatchLambdaApplicationSignalsExecutionRolePolicy");

    private static final Map<String, Operator> OPERATORS =
            Map.of("StringEquals", Operator.STRING_EQUALS, "StringLike", Operator.STRING_LIKE);

    /** Condition keys that the local servers know of a call. */
    private static final Set<String> KEYS =
            Set.of(
                    "s3:prefix",
                    "events:source",
                    "events:detail-type",
                    "states:StateMachineQualifier");

    private final Path file;
    private final Map<String, Node> managed;
    private final Yaml yaml;
    private final Intrinsics intrinsics;
    private final Values values;
    private final Problems problems;

    /**
     * @param managed the policy documents of the template's own managed policies, by logical id
     */
    PolicyReader(
            Path file,
            Map<String, Node> managed,
            Yaml yaml,
            Intrinsics intrinsics,
            Values values,
            Problems problems) {
        this.file = file;
        this.managed = managed;
        this.yaml = yaml;
        this.intrinsics = intrinsics;
        this.values = values;
        this.problems = problems;
    }

    /**
     * Reads.
     *
     * @param owner whose policies they are
     */
    List<Statement> read(String owner, @Nullable Node policies) {
        String what = owner + ".Policies";
        List<Statement> statements = new ArrayList<>();
        for (Node policy : listOf(policies)) {
            switch (policy) {
                case ScalarNode name
                        when Yaml.isTagged(name) && managed.containsKey(name.getValue()) ->
                        statements.addAll(read(owner, managed.get(name.getValue())));
                case ScalarNode name when WITHOUT_EFFECT.contains(name.getValue()) -> {}
                case MappingNode mapping
                        when yaml.entries(mapping, what).containsKey("Statement") -> {
                    Map<String, Node> of =
                            values.known(mapping, what, Set.of("Version", "Statement"));
                    listOf(of.get("Statement"))
                            .forEach(each -> statements.add(statement(what, each)));
                }
                case MappingNode template ->
                        problems.unsupported(
                                template,
                                "the policy template %s of %s%s"
                                        .formatted(
                                                String.join(
                                                        ", ",
                                                        yaml.entries(template, what).keySet()),
                                                owner,
                                                EVALUATED));
                default ->
                        problems.unsupported(
                                policy, "a managed policy of %s%s".formatted(owner, EVALUATED));
            }
        }
        return statements;
    }

    private Statement statement(String what, Node node) {
        Map<String, Node> of =
                values.known(
                        node,
                        what + ".Statement",
                        Set.of("Sid", "Effect", "Action", "Resource", "Condition"));
        String effect = values.oneOf(of.get("Effect"), node, what + ".Effect", "Allow", "Deny");
        int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
        return new Statement(
                "%s:%d".formatted(file.getFileName(), line),
                effect.equals("Deny") ? Effect.DENY : Effect.ALLOW,
                texts(of.get("Action"), node, what + ".Action"),
                texts(of.get("Resource"), node, what + ".Resource"),
                conditions(what, of.get("Condition")));
    }

    private List<Condition> conditions(String what, @Nullable Node node) {
        List<Condition> conditions = new ArrayList<>();
        yaml.entries(node, what + ".Condition")
                .forEach((name, keys) -> {
                    Operator operator = OPERATORS.get(name);
                    if (operator == null) {
                        problems.unsupported(keys, "the condition %s of %s".formatted(name, what));
                        return;
                    }
                    yaml.entries(keys, what + "." + name)
                            .forEach((key, value) -> {
                                if (!KEYS.contains(key)) {
                                    problems.unsupported(
                                            value,
                                            "the condition key %s of %s".formatted(key, what));
                                }
                                conditions.add(
                                        new Condition(
                                                operator,
                                                key,
                                                texts(value, value, what + "." + key)));
                            });
                });
        return conditions;
    }

    private List<String> texts(@Nullable Node node, Node within, String what) {
        if (node == null) {
            problems.wrong(within, what + " is missing");
        }
        return listOf(node).stream().map(each -> intrinsics.value(each, each, what)).toList();
    }

    /** IAM takes one item wherever it takes a list. */
    private List<Node> listOf(@Nullable Node node) {
        if (node == null) {
            return List.of();
        }
        return node instanceof SequenceNode list && !intrinsics.isCall(node)
                ? list.getValue()
                : List.of(node);
    }
}
