package dev.perennial.feedback;

import dev.perennial.aws.HttpRequest;
import dev.perennial.aws.HttpResponse;
import dev.perennial.core.json.Json;
import dev.perennial.core.live.LabelReader;
import dev.perennial.core.live.LiveMessage;
import dev.perennial.core.live.LiveQueue;
import dev.perennial.core.live.QueueUnavailableException;
import dev.perennial.core.serving.RefusedRequestException;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes labels. Whoever is answered 202 may forget them: they are in the queue. Whether a
 * prediction waits for them is found out later, by the monitor, which counts and keeps those that
 * come twice, contradict, or name nothing.
 */
final class FeedbackHandler implements Function<HttpRequest, HttpResponse> {
    private static final Duration READ_SPEC_AGAIN = Duration.ofMinutes(1);
    private static final int ACCEPTED = 202;

    private final ArtifactStore artifacts;
    private final String pipeline;
    private final LiveQueue queue;
    private @Nullable LabelReader reader;
    private Instant readAt = Instant.MIN;

    FeedbackHandler(ArtifactStore artifacts, String pipeline, LiveQueue queue) {
        this.artifacts = artifacts;
        this.pipeline = pipeline;
        this.queue = queue;
    }

    @Override
    public HttpResponse apply(HttpRequest http) {
        try {
            Optional<LabelReader> labels = reader(http.at());
            if (labels.isEmpty()) {
                return HttpResponse.error(
                        HttpResponse.UNAVAILABLE,
                        "%s has no spec yet; it comes with the deployment or the first run"
                                .formatted(pipeline));
            }
            http.requirePost("labels");
            LabelReader read = labels.get();
            LiveMessage message =
                    http.read(
                            body -> read.json(body, http.at()), body -> read.csv(body, http.at()));
            queue.send(message);
            return HttpResponse.json(
                    ACCEPTED,
                    Json.write(Map.of("pipeline", pipeline, "accepted", message.rows().rows())));
        } catch (RefusedRequestException refused) {
            return HttpResponse.error(refused.status(), refused.getMessage());
        } catch (QueueUnavailableException down) {
            return HttpResponse.error(
                    HttpResponse.UNAVAILABLE, down.getMessage() + "; send all of them again");
        }
    }

    private synchronized Optional<LabelReader> reader(Instant now) {
        if (reader == null || now.isBefore(readAt) || now.isAfter(readAt.plus(READ_SPEC_AGAIN))) {
            String key = Keys.spec(pipeline);
            artifacts
                    .current(key)
                    .map(yaml -> SpecReader.read(key, new String(yaml, StandardCharsets.UTF_8)))
                    .ifPresent(spec -> {
                        reader = new LabelReader(spec);
                        readAt = now;
                    });
        }
        return Optional.ofNullable(reader);
    }
}
