package dev.perennial.aws;

import dev.perennial.core.store.StateStore;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An item in the partition of the live log, named by whose state it is: revision, record (JSON).
 */
public final class DynamoDbStateStore implements StateStore {
    /** Whose state is kept. */
    public enum Owner {
        MONITOR,
        PROBES
    }

    private final RegistryTable table;
    private final Owner owner;

    public DynamoDbStateStore(DynamoDbClient dynamo, String table, Owner owner) {
        this.table = new RegistryTable(dynamo, table);
        this.owner = owner;
    }

    @Override
    public Optional<Present> present(String pipeline) {
        return table.item(partition(pipeline), owner.name())
                .map(item -> RegistryTable.recorded(item, Present.class));
    }

    @Override
    public boolean replace(String pipeline, Present next) {
        Map<String, AttributeValue> item = RegistryTable.key(partition(pipeline), owner.name());
        item.put("revision", RegistryTable.number(next.revision()));
        item.put("record", RegistryTable.json(next));
        return table.transact(
                "replacing the state of %s's %s"
                        .formatted(pipeline, owner.name().toLowerCase(Locale.ROOT)),
                table.replace(item, next.revision() - 1));
    }

    private static String partition(String pipeline) {
        return "LIVE#" + pipeline;
    }
}
