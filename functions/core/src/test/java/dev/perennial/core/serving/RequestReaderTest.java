package dev.perennial.core.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Rows;
import dev.perennial.core.Samples;
import dev.perennial.core.json.Json;
import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.EventTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** With the sample's columns: {@code x} a number, {@code kind} a category, {@code shop} the key. */
class RequestReaderTest {
    private final RequestReader reader =
            new RequestReader(
                    Samples.spec(
                            Task.BINARY, List.of("shop"), List.of(), Duration.ZERO, List.of()));

    private PredictionRequest json(String text) {
        return reader.json(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private PredictionRequest csv(String text) {
        return reader.csv(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void rows_becomeColumns_withNullForMissing() {
        PredictionRequest request =
                json(
                        "{'rows':[{'x':1.5,'kind':'a','shop':'north'},{'x':null,'kind':null,'shop':'s'},{'x':-2,'kind':'','shop':'s'}]}");

        assertArrayEquals(new double[] {1.5, Double.NaN, -2}, request.rows().number("x").values());
        assertArrayEquals(new int[] {0, -1, -1}, request.rows().category("kind").codes());
        assertEquals("s", request.rows().category("shop").text(2));
        assertEquals(
                List.of("x", "kind", "shop"),
                request.rows().columns().stream().map(Column::name).toList());
        assertFalse(request.explain());
    }

    @Test
    void emptiestRow_isTaken() {
        ObjectNode row = reader.emptiestRow(Instant.parse("2026-03-01T00:00:00Z"));

        PredictionRequest request = reader.json(Json.write(Map.of("rows", List.of(row))));

        assertEquals(1, request.rows().rows());
        assertTrue(Double.isNaN(request.rows().number("x").values()[0]));
        assertEquals("nobody", request.rows().category("shop").text(0));
    }

    @Test
    void timeOfTheRow_mayBeGiven_andExplanationsAskedFor() {
        PredictionRequest request =
                json(
                        "{'rows':[{'x':1,'kind':'a','shop':'n','at':'2026-03-01T00:00:00Z'}],'explain':true}");

        assertEquals(
                EventTime.micros(Instant.parse("2026-03-01T00:00:00Z")),
                request.rows().time("at").micros()[0]);
        assertTrue(request.explain());
    }

    /** While a challenger is tried, callers send what either version takes. */
    @Test
    void columnsThatOnlyAnotherVersionTakes_arePassedOver_andOthersAreNot() {
        RequestReader other = new RequestReader(SpecReader.read("other.yaml", Rows.spec("other")));
        RequestReader beside = reader.beside(other);
        String row = "{\"rows\":[{\"x\":1,\"kind\":\"a\",\"shop\":\"n\",\"price\":7%s}]}";

        PredictionRequest json = beside.json(row.formatted("").getBytes(StandardCharsets.UTF_8));
        PredictionRequest csv =
                beside.csv("price,x,kind,shop\n7,1,a,n\n".getBytes(StandardCharsets.UTF_8));

        List<String> own = List.of("x", "kind", "shop");
        assertEquals(own, json.rows().columns().stream().map(Column::name).toList());
        assertEquals(own, csv.rows().columns().stream().map(Column::name).toList());
        assertThrows(
                RefusedRequestException.class,
                () -> reader.json(row.formatted("").getBytes(StandardCharsets.UTF_8)));
        assertThrows(
                RefusedRequestException.class,
                () -> beside.json(row.formatted(",\"z\":1").getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void csv_isReadLikeTrainingData_inAnyOrderOfColumns() {
        PredictionRequest request = csv("shop,at,kind,x\nn,2026-03-01,a,1.5\nn,2026-03-01,,NA\n");

        assertArrayEquals(new double[] {1.5, Double.NaN}, request.rows().number("x").values());
        assertEquals(2, request.rows().time("at").rows());
        assertEquals(1, csv("x,kind,shop\n1,a,n\n").rows().rows());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | the request",
                "nonsense | the request",
                "[] | expected an object with an array 'rows'",
                "{'rows':{}} | expected an object with an array 'rows'",
                "{'rows':[]} | no row to predict",
                "{'rows':[1]} | row 0 should be an object",
                "{'rows':[{}]} | row 0, column 'x': left out; send null",
                "{'rows':[{'kind':'a','shop':'n'}]} | row 0, column 'x': left out",
                "{'rows':[{'x':1,'kind':'a'}]} | row 0, column 'shop': left out",
                "{'rows':[{'x':1,'kind':'a','shop':null}]} | row 0, column 'shop': missing; a key",
                "{'rows':[{'x':'1','kind':'a','shop':'n'}]} | row 0, column 'x': expected a number or null, found a text",
                "{'rows':[{'x':true,'kind':'a','shop':'n'}]} | row 0, column 'x': expected a number or null, found true or false",
                "{'rows':[{'x':[1],'kind':'a','shop':'n'}]} | found an array",
                "{'rows':[{'x':1,'kind':{},'shop':'n'}]} | row 0, column 'kind': expected a text or null, found an object",
                "{'rows':[{'x':1,'kind':1,'shop':'n'}]} | row 0, column 'kind': expected a text or null, found a number",
                "{'rows':[{'x':1e39,'kind':'a','shop':'n'}]} | row 0, column 'x': a number beyond",
                "{'rows':[{'x':-1e999,'kind':'a','shop':'n'}]} | row 0, column 'x': a number beyond",
                "{'rows':[{'x':NaN,'kind':'a','shop':'n'}]} | NaN",
                "{'rows':[{'x':1,'kind':'a\\u0000','shop':'n'}]} | row 0, column 'kind': a text with a NUL",
                "{'rows':[{'x':1,'kind':'a','shop':'n','label':'yes'}]} | row 0, column 'label': unknown; the model takes x, kind, shop",
                "{'rows':[{'x':1,'x':2,'kind':'a','shop':'n'}]} | uplicate",
                "{'rows':[{'x':1,'kind':'a','shop':'n','at':'soon'}]} | row 0, column 'at': not a time",
                "{'rows':[{'x':1,'kind':'a','shop':'n','at':7}]} | row 0, column 'at': too small",
                "{'rows':[{'x':1,'kind':'a','shop':'n'}],'explain':1} | 'explain' should be true or false",
                "{'rows':[{'x':1,'kind':'a','shop':'n'}],'model':3} | unknown key 'model'",
                "{'rows':[{'x':1,'kind':'a','shop':'n'}]} trailing | the request",
            })
    void json_thatIsNotRight_isRefused_withItsPlaceAndReason(String body, String expected) {
        RefusedRequestException refused =
                assertThrows(RefusedRequestException.class, () -> json(body == null ? "" : body));

        assertEquals(400, refused.status());
        assertTrue(refused.getMessage().contains(expected), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | the file is empty",
                "`x,kind,shop\n` | no row to predict",
                "`x,kind\n1,a\n` | shop missing",
                "`x,kind,shop,label\n1,a,n,yes\n` | unknown column 'label'; the model takes x, kind, shop",
                "`x,kind,shop\nten,a,n\n` | line 2, column 'x': not a number: ten",
                "`x,kind,shop\n1,a,n\n1e39,a,n\n` | row 1, column 'x': a number beyond",
                "`x,kind,shop\n1,a,\n` | row 0, column 'shop': missing",
                "`x,kind,shop\n1,a\n` | 2 fields, the header has 3",
                "`x,kind,shop\n1,\"a,n\n` | not valid CSV",
                "`x,kind,shop,at\n1,a,n,soon\n` | line 2, column 'at': not a time",
            })
    void csv_thatIsNotRight_isRefused_withItsPlaceAndReason(String body, String expected) {
        String message =
                assertThrows(RefusedRequestException.class, () -> csv(body == null ? "" : body))
                        .getMessage();

        assertTrue(message.contains(expected), message);
    }

    @Test
    void aThousandRows_areRead_oneMoreIsTooMany() {
        String row = "{'x':1,'kind':'a','shop':'n'}";

        assertEquals(
                1_000,
                json("{'rows':[" + String.join(",", Collections.nCopies(1_000, row)) + "]}")
                        .rows()
                        .rows());
        RefusedRequestException refused =
                assertThrows(
                        RefusedRequestException.class,
                        () ->
                                json(
                                        "{'rows':["
                                                + String.join(",", Collections.nCopies(1_001, row))
                                                + "]}"));
        assertEquals(413, refused.status());
        assertThrows(
                RefusedRequestException.class,
                () -> csv("x,kind,shop\n" + "1,a,n\n".repeat(1_001)));
    }

    /** Whatever bytes come, the answer is rows or a reason. */
    @Test
    void damagedRequests_areReadOrRefused_neverAnythingElse() {
        byte[] valid =
                "{\"rows\":[{\"x\":1.5,\"kind\":\"ä\",\"shop\":\"n\",\"at\":1772582400}],\"explain\":true}"
                        .getBytes(StandardCharsets.UTF_8);
        SplittableRandom random = new SplittableRandom(5);
        int refusals = 0;
        for (int draw = 0; draw < 5_000; draw++) {
            byte[] damaged = valid.clone();
            for (int change = 0; change <= random.nextInt(3); change++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                if (draw % 2 == 0) {
                    reader.json(damaged);
                } else {
                    reader.csv(damaged);
                }
            } catch (RefusedRequestException refused) {
                refusals++;
            }
        }
        assertTrue(refusals > 4_000, refusals + " refusals");
    }

    @Test
    void deepNesting_andEndlessNumbers_areRefused() {
        assertThrows(RefusedRequestException.class, () -> json("{'rows':" + "[".repeat(100_000)));
        assertThrows(
                RefusedRequestException.class,
                () -> json("{'rows':[{'x':" + "9".repeat(200_000) + ",'kind':'a','shop':'n'}]}"));
        assertThrows( // few enough digits to be read, too many for a double
                RefusedRequestException.class,
                () -> json("{'rows':[{'x':" + "9".repeat(400) + ",'kind':'a','shop':'n'}]}"));
        RefusedRequestException header =
                assertThrows(
                        RefusedRequestException.class,
                        () -> csv("\\".repeat(300_000) + ",b\n1,2\n"));
        assertTrue(header.getMessage().length() < 1_000, () -> header.getMessage().length() + "");
        assertThrows(
                RefusedRequestException.class,
                () -> json("{'rows':[{'x':1e-999999999,'kind':" + "1".repeat(10) + "}]}"));
    }
}
