package dev.perennial.local.queue;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a function says of its batch, as Lambda understands it. Source: Lambda Developer Guide,
 * "Implementing partial batch responses", success and failure conditions.
 *
 * @param failed ids of the messages that stay in the queue
 * @param problem why the whole batch counts as failed; empty unless the answer makes no sense
 */
record BatchAnswer(Set<String> failed, String problem) {
    BatchAnswer {
        failed = Set.copyOf(failed);
    }

    /**
     * Reads an answer.
     *
     * @param batch ids of all its messages
     */
    static BatchAnswer read(byte[] answer, Set<String> batch) {
        if (answer.length == 0) {
            return new BatchAnswer(Set.of(), "");
        }
        JsonNode failures;
        try {
            failures = Json.tree("the answer", answer).path("batchItemFailures");
        } catch (MalformedJsonException malformed) {
            return new BatchAnswer(batch, String.valueOf(malformed.getMessage()));
        }
        if (failures.isMissingNode() || failures.isNull()) {
            return new BatchAnswer(Set.of(), "");
        }
        if (!failures.isArray()) {
            return new BatchAnswer(batch, "batchItemFailures should be a list");
        }
        Set<String> failed = new HashSet<>();
        for (JsonNode failure : failures) {
            JsonNode id = failure.path("itemIdentifier");
            if (!id.isString() || !batch.contains(id.stringValue())) {
                return new BatchAnswer(
                        batch,
                        "an itemIdentifier should be the messageId of one of the batch's messages, not "
                                + id);
            }
            failed.add(id.stringValue());
        }
        return new BatchAnswer(failed, "");
    }
}
