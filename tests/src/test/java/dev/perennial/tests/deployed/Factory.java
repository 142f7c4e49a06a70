package dev.perennial.tests.deployed;

import dev.perennial.aws.DynamoDbModelRegistry;
import dev.perennial.aws.S3ArtifactStore;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.store.ArtifactStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;

/**
 * A factory that is deployed somewhere, by AWS's own APIs alone: all that its users have.
 *
 * @param pipeline whose stack it is
 * @param stateMachine ARN of its alias
 * @param functions physical names by logical id
 */
record Factory(
        String pipeline,
        String bucket,
        String table,
        String stateMachine,
        Map<String, String> functions,
        S3Client s3,
        DynamoDbClient dynamoDb,
        SfnClient stepFunctions,
        LambdaClient lambda,
        Closeable below)
        implements AutoCloseable {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    ArtifactStore artifacts() {
        return new S3ArtifactStore(s3, bucket);
    }

    ModelRegistry registry() {
        return new DynamoDbModelRegistry(dynamoDb, table);
    }

    String start(String name, String input) {
        return stepFunctions
                .startExecution(
                        start -> start.stateMachineArn(stateMachine).name(name).input(input))
                .executionArn();
    }

    /** The ARN that an execution of this name has. */
    String execution(String name) {
        return stateMachine.replaceFirst(":stateMachine:([^:]+).*", ":execution:$1:") + name;
    }

    /**
     * An execution when it has ended.
     *
     * @throws IllegalStateException if it hasn't within the time
     */
    DescribeExecutionResponse await(String executionArn, Duration atMost) {
        Instant until = Instant.now().plus(atMost);
        while (Instant.now().isBefore(until)) {
            DescribeExecutionResponse seen =
                    stepFunctions.describeExecution(of -> of.executionArn(executionArn));
            if (seen.status() != ExecutionStatus.RUNNING) {
                return seen;
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        throw new IllegalStateException(executionArn + " still runs after " + atMost);
    }

    /** What a function answers to an event, by its alias. */
    InvokeResponse invoke(String function, String event) {
        return lambda.invoke(call ->
                call.functionName(functions.get(function))
                        .qualifier("live")
                        .payload(SdkBytes.fromString(event, StandardCharsets.UTF_8)));
    }

    @Override
    public void close() throws IOException {
        s3.close();
        dynamoDb.close();
        stepFunctions.close();
        lambda.close();
        below.close();
    }
}
