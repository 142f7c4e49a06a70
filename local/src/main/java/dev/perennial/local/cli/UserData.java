package dev.perennial.local.cli;

import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.Keys;
import dev.perennial.core.table.TableReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The user's files on their way into the store. They get a folder named after their content: other
 * data never mixes with them, and the same data is uploaded once.
 *
 * @param files by their name in the store
 */
record UserData(Map<String, Path> files) {
    /**
     * Looks at a file or folder.
     *
     * @throws WrongUsageException if there is nothing to read
     */
    static UserData at(Path fileOrFolder) throws IOException {
        if (!Files.exists(fileOrFolder)) {
            throw new WrongUsageException(
                    "%s does not exist; expected a .csv or .parquet file, or a folder of them"
                            .formatted(fileOrFolder));
        }
        if (!Files.isReadable(fileOrFolder)) {
            throw new WrongUsageException(
                    "%s can't be read; check its permissions".formatted(fileOrFolder));
        }
        List<Path> found = TableReader.filesUnder(fileOrFolder);
        Map<String, Path> files = new LinkedHashMap<>();
        for (Path file : found) {
            String relative =
                    Files.isDirectory(fileOrFolder)
                            ? fileOrFolder.relativize(file).toString()
                            : String.valueOf(file.getFileName());
            if (!TableReader.understands(relative)) {
                throw new WrongUsageException("%s is neither .csv nor .parquet".formatted(file));
            }
            files.put(storable(relative), file);
        }
        if (files.isEmpty()) {
            throw new WrongUsageException(
                    "%s holds no .csv and no .parquet file".formatted(fileOrFolder));
        }
        return new UserData(files);
    }

    /**
     * The name itself if the store can hold it; else one made from its digest, so that no two files
     * meet under one name; in the same folder, if that can be held.
     */
    private static String storable(String relative) {
        String ending =
                relative.substring(relative.lastIndexOf('.')).toLowerCase(java.util.Locale.ROOT);
        String folder =
                relative.contains("/") ? relative.substring(0, relative.lastIndexOf('/') + 1) : "";
        String part =
                "part-"
                        + Digest.of(relative.getBytes(StandardCharsets.UTF_8)).abbreviated()
                        + ending;
        for (String name : List.of(relative, folder + part)) {
            try {
                return Keys.check(name);
            } catch (IllegalArgumentException unusual) {
                // try the next
            }
        }
        return part;
    }

    /** Puts the files into the store as a pipeline's own source, in place of what was there. */
    void replace(ArtifactStore artifacts, String pipeline) throws IOException {
        for (Map.Entry<String, Path> file : files.entrySet()) {
            artifacts.replace(
                    Keys.source(pipeline) + file.getKey(),
                    Files.readAllBytes(file.getValue()),
                    "application/octet-stream");
        }
    }

    /** Uploads, and gives the name of the source. */
    String upload(ArtifactStore artifacts, String pipeline) throws IOException {
        ByteArrayOutputStream listing = new ByteArrayOutputStream();
        for (Map.Entry<String, Path> file : files.entrySet()) {
            String line = "%s %s\n".formatted(file.getKey(), Digest.of(file.getValue()).hex());
            listing.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        }
        String source = pipeline + "-" + Digest.of(listing.toByteArray()).abbreviated();
        for (Map.Entry<String, Path> file : files.entrySet()) {
            artifacts.put(
                    Keys.source(source) + file.getKey(),
                    file.getValue(),
                    "application/octet-stream");
        }
        return source;
    }
}
