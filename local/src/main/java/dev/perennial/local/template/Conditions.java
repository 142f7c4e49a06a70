package dev.perennial.local.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Decides a template's conditions (Equals, Not, And, Or, Condition) by its parameters, and leaves
 * of the rest what holds: each Fn::If is its branch, AWS::NoValue is nothing.
 */
final class Conditions {
    private static final String NO_VALUE = "AWS::NoValue";

    private final Problems problems;
    private final Yaml yaml;
    private final Intrinsics intrinsics;
    private final Map<String, Node> declared;
    private final Map<String, Boolean> decided = new HashMap<>();
    private final Set<String> undecided = new HashSet<>();

    Conditions(Problems problems, Yaml yaml, Intrinsics intrinsics, @Nullable Node section) {
        this.problems = problems;
        this.yaml = yaml;
        this.intrinsics = intrinsics;
        this.declared = yaml.entries(section, "Conditions");
        declared.forEach((name, node) -> holds(name, node));
    }

    /** The entries whose condition holds, or that have none. */
    Map<String, Node> apply(Map<String, Node> entries) {
        Map<String, Node> left = new LinkedHashMap<>();
        entries.forEach((name, node) -> {
            Node condition = yaml.entries(node, name).get("Condition");
            if (condition instanceof ScalarNode named && !holds(named.getValue(), condition)) {
                return;
            }
            resolve(node).ifPresent(resolved -> left.put(name, resolved));
        });
        return left;
    }

    private Optional<Node> resolve(Node node) {
        Optional<Intrinsics.Call> call = Intrinsics.call(node);
        if (call.isPresent() && call.get().name().equals("Fn::If")) {
            return branch(node, call.get().argument()).flatMap(this::resolve);
        }
        if (call.isPresent()
                && call.get().name().equals("Ref")
                && call.get().argument() instanceof ScalarNode target
                && target.getValue().equals(NO_VALUE)) {
            return Optional.empty();
        }
        return Optional.of(
                switch (node) {
                    case SequenceNode list -> {
                        List<Node> items = new ArrayList<>();
                        list.getValue().forEach(item -> resolve(item).ifPresent(items::add));
                        yield new SequenceNode(
                                list.getTag(),
                                true,
                                items,
                                list.getFlowStyle(),
                                list.getStartMark(),
                                list.getEndMark());
                    }
                    case MappingNode map -> {
                        List<NodeTuple> tuples = new ArrayList<>();
                        for (NodeTuple each : map.getValue()) {
                            resolve(each.getValueNode())
                                    .ifPresent(value ->
                                            tuples.add(new NodeTuple(each.getKeyNode(), value)));
                        }
                        yield new MappingNode(
                                map.getTag(),
                                true,
                                tuples,
                                map.getFlowStyle(),
                                map.getStartMark(),
                                map.getEndMark());
                    }
                    default -> node;
                });
    }

    private static List<Node> arguments(Intrinsics.Call call) {
        return call.argument() instanceof SequenceNode list
                ? list.getValue()
                : List.of(call.argument());
    }

    private Optional<Node> branch(Node at, Node argument) {
        if (argument instanceof SequenceNode list
                && list.getValue().size() == 3
                && list.getValue().getFirst() instanceof ScalarNode condition) {
            return Optional.of(list.getValue().get(holds(condition.getValue(), condition) ? 1 : 2));
        }
        problems.wrong(at, "If takes the name of a condition and two values");
        return Optional.empty();
    }

    private boolean holds(String name, Node at) {
        Boolean known = decided.get(name);
        if (known != null) {
            return known;
        }
        Node condition = declared.get(name);
        if (condition == null) {
            problems.wrong(at, "there is no condition " + name);
            return false;
        }
        if (!undecided.add(name)) {
            problems.wrong(condition, "the condition %s depends on itself".formatted(name));
            return false;
        }
        boolean holds = evaluate(name, condition);
        decided.put(name, holds);
        return holds;
    }

    private boolean evaluate(String name, Node node) {
        Optional<Intrinsics.Call> call = Intrinsics.call(node);
        List<Node> arguments = call.map(Conditions::arguments).orElse(List.of());
        return switch (call.map(Intrinsics.Call::name).orElse("")) {
            case "Fn::Condition" ->
                    arguments.size() == 1
                            && arguments.getFirst() instanceof ScalarNode other
                            && holds(other.getValue(), node);
            case "Fn::Equals" ->
                    arguments.size() == 2
                            && intrinsics
                                    .value(arguments.get(0), node, name)
                                    .equals(intrinsics.value(arguments.get(1), node, name));
            case "Fn::Not" -> arguments.size() == 1 && !evaluate(name, arguments.getFirst());
            case "Fn::And" -> arguments.stream().allMatch(each -> evaluate(name, each));
            case "Fn::Or" -> arguments.stream().anyMatch(each -> evaluate(name, each));
            default -> {
                problems.unsupported(node, "the condition %s as it is written".formatted(name));
                yield false;
            }
        };
    }
}
