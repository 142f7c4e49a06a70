package dev.perennial.local.cli;

import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.local.template.Stack;
import dev.perennial.local.template.TemplateReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
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

    /** The stack of any pipeline, for what needs the registry alone. */
    static Stack stack(String pipeline) {
        return stack(Map.of("Pipeline", pipeline));
    }

    /** The stack of a pipeline, with looks as often as its spec says. */
    static Stack stack(PipelineSpec spec) {
        Map<String, String> parameters = new HashMap<>();
        parameters.put("Pipeline", spec.name());
        parameters.put("MonitorSchedule", rate(spec.drift().check()));
        spec.retrain().probes().ifPresent(each -> parameters.put("ProbeSchedule", rate(each)));
        return stack(parameters);
    }

    private static Stack stack(Map<String, String> parameters) {
        return TemplateReader.read(root().resolve("template.yaml"), parameters);
    }

    private static String rate(Duration every) {
        return "rate(%s)".formatted(words(every));
    }

    private static String words(Duration duration) {
        long minutes = Math.max(1, duration.toMinutes());
        if (minutes % 1_440 == 0) {
            return count(minutes / 1_440, "day");
        }
        return minutes % 60 == 0 ? count(minutes / 60, "hour") : count(minutes, "minute");
    }

    private static String count(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }
}
