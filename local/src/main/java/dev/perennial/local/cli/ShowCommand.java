package dev.perennial.local.cli;

import dev.perennial.core.json.Json;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.registry.RunRecord;
import dev.perennial.core.store.ArtifactRef;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** One version with where it comes from. */
@Command(name = "show", description = "Show a registered model: metrics, lineage, history.")
final class ShowCommand implements Callable<Integer> {
    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec command;

    @Parameters(paramLabel = "VERSION", description = "Its number.")
    private int version;

    @Option(
            names = "--pipeline",
            paramLabel = "NAME",
            description = "Of which pipeline (default: the only one).")
    private @Nullable String pipeline;

    @Option(names = "--json", description = "Print the registry's record.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        return RegistryView.with(main, this::show);
    }

    private int show(ModelRegistry registry) {
        String name = RegistryView.pipeline(main, registry, pipeline);
        ModelVersion found = RegistryView.version(main, registry, name, version);
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(new String(Json.pretty(found), StandardCharsets.UTF_8));
            return Main.OK;
        }
        Optional<Alias> champion = registry.alias(name, Alias.CHAMPION);
        boolean serves = champion.filter(alias -> alias.version() == version).isPresent();
        out.printf("%s, version %d%s%n", name, version, serves ? " (champion)" : "");
        row(out, "registered", found.registeredAt() + " by run " + found.run());
        row(out, "model", said(found.model()));
        found.refit().ifPresent(refit -> row(out, "judged", said(refit.judged())));
        row(
                out,
                "snapshot",
                "%s, %,d rows".formatted(found.snapshot().digest(), found.snapshot().rows()));
        row(out, "spec", found.spec().sha256().hex());
        new TreeMap<>(found.metrics())
                .forEach((metric, value) ->
                        row(
                                out,
                                metric,
                                String.format(Locale.ROOT, "%.5f on the test rows", value)));
        for (Alias change : registry.history(name, Alias.CHAMPION)) {
            row(
                    out,
                    "champion",
                    "version %d since %s (%s: %s)"
                            .formatted(
                                    change.version(),
                                    change.changedAt(),
                                    change.run().isEmpty()
                                            ? change.changedBy()
                                            : "run " + change.run(),
                                    change.reason()));
        }
        registry.run(name, found.run())
                .map(RunRecord::costUsd)
                .ifPresent(cost ->
                        row(
                                out,
                                "cost",
                                String.format(Locale.ROOT, "%.5f USD by list prices", cost)));
        return Main.OK;
    }

    private static String said(ArtifactRef artifact) {
        return "%s, %,d bytes, SHA-256 %s"
                .formatted(artifact.key(), artifact.size(), artifact.sha256());
    }

    private static void row(PrintWriter out, String name, String value) {
        out.printf("  %-18s %s%n", name, value);
    }
}
