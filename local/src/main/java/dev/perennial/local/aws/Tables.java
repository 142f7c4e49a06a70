package dev.perennial.local.aws;

import dev.perennial.local.permission.Credentials;
import dev.perennial.local.template.TableResource;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;

/** Brings a DynamoDB to the tables that a template declares. */
final class Tables {
    private final URI endpoint;
    private final Credentials credentials;

    Tables(URI endpoint, Credentials credentials) {
        this.endpoint = endpoint;
        this.credentials = credentials;
    }

    /**
     * Creates what isn't there.
     *
     * @throws IllegalStateException if a table is there with other keys
     */
    void createMissing(List<TableResource> tables, Path folder) {
        try (DynamoDbClient dynamoDb = Clients.dynamoDb(endpoint, credentials)) {
            Set<String> present = new HashSet<>();
            dynamoDb.listTablesPaginator().tableNames().forEach(present::add);
            for (TableResource table : tables) {
                if (present.contains(table.name())) {
                    check(dynamoDb, table, folder);
                } else {
                    create(dynamoDb, table);
                }
            }
        }
    }

    private static List<KeySchemaElement> keys(TableResource table) {
        return table.keys().stream()
                .map(key ->
                        KeySchemaElement.builder()
                                .attributeName(key.name())
                                .keyType(key.type())
                                .build())
                .toList();
    }

    private static List<AttributeDefinition> attributes(TableResource table) {
        return table.attributes().stream()
                .map(attribute ->
                        AttributeDefinition.builder()
                                .attributeName(attribute.name())
                                .attributeType(attribute.type())
                                .build())
                .toList();
    }

    private static void create(DynamoDbClient dynamoDb, TableResource table) {
        dynamoDb.createTable(request ->
                request.tableName(table.name())
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(attributes(table))
                        .keySchema(keys(table)));
    }

    private static void check(DynamoDbClient dynamoDb, TableResource table, Path folder) {
        var found = dynamoDb.describeTable(request -> request.tableName(table.name())).table();
        boolean same =
                found.keySchema().equals(keys(table))
                        && Set.copyOf(found.attributeDefinitions())
                                .equals(Set.copyOf(attributes(table)));
        if (!same) {
            throw new IllegalStateException(
                    "table %s in %s has the keys %s, the template declares %s; DynamoDB can't change keys, so move the folder away"
                            .formatted(table.name(), folder, found.keySchema(), table.keys()));
        }
    }
}
