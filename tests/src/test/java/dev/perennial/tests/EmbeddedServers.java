package dev.perennial.tests;

import dev.perennial.local.aws.DynamoDbServer;
import dev.perennial.local.aws.S3Server;
import dev.perennial.local.permission.Credentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.s3.S3Client;

/** S3 and DynamoDB of the local cloud, for contracts; each bucket and table is fresh. */
final class EmbeddedServers implements AutoCloseable {
    private final S3Server s3Server;
    private final DynamoDbServer dynamoDbServer;
    final S3Client s3;
    final DynamoDbClient dynamoDb;

    EmbeddedServers(Path folder) {
        Credentials credentials = Credentials.random();
        var provider =
                StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(
                                credentials.accessKey(), credentials.secretKey()));
        s3Server = S3Server.start(folder.resolve("s3"), credentials);
        dynamoDbServer = DynamoDbServer.start(folder.resolve("dynamodb"), credentials);
        s3 =
                S3Client.builder()
                        .endpointOverride(s3Server.endpoint())
                        .forcePathStyle(true)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(provider)
                        .httpClientBuilder(ApacheHttpClient.builder())
                        .build();
        dynamoDb =
                DynamoDbClient.builder()
                        .endpointOverride(dynamoDbServer.endpoint())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(provider)
                        .httpClientBuilder(ApacheHttpClient.builder())
                        .build();
    }

    String bucket() {
        String name = "bucket-" + UUID.randomUUID();
        s3.createBucket(create -> create.bucket(name));
        return name;
    }

    String table() {
        String name = "table-" + UUID.randomUUID();
        dynamoDb.createTable(create ->
                create.tableName(name)
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(attribute("pk"), attribute("sk"))
                        .keySchema(key("pk", KeyType.HASH), key("sk", KeyType.RANGE)));
        return name;
    }

    /** As the template's FeatureTable. */
    String featureTable() {
        String name = "features-" + UUID.randomUUID();
        dynamoDb.createTable(create ->
                create.tableName(name)
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(attribute("entity"))
                        .keySchema(key("entity", KeyType.HASH)));
        return name;
    }

    private static AttributeDefinition attribute(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    @Override
    public void close() {
        try {
            s3.close();
            dynamoDb.close();
            s3Server.close();
            dynamoDbServer.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
