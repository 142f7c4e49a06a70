package dev.perennial.trigger;

import dev.perennial.aws.EventBytes;
import dev.perennial.aws.PresentSpec;
import dev.perennial.core.json.Json;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.trigger.Decision;
import dev.perennial.core.trigger.Trigger;
import dev.perennial.core.trigger.TriggerEvent;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Decides on one event, tells others if it is drift, and answers with the decision; or has the
 * probes looked at.
 */
final class TriggerHandler implements Function<InputStream, byte[]> {
    private final String pipeline;
    private final PresentSpec spec;
    private final Trigger trigger;
    private final DriftNews news;
    private final Probing probing;

    TriggerHandler(
            ArtifactStore artifacts,
            String pipeline,
            Trigger trigger,
            DriftNews news,
            Probing probing) {
        this.pipeline = pipeline;
        this.spec = new PresentSpec(artifacts, pipeline);
        this.trigger = trigger;
        this.news = news;
        this.probing = probing;
    }

    @Override
    public byte[] apply(InputStream event) {
        byte[] bytes = EventBytes.of(event);
        Optional<Instant> look = EventReader.look(bytes);
        if (look.isPresent()) {
            return Json.write(probing.start(pipeline, spec.get().retrain(), look.get()));
        }
        EventReader.Delivered delivered = EventReader.read(bytes);
        Decision decision =
                trigger.decide(
                        pipeline,
                        spec.get().retrain(),
                        delivered.event(),
                        delivered.delivery().orElseGet(() -> UUID.randomUUID().toString()));
        if (delivered.event() instanceof TriggerEvent.AlarmRaised alarm) {
            news.tell(pipeline, alarm, delivered.reason());
        }
        return Json.write(decision);
    }

    /** What an execution is given: its run trains as of the event's time. */
    static String input(String run, TriggerEvent event) {
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("until", event.at().toString());
        input.put("trigger", event.words());
        return new String(Json.write(input), StandardCharsets.UTF_8);
    }
}
