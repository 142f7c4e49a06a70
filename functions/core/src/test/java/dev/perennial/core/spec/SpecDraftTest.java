package dev.perennial.core.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.metric.Task;
import dev.perennial.core.table.RawTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecDraftTest {
    @TempDir Path folder;

    /** {@code 1d} is a number to Java alone; NA is what R writes into a column of numbers. */
    @Test
    void columns_areGuessedByTheReadersOwnRules() throws IOException {
        StringBuilder rows = new StringBuilder("at,size,room,bought\n");
        for (int row = 0; row < 300; row++) {
            rows.append("2026-01-%02dT%02d:00:00Z,".formatted(1 + row / 24, row % 24))
                    .append(row % 10 == 0 ? "NA" : row * 0.5)
                    .append(',')
                    .append(row % 3 + "d")
                    .append(row % 2 == 0 ? ",yes\n" : ",no\n");
        }

        String yaml = draft(rows);

        PipelineSpec spec = SpecReader.read("draft", yaml);
        assertEquals(
                List.of("size NUMBER", "room CATEGORY"),
                spec.features().stream().map(each -> each.name() + " " + each.type()).toList());
        assertTrue(yaml.contains("10.0 % missing"), yaml);
    }

    /** One slip in a column says nothing of the column; the draft says that it is there. */
    @Test
    void slips_changeNoGuess_andAreSaid() throws IOException {
        StringBuilder rows = new StringBuilder("at,size,price,bought\n");
        for (int row = 0; row < 300; row++) {
            rows.append(row == 7 ? "yesterday" : 1_700_000_000L + row * 3_600L)
                    .append(',')
                    .append(row == 11 ? "n/a" : row == 12 ? "big" : Integer.toString(row % 40))
                    .append(",1.5,")
                    .append(row == 20 ? "perhaps" : row % 2 == 0 ? "yes" : "no")
                    .append('\n');
        }

        String yaml = draft(rows);

        PipelineSpec spec = SpecReader.read("draft", yaml);
        assertEquals("at", spec.time());
        assertEquals(Task.BINARY, spec.task());
        assertEquals(List.of("no", "yes"), spec.label().classes());
        assertEquals(
                List.of("size NUMBER", "price NUMBER"),
                spec.features().stream().map(each -> each.name() + " " + each.type()).toList());
        assertTrue(yaml.contains("2 of 300 rows can't be read"), yaml);
        assertTrue(yaml.contains("at of row 8 is no time: yesterday"), yaml);
        assertTrue(yaml.contains("1 of 300 rows have another label, such as perhaps"), yaml);
        assertTrue(yaml.contains("maxBadRows: 0.03"), yaml);
        assertTrue(yaml.contains("name: price, type: number, min: 0, maxNulls: 0.01"), yaml);
    }

    /** Its cells look like numbers and are read as texts: a run refuses one that is no class. */
    @Test
    void oddLabelsAmongNumbers_areSaid_andNotCalledBadRows() throws IOException {
        StringBuilder rows = new StringBuilder("at,\"the\nsize\",bought\n");
        for (int row = 0; row < 300; row++) {
            rows.append(1_700_000_000L + row * 3_600L)
                    .append(",3,")
                    .append(row == 5 ? "unknown" : row == 6 ? "NA" : Integer.toString(row % 2))
                    .append('\n');
        }

        String yaml = draft(rows);

        assertEquals(List.of("0", "1"), SpecReader.read("draft", yaml).label().classes());
        assertTrue(yaml.contains("2 of 300 rows have another label, such as NA"), yaml);
        assertTrue(yaml.contains("maxBadRows: 0.01}"), yaml);
    }

    @Test
    void columnOfManySlips_isNoNumber_andWithoutATimeThereIsNoDraft() throws IOException {
        StringBuilder rows = new StringBuilder("at,size,bought\n");
        for (int row = 0; row < 300; row++) {
            rows.append(1_700_000_000L + row * 3_600L)
                    .append(row % 10 == 0 ? ",big" : ",3")
                    .append(row % 2 == 0 ? ",yes\n" : ",no\n");
        }

        String yaml = draft(rows);

        assertTrue(yaml.contains("{name: size, type: category"), yaml);
        assertTrue(
                assertThrows(
                                IllegalArgumentException.class,
                                () -> draft(rows.toString().replace("17000", "x17000")))
                        .getMessage()
                        .contains("no column looks like a time"));
    }

    @Test
    void windowAndRows_areThoseOfTheWholeFile() throws IOException {
        StringBuilder rows = new StringBuilder("at,size,bought\n");
        int hours = RawTable.MOST_ROWS + 20_000;
        for (int row = 0; row < hours; row++) {
            rows.append(1_000_000_000L + row * 3_600L)
                    .append(',')
                    .append(row % 17)
                    .append(row % 2 == 0 ? ",yes\n" : ",no\n");
        }

        String yaml = draft(rows);

        assertTrue(
                yaml.startsWith(
                        "# Drafted from shop.csv, 120,000 rows, of which the first 100,000"));
        assertEquals(Duration.ofDays(hours / 24), SpecReader.read("draft", yaml).window(), yaml);
    }

    private String draft(CharSequence rows) throws IOException {
        Path csv = Files.writeString(folder.resolve("shop.csv"), rows);
        return SpecDraft.of("shop.csv", RawTable.read(csv));
    }
}
