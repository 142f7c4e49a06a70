package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.core.spec.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/validation.md has every check, in their order, with the threshold that it has. */
class ValidationDocTest {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));

    @Test
    void everyCheck_hasItsRow() throws IOException {
        List<String> rows =
                Files.readAllLines(ROOT.resolve("docs/validation.md")).stream()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.split("\\|", -1))
                        .map(cells -> cells[1].strip() + " " + cells[4].strip())
                        .toList();

        assertEquals(
                Arrays.stream(Check.values())
                        .map(check ->
                                "`%s` %s"
                                        .formatted(
                                                check.rule(),
                                                check.threshold().isPresent()
                                                        ? plain(check.threshold().getAsDouble())
                                                        : ""))
                        .map(String::strip)
                        .toList(),
                rows.stream().map(String::strip).toList());
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
