package dev.perennial.local.lambda;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionClassesTest {
    @TempDir Path folder;

    private Path task(String name) throws IOException {
        Path lib = Files.createDirectories(folder.resolve(name).resolve("lib"));
        Files.copy(FunctionZip.core(), lib.resolve("core.jar"));
        return folder.resolve(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "last"})
    void jar_isTakenFromWhereItsNativeLibraryIs_whateverTheFoldersAreCalled(String name)
            throws Exception {
        Path without = task("middle");
        Path with = task(name);
        Files.createFile(with.resolve("lib/libcore.so"));

        Class<?> type =
                FunctionClasses.of(List.of(without, with))
                        .loadClass("com.amazonaws.services.lambda.runtime.Context");

        String source = type.getProtectionDomain().getCodeSource().getLocation().getPath();
        assertTrue(source.startsWith(with.toString()), source);
    }
}
