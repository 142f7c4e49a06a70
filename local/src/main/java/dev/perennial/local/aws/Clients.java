package dev.perennial.local.aws;

import dev.perennial.local.permission.Credentials;
import dev.perennial.local.template.TemplateReader;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** AWS's own clients, pointed to the servers of the local cloud. */
public final class Clients {
    private Clients() {}

    public static DynamoDbClient dynamoDb(URI endpoint, Credentials credentials) {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of(TemplateReader.REGION))
                .credentialsProvider(provider(credentials))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    public static S3Client s3(URI endpoint, Credentials credentials) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .region(Region.of(TemplateReader.REGION))
                .credentialsProvider(provider(credentials))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    public static SqsClient sqs(URI endpoint, Credentials credentials) {
        return SqsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of(TemplateReader.REGION))
                .credentialsProvider(provider(credentials))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    public static SfnClient stepFunctions(URI endpoint, Credentials credentials) {
        return SfnClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of(TemplateReader.REGION))
                .credentialsProvider(provider(credentials))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    public static EventBridgeClient eventBridge(URI endpoint, Credentials credentials) {
        return EventBridgeClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of(TemplateReader.REGION))
                .credentialsProvider(provider(credentials))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    private static AwsCredentialsProvider provider(Credentials credentials) {
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create(credentials.accessKey(), credentials.secretKey()));
    }
}
