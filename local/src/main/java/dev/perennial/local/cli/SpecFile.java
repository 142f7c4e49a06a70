package dev.perennial.local.cli;

import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A spec as the user has it. */
record SpecFile(PipelineSpec spec, String yaml) {
    /** A spec that is not in a file. */
    static SpecFile of(String name, String yaml) {
        return new SpecFile(SpecReader.read(name, yaml), yaml);
    }

    static SpecFile read(Path file) {
        try {
            String yaml = withViews(file, Files.readString(file));
            return new SpecFile(SpecReader.read(file.toString(), yaml), yaml);
        } catch (CharacterCodingException notText) {
            throw new WrongUsageException(file + " is not UTF-8 text; expected a pipeline spec");
        } catch (IOException failed) {
            throw new WrongUsageException(
                    Files.isDirectory(file)
                            ? file + " is a folder; expected a pipeline spec"
                            : file + " can't be read; is the path right?");
        }
    }

    /**
     * Reads one whose past can be replayed.
     *
     * @throws WrongUsageException if it takes features from views
     */
    static SpecFile replayable(Path file) {
        SpecFile read = read(file);
        if (!read.spec.views().isEmpty()) {
            throw new WrongUsageException(
                    "%s takes features from views, whose past a replay can't give to predictions; replay a spec whose data has all features"
                            .formatted(file));
        }
        return read;
    }

    /** Declares it in the store, as what the next run goes by. */
    void declare(ArtifactStore store) {
        store.replace(
                Keys.spec(spec.name()), yaml.getBytes(StandardCharsets.UTF_8), "application/yaml");
    }

    /** With the feature views that it takes columns from, which lie beside it. */
    private static String withViews(Path file, String yaml) {
        Path views = file.resolveSibling("views");
        return SpecReader.bundle(
                yaml,
                SpecReader.missingViews(file.toString(), yaml).stream()
                        .filter(SpecFile::isName)
                        .map(view -> views.resolve(view + ".yaml"))
                        .filter(Files::exists)
                        .map(view -> ViewFile.read(view).yaml())
                        .toList());
    }

    private static boolean isName(String view) {
        return view.matches("[a-z][a-z0-9-]*");
    }
}
