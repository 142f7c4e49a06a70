package dev.perennial.local.cli;

import dev.perennial.core.spec.FeatureView;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A feature view as the user has it, or as the store does. */
record ViewFile(FeatureView view, String yaml) {
    /** Where views are looked for: beside the shipped specs. */
    static final Path FOLDER = Path.of("pipelines", "views");

    /** A view's file. */
    static ViewFile read(Path file) {
        try {
            String yaml = Files.readString(file);
            return new ViewFile(SpecReader.view(file.toString(), yaml), yaml);
        } catch (CharacterCodingException notText) {
            throw new WrongUsageException(file + " is not UTF-8 text; expected a feature view");
        } catch (IOException failed) {
            throw new WrongUsageException(file + " can't be read; is the path right?");
        }
    }

    /**
     * A view by its name or file.
     *
     * @param named as the user said it
     * @param store where it is taken from if no file has it
     */
    static ViewFile of(String named, ArtifactStore store) {
        return inFile(named)
                .or(() -> inStore(named, store))
                .orElseThrow(() ->
                        new WrongUsageException(
                                "no feature view '%s': there is no %s, and the store has none"
                                        .formatted(named, FOLDER.resolve(named + ".yaml"))));
    }

    private static Optional<ViewFile> inFile(String named) {
        if (named.endsWith(".yaml") || named.endsWith(".yml")) {
            return Optional.of(read(Path.of(named)));
        }
        return Optional.of(FOLDER.resolve(named + ".yaml"))
                .filter(Files::exists)
                .or(() ->
                        Optional.of(Project.root().resolve(FOLDER).resolve(named + ".yaml"))
                                .filter(Files::exists))
                .map(ViewFile::read);
    }

    private static Optional<ViewFile> inStore(String named, ArtifactStore store) {
        try {
            String key = Keys.view(named);
            return store.current(key)
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                    .map(yaml -> new ViewFile(SpecReader.view(key, yaml), yaml));
        } catch (IllegalArgumentException unusual) {
            return Optional.empty();
        }
    }

    /** Declares it in the store. */
    void declare(ArtifactStore store) {
        byte[] bytes = yaml.getBytes(StandardCharsets.UTF_8);
        String key = Keys.view(view.name());
        if (store.current(key)
                .filter(present -> java.util.Arrays.equals(present, bytes))
                .isEmpty()) {
            store.replace(key, bytes, "application/yaml");
        }
    }
}
