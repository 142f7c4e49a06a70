package dev.perennial.local.cli;

import dev.perennial.core.feature.Ingested;
import dev.perennial.core.json.Json;
import dev.perennial.core.store.Keys;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Adds a file's rows, or a folder's, to a view. */
@Command(
        name = "ingest",
        description =
                "Add rows to a feature view. The same file again adds nothing. Exit 4: a file can't be used.")
final class FeaturesIngestCommand implements Callable<Integer> {
    /**
     * A batch's files must be few enough for one event of the function, and small enough for it.
     */
    private static final int MOST_FILES = 1_000;

    private static final long MOST_BYTES = 1L << 30;

    @ParentCommand private FeaturesCommand features = new FeaturesCommand();

    @Spec private CommandSpec command;

    @Mixin private FeaturesCommand.Named named = new FeaturesCommand.Named();

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE_OR_DIR",
            description = "A .csv or .parquet file, or a folder of them.")
    private Path data = Path.of("");

    @Option(names = "--json", description = "Print what became of each batch.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        UserData files = UserData.at(data);
        return FeatureStoreView.with(
                features.main(), RegistryView.ANY, store -> ingest(store, files));
    }

    private int ingest(FeatureStoreView store, UserData files)
            throws IOException, InterruptedException {
        PrintWriter out = command.commandLine().getOut();
        ViewFile view = named.in(store);
        view.declare(store.artifacts());
        int code = Main.OK;
        for (List<Map.Entry<String, Path>> group : groups(files)) {
            byte[] answer = store.functions().invoke("IngestFunction", wish(store, view, group));
            Ingested ingested = Json.read("the answer", answer, Ingested.class);
            if (json) {
                out.println(new String(answer, java.nio.charset.StandardCharsets.UTF_8));
            } else {
                print(out, ingested);
            }
            if (!ingested.rejected().isEmpty()) {
                code = Main.DATA_REJECTED;
            }
        }
        return code;
    }

    private static List<List<Map.Entry<String, Path>>> groups(UserData files) throws IOException {
        List<List<Map.Entry<String, Path>>> groups = new ArrayList<>();
        long bytes = MOST_BYTES;
        for (Map.Entry<String, Path> file : files.files().entrySet()) {
            long size = Files.size(file.getValue());
            if (groups.isEmpty()
                    || groups.getLast().size() >= MOST_FILES
                    || bytes + size > MOST_BYTES) {
                groups.add(new ArrayList<>());
                bytes = 0;
            }
            groups.getLast().add(file);
            bytes += size;
        }
        return groups;
    }

    /**
     * Puts the files beside the ones that S3 tells the function of, and names them in one event.
     */
    private static byte[] wish(
            FeatureStoreView store, ViewFile view, List<Map.Entry<String, Path>> files) {
        String folder = "uploads/%s/%s/".formatted(view.view().name(), UUID.randomUUID());
        List<Map<String, String>> objects =
                dev.perennial.core.store.AtOnce.map(
                        files,
                        file -> {
                            String key = Keys.check(folder + file.getKey());
                            store.artifacts().put(key, file.getValue(), "application/octet-stream");
                            return Map.of("key", key);
                        });
        return Json.write(Map.of("view", view.view().name(), "objects", objects));
    }

    private static void print(PrintWriter out, Ingested answer) {
        answer.batch()
                .ifPresent(batch ->
                        out.printf(
                                Locale.ROOT,
                                "%s: batch %s %s %,d rows of %d day%s%s%s; %,d entities are new in the online store%n",
                                answer.view(),
                                batch.abbreviated(),
                                answer.fresh() ? "adds" : "was there already, with",
                                answer.rows(),
                                answer.days(),
                                answer.days() == 1 ? "" : "s",
                                answer.badRows() == 0
                                        ? ""
                                        : ", %,d left out".formatted(answer.badRows()),
                                answer.repeated() == 0
                                        ? ""
                                        : ", %,d repeated".formatted(answer.repeated()),
                                answer.online()));
        if (answer.batch().isEmpty() && answer.rejected().isEmpty()) {
            out.printf("%s: nothing new%n", answer.view());
        }
        answer.known().stream()
                .limit(5)
                .forEach(file -> out.printf("  %s was ingested before%n", file));
        answer.rejected()
                .forEach(file ->
                        out.printf(
                                "  %s can't be used: %s; it lies at %s%n",
                                file.file(), file.reason(), file.quarantine()));
    }
}
