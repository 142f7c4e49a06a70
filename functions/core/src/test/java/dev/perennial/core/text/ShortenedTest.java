package dev.perennial.core.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.core.json.Json;
import dev.perennial.core.serving.RefusedRequestException;
import dev.perennial.core.table.BadRow;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ShortenedTest {
    private static final String FACE = "😀";

    @Test
    void text_isKeptWhole_orCutBetweenCharacters() {
        assertEquals("abc", Shortened.shown("abc", 3));
        assertEquals("ab…", Shortened.shown("abc", 2));
        assertEquals("a…", Shortened.shown("a" + FACE + "b", 2));
        assertEquals("a" + FACE + "…", Shortened.shown("a" + FACE + "b", 3));
        assertEquals("", Shortened.kept(FACE, 1));
        assertEquals("…", Shortened.shown(FACE, 1));
        assertEquals("", Shortened.kept("a", 0));
    }

    /** Half a character is no UTF-8. */
    @Test
    void whatIsCut_canBeWritten() {
        String hostile = "x".repeat(199) + FACE.repeat(3);

        BadRow row = new BadRow("rows.csv", 3, "price", hostile, "is no number");

        assertEquals("x".repeat(199) + "…", row.value());
        assertEquals(row.value(), Json.tree("row", Json.write(row)).path("value").asString());
        String shown = RefusedRequestException.shown("y".repeat(79) + FACE);
        assertEquals(
                shown, new String(shown.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }
}
