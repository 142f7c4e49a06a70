package dev.perennial.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
    record Sample(
            String name,
            int count,
            Optional<String> note,
            OptionalInt limit,
            List<String> tags,
            Instant at) {}

    private static final String WHOLE =
            "{'name':'a','count':1,'tags':[],'at':'2026-01-01T00:00:00Z'}";

    @Test
    void absentOptionals_areEmpty_andLeftOutWhenWritten() {
        Sample sample = read(WHOLE);

        assertEquals(Optional.empty(), sample.note());
        assertEquals(OptionalInt.empty(), sample.limit());
        assertEquals(
                WHOLE.replace('\'', '"'), new String(Json.write(sample), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'count':1,'tags':[],'at':'2026-01-01T00:00:00Z'} | name",
                "{'name':null,'count':1,'tags':[],'at':'2026-01-01T00:00:00Z'} | name",
                "{'name':'a','tags':[],'at':'2026-01-01T00:00:00Z'} | null",
                "{'name':'a','count':null,'tags':[],'at':'2026-01-01T00:00:00Z'} | null",
                "{'name':'a','count':1.5,'tags':[],'at':'2026-01-01T00:00:00Z'} | count",
                "{'name':'a','count':'1','tags':[],'at':'2026-01-01T00:00:00Z'} | count",
                "{'name':7,'count':1,'tags':[],'at':'2026-01-01T00:00:00Z'} | name",
                "{'name':'a','count':1,'tags':[],'at':'yesterday'} | at",
                "{'name':'a','count':1,'tags':[],'at':'2026-01-01T00:00:00Z','more':1} | more",
                "{'name':'a','name':'b','count':1,'tags':[],'at':'2026-01-01T00:00:00Z'} | name",
                "{'name':'a','count':1,'tags':[],'at':'2026-01-01T00:00:00Z'} x | x",
                "[{'name':'a'}] | Array",
                "{'name':'a' | end-of-input",
                "null | null",
                "`` | content",
            })
    void whatIsNotExactlyTheRecord_isRefused_namingThePlace(String json, String named) {
        MalformedJsonException refused =
                assertThrows(MalformedJsonException.class, () -> read(json));

        assertTrue(refused.getMessage().startsWith("sample: "), refused.getMessage());
        assertTrue(refused.getMessage().contains(named), refused.getMessage());
    }

    private static Sample read(String json) {
        return Json.read(
                "sample", json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), Sample.class);
    }
}
