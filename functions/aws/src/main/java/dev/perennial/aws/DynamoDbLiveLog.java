package dev.perennial.aws;

import dev.perennial.core.live.LiveBatch;
import dev.perennial.core.live.LiveLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The log in the registry's table. A pipeline's items share the partition {@code LIVE#name}:
 *
 * <pre>
 * COUNTER                latest: the highest number given away
 * BATCH#0000000001       record (JSON)
 * DIGEST#sha256          sequence: makes appending idempotent
 * </pre>
 */
public final class DynamoDbLiveLog implements LiveLog {
    private static final String BATCH = "BATCH#";

    /** The monitor reads an entry once, hourly; a dead letter can come again for two weeks. */
    private static final Duration KEPT = Duration.ofDays(180);

    private final RegistryTable table;

    /** By partition, the highest number that this process has seen given away. */
    private final Map<String, Long> latest = new ConcurrentHashMap<>();

    public DynamoDbLiveLog(DynamoDbClient dynamo, String table) {
        this.table = new RegistryTable(dynamo, table);
    }

    /**
     * Tries with the number that this process gave away last, so that most batches take one call;
     * if somebody was faster or the batch is there already, the table is asked.
     */
    @Override
    public long append(String pipeline, LiveBatch batch) {
        String partition = partition(pipeline);
        Long known = latest.get(partition);
        if (known != null && write(partition, batch, known)) {
            return known + 1;
        }
        for (int attempt = 0; attempt < RegistryTable.MAX_ATTEMPTS; attempt++) {
            Optional<Map<String, AttributeValue>> earlier = table.item(partition, marker(batch));
            if (earlier.isPresent()) {
                return RegistryTable.number(earlier.get(), "sequence");
            }
            long present = table.latest(partition);
            if (write(partition, batch, present)) {
                return present + 1;
            }
        }
        throw RegistryTable.tooManyWriters("appending a batch to the live log of " + pipeline);
    }

    /** False where that isn't the highest number any more, or the batch is there. */
    private boolean write(String partition, LiveBatch batch, long highest) {
        Map<String, AttributeValue> entry = RegistryTable.key(partition, key(highest + 1));
        entry.put("record", RegistryTable.json(batch));
        Map<String, AttributeValue> mark = RegistryTable.key(partition, marker(batch));
        mark.put("sequence", RegistryTable.number(highest + 1));
        boolean written =
                table.transact(
                        "appending a batch to " + partition,
                        table.count(partition, highest),
                        table.create(RegistryTable.expiring(entry, KEPT)),
                        table.create(RegistryTable.expiring(mark, KEPT)));
        if (written) {
            latest.merge(partition, highest + 1, Long::max);
        }
        return written;
    }

    private static String marker(LiveBatch batch) {
        return "DIGEST#" + batch.data().sha256().hex();
    }

    @Override
    public List<Entry> after(String pipeline, long sequence, int most) {
        return table.between(partition(pipeline), key(sequence), key(Long.MAX_VALUE), most).stream()
                .map(item ->
                        new Entry(
                                Long.parseLong(
                                        RegistryTable.text(item, "sk").substring(BATCH.length())),
                                RegistryTable.recorded(item, LiveBatch.class)))
                .toList();
    }

    private static String partition(String pipeline) {
        return "LIVE#" + pipeline;
    }

    private static String key(long sequence) {
        return BATCH + "%019d".formatted(sequence);
    }
}
