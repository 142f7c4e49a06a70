package dev.perennial.local.template;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** What is wrong in one template, in the order found. */
final class Problems {
    private final Path file;

    // A set: a global value that several functions inherit is wrong once.
    private final Set<String> found = new LinkedHashSet<>();

    Problems(Path file) {
        this.file = file;
    }

    void unsupported(Node node, String what) {
        wrong(node, "the local cloud does not support " + what);
    }

    void wrong(@Nullable Node node, String what) {
        int line = node == null ? 1 : node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
        wrong(line, what);
    }

    void wrong(int line, String what) {
        found.add("%s:%d: %s".formatted(file, line, what));
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new UnsupportedTemplateException(List.copyOf(found));
        }
    }
}
