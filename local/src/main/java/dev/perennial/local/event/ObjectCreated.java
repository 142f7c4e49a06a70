package dev.perennial.local.event;

import dev.perennial.core.json.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * S3's event "Object Created".
 *
 * <p>Source: Amazon S3 User Guide, "EventBridge event message structure".
 *
 * @param size in bytes
 * @param reason the API call
 */
public record ObjectCreated(
        String bucket, String bucketArn, String key, long size, String eTag, String reason) {
    private static final AtomicLong SEQUENCE = new AtomicLong();

    /** Tells a bus, if one of its rules asks for it. */
    public void tell(EventBus bus, Instant at, String account) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("key", key);
        object.put("size", size);
        object.put("etag", eTag);
        object.put("sequencer", String.format(Locale.ROOT, "%016X", SEQUENCE.incrementAndGet()));
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("version", "0");
        detail.put("bucket", Map.of("name", bucket));
        detail.put("object", object);
        detail.put("request-id", "local");
        detail.put("requester", account);
        detail.put("source-ip-address", "127.0.0.1");
        detail.put("reason", reason);
        bus.acceptIfWanted("aws.s3", "Object Created", at, List.of(bucketArn), Json.toTree(detail));
    }
}
