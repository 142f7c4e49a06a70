package dev.perennial.local.aws;

import dev.perennial.local.permission.Credentials;
import dev.perennial.local.template.TemplateReader;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** AWS's own clients, pointed to the servers of the local cloud. */
public final class Clients {
    private Clients() {}

    public static DynamoDbClient dynamoDb(URI endpoint, Credentials credentials) {
        return build(DynamoDbClient.builder(), endpoint, credentials);
    }

    public static S3Client s3(URI endpoint, Credentials credentials) {
        return build(S3Client.builder().forcePathStyle(true), endpoint, credentials);
    }

    public static SqsClient sqs(URI endpoint, Credentials credentials) {
        return build(SqsClient.builder(), endpoint, credentials);
    }

    public static SfnClient stepFunctions(URI endpoint, Credentials credentials) {
        return build(SfnClient.builder(), endpoint, credentials);
    }

    public static EventBridgeClient eventBridge(URI endpoint, Credentials credentials) {
        return build(EventBridgeClient.builder(), endpoint, credentials);
    }

    public static LambdaClient lambda(URI endpoint, Credentials credentials) {
        return build(LambdaClient.builder(), endpoint, credentials);
    }

    private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(
            B builder, URI endpoint, Credentials credentials) {
        return builder.endpointOverride(endpoint)
                .region(Region.of(TemplateReader.REGION))
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(
                                        credentials.accessKey(), credentials.secretKey())))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }
}
