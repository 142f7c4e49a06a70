package dev.perennial.local.queue;

import dev.perennial.local.time.SimulatedClock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.elasticmq.util.NowProvider;

/**
 * ElasticMQ's clock. It hides and shows messages by this one, but stamps a message that comes in
 * with the system's. So simulated time is moved far past system time: then a message can be
 * received as soon as it was sent, and is hidden for exactly as long as simulated time says. What
 * functions are told of it is moved back.
 */
final class QueueTime extends NowProvider {
    /** Past whatever the system's clock says. */
    private static final Instant AHEAD = Instant.parse("2200-01-01T00:00:00Z");

    private static final String RECEIVED = "ApproximateFirstReceiveTimestamp";
    private static final String SENT = "SentTimestamp";

    private final InstantSource clock;
    private final long shift;

    QueueTime(InstantSource clock) {
        this.clock = clock;
        this.shift = clock instanceof SimulatedClock ? AHEAD.toEpochMilli() - clock.millis() : 0;
    }

    @Override
    public long nowMillis() {
        return clock.millis() + shift;
    }

    @Override
    public OffsetDateTime now() {
        return Instant.ofEpochMilli(nowMillis()).atOffset(ZoneOffset.UTC);
    }

    /**
     * A message's attributes, with their times by the clock. In simulated time a message is
     * received for the first time at the moment it was sent.
     */
    Map<String, String> attributes(Map<String, String> told) {
        Map<String, String> attributes = new TreeMap<>(told);
        String received = attributes.get(RECEIVED);
        if (shift != 0 && received != null) {
            String moved = Long.toString(Long.parseLong(received) - shift);
            attributes.put(RECEIVED, moved);
            attributes.put(SENT, moved);
        }
        return attributes;
    }
}
