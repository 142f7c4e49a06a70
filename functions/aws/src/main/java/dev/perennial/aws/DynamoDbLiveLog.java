package dev.perennial.aws;

import dev.perennial.core.live.LiveBatch;
import dev.perennial.core.live.LiveLog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private final RegistryTable table;

    public DynamoDbLiveLog(DynamoDbClient dynamo, String table) {
        this.table = new RegistryTable(dynamo, table);
    }

    @Override
    public long append(String pipeline, LiveBatch batch) {
        String partition = partition(pipeline);
        String marker = "DIGEST#" + batch.data().sha256().hex();
        for (int attempt = 0; attempt < RegistryTable.MAX_ATTEMPTS; attempt++) {
            Optional<Map<String, AttributeValue>> earlier = table.item(partition, marker);
            if (earlier.isPresent()) {
                return RegistryTable.number(earlier.get(), "sequence");
            }
            long latest = table.latest(partition);
            Map<String, AttributeValue> entry = RegistryTable.key(partition, key(latest + 1));
            entry.put("record", RegistryTable.json(batch));
            Map<String, AttributeValue> mark = RegistryTable.key(partition, marker);
            mark.put("sequence", RegistryTable.number(latest + 1));
            boolean written =
                    table.transact(
                            "appending a batch to the live log of " + pipeline,
                            table.count(partition, latest),
                            table.create(entry),
                            table.create(mark));
            if (written) {
                return latest + 1;
            }
        }
        throw RegistryTable.tooManyWriters("appending a batch to the live log of " + pipeline);
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
