package dev.perennial.local.template;

import java.util.List;

/**
 * A DynamoDB table.
 *
 * @param keys the partition key, then the sort key if there is one
 */
public record TableResource(String logicalId, List<Attribute> attributes, List<Key> keys) {
    public TableResource {
        attributes = List.copyOf(attributes);
        keys = List.copyOf(keys);
    }

    /**
     * An attribute that is part of a key.
     *
     * @param type S, N or B
     */
    public record Attribute(String name, String type) {}

    /**
     * A part of the primary key.
     *
     * @param type HASH or RANGE
     */
    public record Key(String name, String type) {}

    public String name() {
        return Names.of(ResourceType.TABLE, logicalId);
    }

    public String arn() {
        return Names.arn(ResourceType.TABLE, logicalId);
    }
}
