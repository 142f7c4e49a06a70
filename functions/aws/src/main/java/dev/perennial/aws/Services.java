package dev.perennial.aws;

import dev.perennial.core.feature.Inbox;
import dev.perennial.core.feature.OnlineStore;
import dev.perennial.core.live.LiveLog;
import dev.perennial.core.live.LiveQueue;
import dev.perennial.core.promotion.Answers;
import dev.perennial.core.promotion.Questions;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import dev.perennial.core.store.StateStore;
import dev.perennial.core.trigger.DecisionLog;
import dev.perennial.core.trigger.RunStarter;
import java.time.Duration;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * What a step may use. Region, credentials and endpoints come from the environment, as Lambda sets
 * it. Nothing calls through the JDK's HttpURLConnection: before each POST over a kept connection it
 * reads for a millisecond whether the server has closed it, and its PUTs fail now and then.
 */
public record Services(
        ArtifactStore artifacts,
        ModelRegistry registry,
        LiveLog live,
        StateStore monitor,
        StateStore probes,
        DecisionLog decisions,
        Questions questions) {
    /** An answer takes milliseconds. The SDK's own limits would outlast a caller's time-out. */
    private static final Duration TABLE_ATTEMPT = Duration.ofSeconds(3);

    private static final Duration TABLE_CALL = Duration.ofSeconds(10);
    private static final Duration QUEUE_ATTEMPT = Duration.ofMillis(700);
    private static final Duration QUEUE_CALL = Duration.ofMillis(1_500);

    /**
     * @param environment the function's variables
     * @throws IllegalStateException if BUCKET or TABLE is missing
     */
    public static Services of(java.util.Map<String, String> environment) {
        return of(s3(), dynamoDb(), environment);
    }

    /**
     * Uses services of their own and closes their connections.
     *
     * @param environment the function's variables
     * @throws IllegalStateException if BUCKET or TABLE is missing
     */
    public static void briefly(java.util.Map<String, String> environment, Consumer<Services> use) {
        try (S3Client s3 = s3();
                DynamoDbClient dynamo = dynamoDb()) {
            use.accept(of(s3, dynamo, environment));
        }
    }

    /**
     * Reads the spec and asks for the champion, as {@link FunctionApplication#prime} may.
     *
     * @param environment the function's variables
     */
    public static void touch(java.util.Map<String, String> environment) {
        String pipeline = required(environment, "PIPELINE");
        briefly(
                environment,
                services -> {
                    services.artifacts().current(Keys.spec(pipeline));
                    services.registry().alias(pipeline, Alias.CHAMPION);
                });
    }

    private static S3Client s3() {
        return S3Client.builder().httpClientBuilder(ApacheHttpClient.builder()).build();
    }

    private static DynamoDbClient dynamoDb() {
        return DynamoDbClient.builder()
                .httpClientBuilder(ApacheHttpClient.builder())
                .overrideConfiguration(limits ->
                        limits.apiCallAttemptTimeout(TABLE_ATTEMPT).apiCallTimeout(TABLE_CALL))
                .build();
    }

    private static Services of(
            S3Client s3, DynamoDbClient dynamo, java.util.Map<String, String> environment) {
        return new Services(
                new S3ArtifactStore(s3, required(environment, "BUCKET")),
                new DynamoDbModelRegistry(dynamo, required(environment, "TABLE")),
                new DynamoDbLiveLog(dynamo, required(environment, "TABLE")),
                new DynamoDbStateStore(
                        dynamo, required(environment, "TABLE"), DynamoDbStateStore.Owner.MONITOR),
                new DynamoDbStateStore(
                        dynamo, required(environment, "TABLE"), DynamoDbStateStore.Owner.PROBES),
                new DynamoDbDecisionLog(dynamo, required(environment, "TABLE")),
                new DynamoDbQuestions(dynamo, required(environment, "TABLE")));
    }

    /**
     * The state machine's executions.
     *
     * @throws IllegalStateException if STATE_MACHINE_ARN is missing
     */
    public static RunStarter runs(java.util.Map<String, String> environment) {
        return new StepFunctionsRuns(stepFunctions(), required(environment, "STATE_MACHINE_ARN"));
    }

    /** Runs that wait for an answer. */
    public static Answers answers() {
        return new StepFunctionsAnswers(stepFunctions());
    }

    private static SfnClient stepFunctions() {
        return SfnClient.builder().httpClientBuilder(ApacheHttpClient.builder()).build();
    }

    /**
     * The capture queue. A caller waits while it is asked, so it is given up on soon.
     *
     * @throws IllegalStateException if QUEUE_URL is missing
     */
    public static LiveQueue queue(java.util.Map<String, String> environment) {
        SqsClient sqs = hasty(SqsClient.builder());
        return new SqsLiveQueue(sqs, required(environment, "QUEUE_URL"));
    }

    /** A client that gives up before who waits for it does. */
    private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C hasty(
            B builder) {
        return builder.httpClientBuilder(
                        ApacheHttpClient.builder()
                                .connectionTimeout(QUEUE_ATTEMPT)
                                .socketTimeout(QUEUE_ATTEMPT))
                .overrideConfiguration(limits ->
                        limits.apiCallAttemptTimeout(QUEUE_ATTEMPT).apiCallTimeout(QUEUE_CALL))
                .build();
    }

    /**
     * The bucket for somebody who waits: for small objects, given up on as soon as the queue.
     *
     * @throws IllegalStateException if BUCKET is missing
     */
    public static ArtifactStore spare(java.util.Map<String, String> environment) {
        S3Client s3 = hasty(S3Client.builder());
        return new S3ArtifactStore(s3, required(environment, "BUCKET"));
    }

    /**
     * The newest row of each entity.
     *
     * @throws IllegalStateException if FEATURES is missing
     */
    public static OnlineStore features(java.util.Map<String, String> environment) {
        return new DynamoDbOnlineStore(dynamoDb(), required(environment, "FEATURES"));
    }

    /**
     * The same for somebody who waits: given up on as soon as the queue.
     *
     * @throws IllegalStateException if FEATURES is missing
     */
    public static OnlineStore featuresForCallers(java.util.Map<String, String> environment) {
        DynamoDbClient dynamo = hasty(DynamoDbClient.builder());
        return new DynamoDbOnlineStore(dynamo, required(environment, "FEATURES"));
    }

    /**
     * Where files arrive.
     *
     * @throws IllegalStateException if BUCKET is missing
     */
    public static Inbox inbox(java.util.Map<String, String> environment) {
        return new S3Inbox(s3(), required(environment, "BUCKET"));
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
