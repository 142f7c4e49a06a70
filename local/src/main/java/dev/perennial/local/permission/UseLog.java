package dev.perennial.local.permission;

import dev.perennial.core.json.Json;
import dev.perennial.local.file.LineFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps which parts of the template's policies were needed, a line of JSON each, in the file that
 * the system property {@code perennial.permissions} names: what is never in it may be left out of
 * the template. Several processes may write to one file.
 */
public final class UseLog implements Consumer<Permissions.Use> {
    private static final String PROPERTY = "perennial.permissions";

    private final Path file;

    private UseLog(Path file) {
        this.file = file;
    }

    /** Keeps nothing where the property isn't set. */
    public static Consumer<Permissions.Use> ofProperty() {
        @Nullable String file = System.getProperty(PROPERTY);
        return file == null ? _ -> {} : new UseLog(Path.of(file));
    }

    @Override
    public void accept(Permissions.Use use) {
        LineFile.append(
                file,
                (new String(Json.write(use), StandardCharsets.UTF_8) + "\n")
                        .getBytes(StandardCharsets.UTF_8));
    }
}
