package dev.perennial.core.split;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.perennial.core.Samples;
import dev.perennial.core.metric.Task;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelledRowsTest {
    @Test
    void rowsWithoutAClass_areLeftOut() {
        Table table =
                new Table(
                        List.of(
                                Samples.categories("label", "yes", "", "no"),
                                new NumberColumn("x", new double[] {1, 2, 3})));

        Table labelled = LabelledRows.of(Samples.spec(Task.BINARY), table);

        assertArrayEquals(new double[] {1, 3}, labelled.number("x").values());
        assertEquals("no", labelled.category("label").text(1));
    }

    @Test
    void rowsWithoutANumber_areLeftOut() {
        Table table =
                new Table(List.of(new NumberColumn("label", new double[] {Double.NaN, 0, 2})));

        assertArrayEquals(
                new double[] {0, 2},
                LabelledRows.of(Samples.spec(Task.REGRESSION), table).number("label").values());
    }

    @Test
    void whereEveryRowHasALabel_theTableIsNotCopied() {
        Table table = new Table(List.of(Samples.categories("label", "yes", "no")));

        assertSame(table, LabelledRows.of(Samples.spec(Task.BINARY), table));
    }

    @Test
    void whereNoRowHasALabel_noneIsLeft() {
        Table table = new Table(List.of(Samples.categories("label", "", "")));

        assertEquals(0, LabelledRows.of(Samples.spec(Task.BINARY), table).rows());
    }
}
