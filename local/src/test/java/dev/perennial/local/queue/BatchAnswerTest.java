package dev.perennial.local.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchAnswerTest {
    private static final Set<String> BATCH = Set.of("a", "b", "c");

    private static BatchAnswer read(String answer) {
        return BatchAnswer.read(answer.getBytes(StandardCharsets.UTF_8), BATCH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{}",
                "{\"batchItemFailures\":null}",
                "{\"batchItemFailures\":[]}",
                "{\"other\":1}"
            })
    void noFailures_isSuccess(String answer) {
        assertEquals(new BatchAnswer(Set.of(), ""), read(answer));
    }

    @Test
    void failures_areThoseNamed() {
        assertEquals(
                Set.of("a", "c"),
                read("{\"batchItemFailures\":[{\"itemIdentifier\":\"c\"},{\"itemIdentifier\":\"a\"},{\"itemIdentifier\":\"a\"}]}")
                        .failed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":null}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"a\"},{\"itemIdentifier\":\"z\"}]}",
                "{\"batchItemFailures\":[{\"id\":\"a\"}]}",
                "{\"batchItemFailures\":[\"a\"]}",
                "{\"batchItemFailures\":\"a\"}",
                "{\"batchItemFailures\":",
                "not json"
            })
    void answerWithoutSense_failsTheWholeBatch(String answer) {
        BatchAnswer read = read(answer);

        assertEquals(BATCH, read.failed());
        assertFalse(read.problem().isEmpty());
    }
}
