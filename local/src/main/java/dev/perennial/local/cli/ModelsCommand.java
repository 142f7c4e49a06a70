package dev.perennial.local.cli;

import dev.perennial.core.json.Json;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.ModelVersion;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The registry as a table. */
@Command(name = "models", description = "List the registered models of every pipeline.")
final class ModelsCommand implements Callable<Integer> {
    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec command;

    @Option(names = "--json", description = "Print the registry's records.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        return RegistryView.with(
                main,
                registry -> {
                    PrintWriter out = command.commandLine().getOut();
                    Map<String, List<ModelVersion>> versions = new TreeMap<>();
                    registry.pipelines()
                            .forEach(pipeline ->
                                    versions.put(pipeline, registry.versions(pipeline)));
                    if (json) {
                        out.println(new String(Json.pretty(versions), StandardCharsets.UTF_8));
                        return Main.OK;
                    }
                    if (versions.values().stream().allMatch(List::isEmpty)) {
                        out.println(RegistryView.noModels(main));
                        return Main.OK;
                    }
                    out.printf(
                            "%-20s %7s %-9s %-21s %s%n",
                            "PIPELINE", "VERSION", "ALIAS", "REGISTERED", "TEST METRICS");
                    versions.forEach((pipeline, each) -> print(out, registry, pipeline, each));
                    return Main.OK;
                });
    }

    private static void print(
            PrintWriter out, ModelRegistry registry, String pipeline, List<ModelVersion> versions) {
        Optional<Alias> champion = registry.alias(pipeline, Alias.CHAMPION);
        for (ModelVersion version : versions) {
            boolean serves =
                    champion.filter(alias -> alias.version() == version.version()).isPresent();
            String metrics =
                    new TreeMap<>(version.metrics())
                            .entrySet().stream()
                                    .map(metric ->
                                            String.format(
                                                    Locale.ROOT,
                                                    "%s %.4f",
                                                    metric.getKey(),
                                                    metric.getValue()))
                                    .collect(Collectors.joining("  "));
            out.printf(
                    "%-20s %7d %-9s %-21s %s%n",
                    pipeline,
                    version.version(),
                    serves ? Alias.CHAMPION : "",
                    version.registeredAt().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                    metrics);
        }
    }
}
