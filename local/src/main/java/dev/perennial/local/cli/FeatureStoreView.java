package dev.perennial.local.cli;

import dev.perennial.aws.DynamoDbOnlineStore;
import dev.perennial.aws.S3ArtifactStore;
import dev.perennial.core.feature.OnlineStore;
import dev.perennial.core.run.FailureCause;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.local.Home;
import dev.perennial.local.HomeInUseException;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.RunningCloud;
import dev.perennial.local.aws.Clients;
import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.lambda.InvokeApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The store and the functions for a command: of the cloud that is up, if one is. */
record FeatureStoreView(ArtifactStore artifacts, OnlineStore online, Functions functions) {
    /** A function's own limit, and its start. */
    private static final Duration LONGEST = Duration.ofMinutes(16);

    /** Runs functions of the stack. */
    @FunctionalInterface
    interface Functions {
        /**
         * Runs one.
         *
         * @throws FunctionFailedException if it fails
         */
        byte[] invoke(String function, byte[] event) throws IOException, InterruptedException;
    }

    /** What a command does with it. */
    @FunctionalInterface
    interface Work {
        int with(FeatureStoreView view) throws IOException, InterruptedException;
    }

    /** Thrown when a function of the stack failed. */
    static final class FunctionFailedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FunctionFailedException(String message) {
            super(message);
        }
    }

    static int with(Main main, String pipeline, Work work) throws Exception {
        try (Home home = Home.take(main.home());
                LocalCloud cloud =
                        LocalCloud.open(
                                home,
                                Project.stack(pipeline),
                                InstantSource.system(),
                                (_, _) -> {})) {
            return work.with(
                    new FeatureStoreView(
                            cloud.artifacts(),
                            cloud.features(),
                            (function, event) -> result(cloud.invoke(function, event))));
        } catch (HomeInUseException somebody) {
            RunningCloud running = RunningCloud.of(main.home()).orElseThrow(() -> somebody);
            try (DynamoDbClient dynamoDb =
                            Clients.dynamoDb(running.dynamoDb(), running.credentials());
                    S3Client s3 = Clients.s3(running.s3(), running.credentials())) {
                return work.with(
                        new FeatureStoreView(
                                new S3ArtifactStore(s3, running.bucket()),
                                new DynamoDbOnlineStore(dynamoDb, running.features()),
                                (function, event) -> posted(running, function, event)));
            }
        }
    }

    private static byte[] result(Invocation invocation) {
        return switch (invocation) {
            case Invocation.Returned returned -> returned.payload();
            case Invocation.FunctionError failed ->
                    throw new FunctionFailedException(
                            failed.errorType() + ": " + failed.errorMessage());
        };
    }

    private static byte[] posted(RunningCloud running, String function, byte[] event)
            throws IOException, InterruptedException {
        Posting answer =
                Posting.to(
                        running.invoke().resolve(InvokeApi.path(function)),
                        "application/json",
                        event,
                        LONGEST);
        if (answer.exitCode() != Main.OK) {
            throw new FunctionFailedException(FailureCause.sentence(answer.body()));
        }
        return answer.body().getBytes(StandardCharsets.UTF_8);
    }
}
