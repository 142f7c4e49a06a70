package dev.perennial.core.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Rows;
import dev.perennial.core.Samples;
import dev.perennial.core.metric.Task;
import dev.perennial.core.serving.RefusedRequestException;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelReaderTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static LabelReader reader(Task task) {
        return new LabelReader(
                Samples.spec(
                        task,
                        List.of("shop"),
                        task == Task.REGRESSION ? List.of() : List.of("no", "yes"),
                        Duration.ofDays(1),
                        List.of()));
    }

    private static byte[] bytes(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void json_namesRowsByIdOrByKeyAndTime() {
        LiveMessage message =
                reader(Task.BINARY)
                        .json(
                                bytes(
                                        "{'labels':[{'id':'p-1','label':'yes'},{'key':{'shop':'north|1'},'time':'2026-02-01T00:00:00Z','label':'no'}]}"),
                                NOW);

        Table rows = message.rows();
        assertEquals(LiveMessage.Kind.LABELS, message.kind());
        assertEquals("p-1", rows.category(LiveColumns.ID).text(0));
        assertEquals("", rows.category(LiveColumns.ID).text(1));
        assertEquals("north\\|1", rows.category(LiveColumns.ENTITY).text(1));
        assertEquals(
                Instant.parse("2026-02-01T00:00:00Z"),
                EventTime.instant(rows.time(LiveColumns.TIME).micros()[1]));
        assertEquals("no", rows.category(LiveColumns.LABEL).text(1));
        assertEquals(NOW, EventTime.instant(rows.time(LiveColumns.AT).micros()[0]));
        assertEquals(rows.rows(), LiveMessage.fromJson(message.toJson()).rows().rows());
    }

    @Test
    void csv_inTheHistorysOwnForm_isEnough() {
        LiveMessage byRow =
                reader(Task.BINARY)
                        .csv(bytes("at,shop,x,kind,label\n2026-02-01,north,1,a,yes\n"), NOW);
        LiveMessage byId = reader(Task.REGRESSION).csv(bytes("id,label\np-1,2.5\n"), NOW);

        assertEquals("north", byRow.rows().category(LiveColumns.ENTITY).text(0));
        assertEquals("p-1", byId.rows().category(LiveColumns.ID).text(0));
        assertEquals(2.5, byId.rows().number(LiveColumns.LABEL).values()[0]);
    }

    /** Whoever answers a prediction's id need not know what the history called its label. */
    @Test
    void csv_withIdsAndWithPlaces_isRefused_unlessIdIsTheKey() {
        LabelReader reader = reader(Task.BINARY);
        RefusedRequestException refused =
                assertThrows(
                        RefusedRequestException.class,
                        () -> reader.csv(bytes("id,at,shop,label\n1,2026-03-01,north,yes\n"), NOW));
        assertTrue(
                refused.getMessage().contains("leave out one or the other"), refused.getMessage());

        LabelReader byId =
                new LabelReader(
                        Samples.spec(
                                Task.BINARY,
                                List.of("id"),
                                List.of("no", "yes"),
                                Duration.ZERO,
                                List.of()));
        Table rows = byId.csv(bytes("id,at,label\n17,2026-03-01,yes\n"), NOW).rows();
        assertEquals("", rows.category(LiveColumns.ID).text(0));
        assertEquals("17", rows.category(LiveColumns.ENTITY).text(0));
    }

    @Test
    void numberBeyondAllNumbers_isRefused() {
        String label = "{'labels':[{'id':'a','label':%s}]}".formatted("9".repeat(400));
        assertThrows(
                RefusedRequestException.class,
                () -> reader(Task.REGRESSION).json(bytes(label), NOW));
    }

    @Test
    void csv_mayCallTheLabelsColumnLabel() {
        LabelReader reader = new LabelReader(SpecReader.read("shop.yaml", Rows.spec("shop")));

        LiveMessage byId = reader.csv(bytes("id,label\np-1,yes\n"), NOW);
        LiveMessage itsOwn = reader.csv(bytes("id,label,bought\np-1,maybe,no\n"), NOW);

        assertEquals("yes", byId.rows().category(LiveColumns.LABEL).text(0));
        assertEquals("no", itsOwn.rows().category(LiveColumns.LABEL).text(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{                                                              | the request",
                "[]                                                             | array 'labels'",
                "{'labels':[]}                                                  | no label",
                "{'labels':[1]}                                                 | row 0 should be an object",
                "{'labels':[{'id':7,'label':'yes'}]}                            | 'id' should be a text",
                "{'labels':[{'id':'p','label':'perhaps'}]}                      | none of [no, yes]",
                "{'labels':[{'id':'p','label':1}]}                              | 'label' should be a text",
                "{'labels':[{'id':'p'}]}                                        | 'label' should be a text",
                "{'labels':[{'id':'p','label':'yes','why':'x'}]}                | unexpected 'why'",
                "{'labels':[{'time':'2026-02-01','label':'yes'}]}               | 'key' should have the text 'shop'",
                "{'labels':[{'key':{'shop':'n'},'label':'yes'}]}                | 'time' should be the row's time",
                "{'labels':[{'key':{'shop':'n'},'time':'soon','label':'yes'}]}  | not a time",
                "{'labels':[{'key':{'shop':'n','a':'b'},'time':'2026-02-01','label':'yes'}]} | more than the key",
            })
    void whatIsNoLabel_isRefusedWithItsPlace(String body, String said) {
        RefusedRequestException refused =
                assertThrows(
                        RefusedRequestException.class,
                        () -> reader(Task.BINARY).json(bytes(body), NOW));

        assertEquals(400, refused.status());
        assertTrue(refused.getMessage().contains(said), refused.getMessage());
    }

    @Test
    void tooMany_areRefused() {
        String many = "{'id':'p','label':'yes'},".repeat(1_001);
        RefusedRequestException refused =
                assertThrows(
                        RefusedRequestException.class,
                        () ->
                                reader(Task.BINARY)
                                        .json(
                                                bytes(
                                                        "{'labels':["
                                                                + many.substring(
                                                                        0, many.length() - 1)
                                                                + "]}"),
                                                NOW));

        assertEquals(413, refused.status());
    }
}
