package dev.perennial.aws;

import dev.perennial.core.monitor.MonitorStore;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The item {@code MONITOR} in the partition of the live log: revision, record (JSON). */
public final class DynamoDbMonitorStore implements MonitorStore {
    private static final String SORT = "MONITOR";

    private final RegistryTable table;

    public DynamoDbMonitorStore(DynamoDbClient dynamo, String table) {
        this.table = new RegistryTable(dynamo, table);
    }

    @Override
    public Optional<Present> present(String pipeline) {
        return table.item(partition(pipeline), SORT)
                .map(item -> RegistryTable.recorded(item, Present.class));
    }

    @Override
    public boolean replace(String pipeline, Present next) {
        Map<String, AttributeValue> item = RegistryTable.key(partition(pipeline), SORT);
        item.put("revision", RegistryTable.number(next.revision()));
        item.put("record", RegistryTable.json(next));
        return table.transact(
                "replacing the monitor's state of " + pipeline,
                table.replace(item, next.revision() - 1));
    }

    private static String partition(String pipeline) {
        return "LIVE#" + pipeline;
    }
}
