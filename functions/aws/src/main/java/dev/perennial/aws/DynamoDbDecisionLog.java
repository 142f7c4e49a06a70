package dev.perennial.aws;

import dev.perennial.core.store.Digest;
import dev.perennial.core.trigger.Decision;
import dev.perennial.core.trigger.DecisionLog;
import dev.perennial.core.trigger.Starts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Decisions in the registry's table. A pipeline's items share the partition {@code TRIGGER#name}:
 *
 * <pre>
 * STARTS                                    revision, record (JSON)
 * EVENT#sha256                              record (JSON): the decision that stands for the event
 * ANNOUNCED#sha256                          others were told of the event
 * DECISION#epoch millis#sha256#delivery     record (JSON)
 * </pre>
 */
public final class DynamoDbDecisionLog implements DecisionLog {
    /** Longer than any event is delivered again. */
    private static final Duration KEPT = Duration.ofDays(400);

    private final RegistryTable table;

    public DynamoDbDecisionLog(DynamoDbClient dynamo, String table) {
        this.table = new RegistryTable(dynamo, table);
    }

    @Override
    public Optional<Decision> standing(String pipeline, String event) {
        return table.item(partition(pipeline), eventKey(event))
                .map(item -> RegistryTable.recorded(item, Decision.class));
    }

    @Override
    public Starts starts(String pipeline) {
        return table.item(partition(pipeline), "STARTS")
                .map(item -> RegistryTable.recorded(item, Starts.class))
                .orElse(Starts.NONE);
    }

    @Override
    public boolean stand(Decision decision, Starts starts, long expectedRevision) {
        String partition = partition(decision.pipeline());
        Map<String, AttributeValue> claim =
                RegistryTable.key(partition, eventKey(decision.event()));
        claim.put("record", RegistryTable.json(decision));
        List<TransactWriteItem> writes =
                new ArrayList<>(
                        List.of(
                                table.create(RegistryTable.expiring(claim, KEPT)),
                                table.put(entry(decision))));
        if (decision.starts()) {
            Map<String, AttributeValue> item = RegistryTable.key(partition, "STARTS");
            item.put("revision", RegistryTable.number(starts.revision()));
            item.put("record", RegistryTable.json(starts));
            writes.add(table.replace(item, expectedRevision));
        }
        return table.transact(
                "deciding on " + decision.event(), writes.toArray(TransactWriteItem[]::new));
    }

    @Override
    public void note(Decision copy) {
        table.write("noting a copy of " + copy.event(), table.put(entry(copy)));
    }

    @Override
    public boolean isAnnounced(String pipeline, String event) {
        return table.item(partition(pipeline), announcementKey(event)).isPresent();
    }

    @Override
    public void announced(String pipeline, String event) {
        table.write(
                "noting that %s was announced".formatted(event),
                table.put(
                        RegistryTable.expiring(
                                RegistryTable.key(partition(pipeline), announcementKey(event)),
                                KEPT)));
    }

    @Override
    public List<Decision> latest(String pipeline, int most) {
        return table.newest(partition(pipeline), "DECISION#", most).stream()
                .map(item -> RegistryTable.recorded(item, Decision.class))
                .toList();
    }

    private static Map<String, AttributeValue> entry(Decision decision) {
        Map<String, AttributeValue> entry =
                RegistryTable.key(
                        partition(decision.pipeline()),
                        "DECISION#%019d#%s#%s"
                                .formatted(
                                        decision.at().toEpochMilli(),
                                        digest(decision.event()),
                                        decision.delivery()));
        entry.put("record", RegistryTable.json(decision));
        return RegistryTable.expiring(entry, KEPT);
    }

    private static String eventKey(String event) {
        return "EVENT#" + digest(event);
    }

    private static String announcementKey(String event) {
        return "ANNOUNCED#" + digest(event);
    }

    private static String digest(String event) {
        return Digest.of(event.getBytes(StandardCharsets.UTF_8)).hex();
    }

    private static String partition(String pipeline) {
        return "TRIGGER#" + pipeline;
    }
}
