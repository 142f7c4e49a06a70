package dev.perennial.local.cli;

import dev.perennial.local.template.Stack;
import dev.perennial.local.template.TemplateReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where the template and the zips lie; the start script says it. */
final class Project {
    private Project() {}

    static Path root() {
        Path root = Path.of(System.getProperty("perennial.root", ".")).toAbsolutePath().normalize();
        if (!Files.exists(root.resolve("template.yaml"))) {
            throw new WrongUsageException(
                    "no template.yaml in %s; start this through scripts/perennial".formatted(root));
        }
        return root;
    }

    static Stack stack(String pipeline) {
        return TemplateReader.read(root().resolve("template.yaml"), Map.of("Pipeline", pipeline));
    }
}
