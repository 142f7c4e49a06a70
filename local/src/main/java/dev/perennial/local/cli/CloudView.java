package dev.perennial.local.cli;

import dev.perennial.aws.DynamoDbDecisionLog;
import dev.perennial.aws.DynamoDbModelRegistry;
import dev.perennial.aws.DynamoDbQuestions;
import dev.perennial.aws.S3ArtifactStore;
import dev.perennial.core.promotion.Questions;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.trigger.DecisionLog;
import dev.perennial.local.RunningCloud;
import dev.perennial.local.aws.Clients;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/** What a command sees of the cloud that is up. */
record CloudView(
        RunningCloud cloud,
        ArtifactStore artifacts,
        ModelRegistry registry,
        DecisionLog decisions,
        Questions questions) {
    /**
     * Looks.
     *
     * @throws WrongUsageException if no cloud of this home is up
     */
    static int with(Main main, Function<CloudView, Integer> work) {
        RunningCloud cloud = running(main);
        try (DynamoDbClient dynamoDb = Clients.dynamoDb(cloud.dynamoDb(), cloud.credentials());
                S3Client s3 = Clients.s3(cloud.s3(), cloud.credentials())) {
            return work.apply(
                    new CloudView(
                            cloud,
                            new S3ArtifactStore(s3, cloud.bucket()),
                            new DynamoDbModelRegistry(dynamoDb, cloud.table()),
                            new DynamoDbDecisionLog(dynamoDb, cloud.table()),
                            new DynamoDbQuestions(dynamoDb, cloud.table())));
        }
    }

    static RunningCloud running(Main main) {
        return RunningCloud.of(main.home())
                .orElseThrow(() ->
                        new WrongUsageException(
                                "no local cloud of %s is up; start one with: %s"
                                        .formatted(main.home(), main.hint("up --pipeline SPEC"))));
    }
}
