package dev.perennial.local.states;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What one attempt at a task waits for. The first answer counts: somebody's success or failure, or
 * why there can't be one any more.
 */
final class TaskToken {
    private final String value;
    private final CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    private volatile @Nullable TimeLimit heartbeat;

    TaskToken(String value) {
        this.value = value;
    }

    String value() {
        return value;
    }

    CompletableFuture<JsonNode> answer() {
        return answer;
    }

    /** Begun anew by each sign of life. */
    void heartbeat(TimeLimit limit) {
        heartbeat = limit;
    }

    /** False if the token was answered before. */
    boolean beat() {
        TimeLimit limit = heartbeat;
        if (limit != null && !answer.isDone()) {
            limit.begin();
        }
        return !answer.isDone();
    }
}
