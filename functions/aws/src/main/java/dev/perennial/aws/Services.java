package dev.perennial.aws;

import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.store.ArtifactStore;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What a step may use. Region, credentials and endpoints come from the environment, as Lambda sets
 * it.
 */
public record Services(ArtifactStore artifacts, ModelRegistry registry) {
    /**
     * @param environment the function's variables
     * @throws IllegalStateException if BUCKET or TABLE is missing
     */
    public static Services of(java.util.Map<String, String> environment) {
        S3Client s3 =
                S3Client.builder().httpClientBuilder(UrlConnectionHttpClient.builder()).build();
        DynamoDbClient dynamo =
                DynamoDbClient.builder()
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .build();
        return new Services(
                new S3ArtifactStore(s3, required(environment, "BUCKET")),
                new DynamoDbModelRegistry(dynamo, required(environment, "TABLE")));
    }

    /**
     * A variable that has to be there.
     *
     * @throws IllegalStateException if it is not
     */
    public static String required(java.util.Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalStateException(
                    "environment variable %s is not set; see template.yaml".formatted(name));
        }
        return value;
    }
}
