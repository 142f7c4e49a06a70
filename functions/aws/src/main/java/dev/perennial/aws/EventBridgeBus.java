package dev.perennial.aws;

import dev.perennial.core.json.Json;
import dev.perennial.core.trigger.EventBus;
import dev.perennial.core.trigger.EventNotSentException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

/**
 * EventBridge's default bus. Its client is no part of every function's zip: who sends events
 * declares the dependency.
 */
public final class EventBridgeBus implements EventBus {
    private static final Duration ATTEMPT = Duration.ofSeconds(2);
    private static final Duration CALL = Duration.ofSeconds(6);

    private final EventBridgeClient events;

    public EventBridgeBus(EventBridgeClient events) {
        this.events = events;
    }

    /** Given up on after six seconds: nothing depends on an event. */
    public static EventBridgeBus ofThisFunction() {
        return new EventBridgeBus(
                EventBridgeClient.builder()
                        .httpClientBuilder(
                                ApacheHttpClient.builder()
                                        .connectionTimeout(ATTEMPT)
                                        .socketTimeout(ATTEMPT))
                        .overrideConfiguration(limits ->
                                limits.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL))
                        .build());
    }

    @Override
    public void send(String type, Object detail) {
        PutEventsRequestEntry event =
                PutEventsRequestEntry.builder()
                        .source(SOURCE)
                        .detailType(type)
                        .detail(new String(Json.write(detail), StandardCharsets.UTF_8))
                        .build();
        try {
            PutEventsResponse response = events.putEvents(request -> request.entries(event));
            if (response.failedEntryCount() > 0) { // the status is 200 nevertheless
                PutEventsResultEntry refused = response.entries().getFirst();
                throw new EventNotSentException(
                        type,
                        "%s: %s".formatted(refused.errorCode(), refused.errorMessage()),
                        new IOException("refused"));
            }
        } catch (SdkException failed) {
            throw new EventNotSentException(type, String.valueOf(failed.getMessage()), failed);
        }
    }
}
