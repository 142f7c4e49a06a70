package dev.perennial.feedback;

import dev.perennial.aws.HttpRequest;
import dev.perennial.aws.HttpResponse;
import dev.perennial.aws.MissingSpecException;
import dev.perennial.aws.PresentSpec;
import dev.perennial.core.json.Json;
import dev.perennial.core.live.LabelReader;
import dev.perennial.core.live.LiveMessage;
import dev.perennial.core.live.LiveQueue;
import dev.perennial.core.live.QueueUnavailableException;
import dev.perennial.core.serving.RefusedRequestException;
import dev.perennial.core.store.ArtifactStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
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

    private final String pipeline;
    private final PresentSpec spec;
    private final LiveQueue queue;
    private @Nullable LabelReader reader;
    private Instant readAt = Instant.MIN;

    FeedbackHandler(ArtifactStore artifacts, String pipeline, LiveQueue queue) {
        this.pipeline = pipeline;
        this.spec = new PresentSpec(artifacts, pipeline);
        this.queue = queue;
    }

    @Override
    public HttpResponse apply(HttpRequest http) {
        try {
            http.requirePost("labels");
            LabelReader labels = reader(http.at());
            LiveMessage message =
                    http.read(
                            body -> labels.json(body, http.at()),
                            body -> labels.csv(body, http.at()));
            queue.send(message);
            return HttpResponse.json(
                    ACCEPTED,
                    Json.write(Map.of("pipeline", pipeline, "accepted", message.rows().rows())));
        } catch (RefusedRequestException refused) {
            return HttpResponse.error(refused.status(), refused.getMessage());
        } catch (MissingSpecException early) {
            return HttpResponse.error(HttpResponse.UNAVAILABLE, early.getMessage());
        } catch (QueueUnavailableException down) {
            return HttpResponse.error(
                    HttpResponse.UNAVAILABLE, down.getMessage() + "; send all of them again");
        }
    }

    private synchronized LabelReader reader(Instant now) {
        LabelReader known = reader;
        boolean old = now.isBefore(readAt) || now.isAfter(readAt.plus(READ_SPEC_AGAIN));
        if (known == null || old) {
            known = new LabelReader(spec.get());
            reader = known;
            readAt = now;
        }
        return known;
    }
}
