package dev.perennial.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureCauseTest {
    private static final String SAID = "column \"größe\" is\nmissing \\ {see the file}";

    /** As Lambda's Java runtime writes it, 5,000 characters and more. */
    private static String body() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("errorMessage", SAID);
        body.put("errorType", "dev.perennial.core.table.UnreadableDataException");
        body.put(
                "stackTrace",
                Collections.nCopies(
                        100, "dev.perennial.aws.StepFunction.apply(StepFunction.java:40)"));
        return new String(Json.write(body), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1_000, 4_000, 5_000})
    void bodyCutBehindItsMessage_isItsMessage(int length) {
        assertTrue(body().length() > 5_000);

        assertEquals(SAID, FailureCause.sentence(body().substring(0, length)));
    }

    @Test
    void bodyCutInItsMessage_isWhatIsLeft_atEachPlace() {
        String body = body();
        int begin = "{\"errorMessage\":\"".length();

        for (int length = begin; length < body.indexOf("\",\"errorType"); length++) {
            String left = FailureCause.sentence(body.substring(0, length));

            assertTrue(left.endsWith("…"), left);
            assertTrue(SAID.startsWith(left.substring(0, left.length() - 1)), left);
        }
    }

    @Test
    void whatTheStateMachineSaysBefore_isKept() {
        assertEquals(
                "2 of 9 trainings failed, the first with Boom: " + SAID,
                FailureCause.sentence("2 of 9 trainings failed, the first with Boom: " + body()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "the cause",
                "{\"errorMessage\":null}",
                "{\"errorMes",
                "{\"error\":\"x\"}",
                "{\"errorMessage\":\"\\x\"}"
            })
    void anyOtherCause_isItself(String cause) {
        assertEquals(cause, FailureCause.sentence(cause));
    }
}
