package dev.perennial.local.cli;

import dev.perennial.core.json.Json;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.step.Retrieve;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/** The rows that a training at a moment would have seen. */
@Command(
        name = "snapshot",
        description =
                "Write what a training at a moment would have seen, as Parquet, with nothing trained.")
final class SnapshotCommand implements Callable<Integer> {
    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec command;

    @Parameters(paramLabel = "SPEC", description = "The pipeline spec.")
    private Path pipeline = Path.of("");

    @Option(
            names = "--data",
            paramLabel = "FILE_OR_DIR",
            description = "Rows with labels (default: those in the store).")
    private @Nullable Path data;

    @Option(
            names = "--as-of",
            paramLabel = "TIME",
            description = "The moment (ISO-8601; default: now).")
    private @Nullable String asOf;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the rows go (default: snapshot.parquet).")
    private Path out = Path.of("snapshot.parquet");

    @Override
    public Integer call() throws Exception {
        Instant now = InstantSource.system().instant();
        Optional<Instant> moment =
                Optional.ofNullable(asOf).map(text -> RunCommand.time("--as-of", text));
        SpecFile spec = SpecFile.read(pipeline);
        Optional<UserData> rows = data == null ? Optional.empty() : Optional.of(UserData.at(data));
        return FeatureStoreView.with(
                main, spec.spec().name(), store -> write(store, spec, rows, moment, now));
    }

    private int write(
            FeatureStoreView store,
            SpecFile spec,
            Optional<UserData> rows,
            Optional<Instant> moment,
            Instant now)
            throws IOException, InterruptedException {
        String name = spec.spec().name();
        spec.declare(store.artifacts());
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("run", "snapshot-" + UUID.randomUUID());
        input.put("pipeline", name);
        input.put("source", rows.isPresent() ? rows.get().upload(store.artifacts(), name) : name);
        input.put("until", moment.orElse(now));
        moment.ifPresent(known -> input.put("asOf", known));
        input.put("startedAt", now);
        input.put("onlySnapshot", true);
        ObjectNode answer =
                (ObjectNode)
                        Json.tree(
                                "the answer",
                                store.functions().invoke("RetrieveFunction", Json.write(input)));
        answer.remove("usage");
        Retrieve.Output output = Json.read("the answer", Json.write(answer), Retrieve.Output.class);
        Path folder = out.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        store.artifacts().fetch(output.snapshot().data(), out);
        SnapshotManifest manifest =
                Json.read(
                        "the manifest",
                        store.artifacts().read(output.snapshot().manifest()),
                        SnapshotManifest.class);
        print(command.commandLine().getOut(), manifest);
        return Main.OK;
    }

    private void print(PrintWriter terminal, SnapshotManifest manifest) {
        terminal.printf(
                Locale.ROOT,
                "%s: %,d rows from %s until %s, %,d left out%n",
                out,
                manifest.rows(),
                manifest.from(),
                manifest.until(),
                manifest.badRows());
        manifest.views()
                .forEach(view ->
                        terminal.printf(
                                Locale.ROOT,
                                "  view %s: %,d rows matched, %,d files of %,d batches read%n",
                                view.view(),
                                view.matched(),
                                view.files().size(),
                                view.batches()));
    }
}
