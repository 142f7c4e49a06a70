package dev.perennial.local.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Mappings and lists of a YAML tree; anything else in their place is a problem. */
final class Yaml {
    private final Problems problems;

    Yaml(Problems problems) {
        this.problems = problems;
    }

    /**
     * A mapping's entries in their order; none where there is no node.
     *
     * @param what names the place in the message
     */
    Map<String, Node> entries(@Nullable Node node, String what) {
        Map<String, Node> entries = new LinkedHashMap<>();
        if (node == null) {
            return entries;
        }
        if (!(node instanceof MappingNode mapping) || isTagged(node)) {
            problems.wrong(node, what + " should be a mapping of names to values");
            return entries;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.wrong(tuple.getKeyNode(), "a key of %s should be a name".formatted(what));
            } else if (entries.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
                problems.wrong(key, "%s says %s twice".formatted(what, key.getValue()));
            }
        }
        return entries;
    }

    /** A list's items; none where there is no node. */
    List<Node> items(@Nullable Node node, String what) {
        if (node instanceof SequenceNode sequence && !isTagged(node)) {
            return sequence.getValue();
        }
        if (node != null) {
            problems.wrong(node, what + " should be a list");
        }
        return List.of();
    }

    /** Whether it carries CloudFormation's short form of an intrinsic. */
    static boolean isTagged(Node node) {
        return node.getTag().getValue().startsWith("!");
    }
}
