package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.aws.S3ArtifactStore;
import dev.perennial.core.json.Json;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.ArtifactStoreContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;
import software.amazon.awssdk.services.sfn.model.StateEnteredEventDetails;
import tools.jackson.databind.JsonNode;

/**
 * What LocalStack's own implementations of S3 and Step Functions make of the artifact store and the
 * factory's state machine. Its DynamoDB is the one that the local cloud embeds. Skipped where no
 * Docker runs; another image by {@code -Dperennial.localstack=…}.
 */
@Testcontainers(disabledWithoutDocker = true)
class LocalStackIT {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));
    private static final String MACHINE = "Training";
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private static final JsonNode CASES = cases();

    @Container
    private static final LocalStackContainer LOCALSTACK =
            new LocalStackContainer(
                            DockerImageName.parse(System.getProperty("perennial.localstack"))
                                    .asCompatibleSubstituteFor("localstack/localstack"))
                    .withServices("s3", "stepfunctions")
                    .withEnv("SFN_MOCK_CONFIG", "/tmp/mocks.json")
                    .withCopyToContainer(Transferable.of(mocks()), "/tmp/mocks.json");

    private static StaticCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create(LOCALSTACK.getAccessKey(), LOCALSTACK.getSecretKey()));
    }

    private static JsonNode cases() {
        try {
            return Json.tree(
                    "cases",
                    Files.readAllBytes(
                            ROOT.resolve("local/src/test/resources/states/training-cases.json")));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The two good ways, and of each task an error that is followed by few attempts or none. */
    static Stream<String> names() {
        return CASES.path("cases").propertyNames().stream()
                .filter(name -> !name.contains(":") || name.endsWith(": Boom for good"));
    }

    private static Map<String, String> numbers() {
        Map<String, String> numbers = new LinkedHashMap<>();
        CASES.path("responses")
                .propertyNames()
                .forEach(name -> numbers.put(name, "answer" + numbers.size()));
        return numbers;
    }

    private static byte[] mocks() {
        Map<String, String> numbers = numbers();
        Map<String, Object> answers = new LinkedHashMap<>();
        CASES.path("responses")
                .properties()
                .forEach(each -> answers.put(numbers.get(each.getKey()), each.getValue()));
        Map<String, Object> tests = new LinkedHashMap<>();
        CASES.path("cases")
                .properties()
                .forEach(each -> {
                    Map<String, String> tasks = new LinkedHashMap<>();
                    each.getValue()
                            .path("tasks")
                            .properties()
                            .forEach(task ->
                                    tasks.put(
                                            task.getKey(),
                                            numbers.get(task.getValue().asString())));
                    tests.put(test(each.getKey()), tasks);
                });
        return Json.write(
                Map.of(
                        "StateMachines",
                        Map.of(MACHINE, Map.of("TestCases", tests)),
                        "MockedResponses",
                        answers));
    }

    private static String test(String name) {
        return name.replaceAll("[^A-Za-z]", "");
    }

    @Nested
    class Store extends ArtifactStoreContract {
        private final S3Client s3 =
                S3Client.builder()
                        .endpointOverride(LOCALSTACK.getEndpoint())
                        .forcePathStyle(true)
                        .region(Region.of(LOCALSTACK.getRegion()))
                        .credentialsProvider(credentials())
                        .httpClientBuilder(ApacheHttpClient.builder())
                        .build();
        private final String bucket = "bucket-" + UUID.randomUUID();

        @Override
        protected ArtifactStore newStore() {
            s3.createBucket(create -> create.bucket(bucket));
            return new S3ArtifactStore(s3, bucket);
        }

        @Override
        protected void overwriteBehindItsBack(String key, byte[] bytes) {
            s3.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(bytes));
        }

        @Override
        protected void deleteBehindItsBack(String key) {
            s3.deleteObject(delete -> delete.bucket(bucket).key(key));
        }
    }

    /** The definition as it is, with functions that answer from a script. */
    @Nested
    class StateMachine {
        private static SfnClient client;
        private static final Map<String, String> executions = new LinkedHashMap<>();
        private static List<String> states;

        @BeforeAll
        static void create() throws Exception {
            client =
                    SfnClient.builder()
                            .endpointOverride(LOCALSTACK.getEndpoint())
                            .region(Region.of(LOCALSTACK.getRegion()))
                            .credentialsProvider(credentials())
                            .httpClientBuilder(ApacheHttpClient.builder())
                            .build();
            String definition =
                    Files.readString(ROOT.resolve("statemachine/training.asl.json"))
                            .replaceAll(
                                    "\\$\\{(\\w+Arn)}",
                                    "arn:aws:lambda:us-east-1:000000000000:function:$1")
                            .replaceAll("\\$\\{(\\w+)}", "$1");
            states =
                    List.copyOf(
                            Json.tree("definition", definition.getBytes(StandardCharsets.UTF_8))
                                    .path("States")
                                    .propertyNames());
            String machine =
                    client.createStateMachine(of ->
                                    of.name(MACHINE)
                                            .definition(definition)
                                            .roleArn("arn:aws:iam::000000000000:role/r"))
                            .stateMachineArn();
            // All at once: it really waits between attempts.
            names().forEach(name ->
                    executions.put(
                            name,
                            client.startExecution(of ->
                                            of.stateMachineArn(machine + "#" + test(name))
                                                    .input("{}"))
                                    .executionArn()));
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource("dev.perennial.tests.LocalStackIT#names")
        void takesTheSameWay(String name) {
            JsonNode wanted = CASES.path("cases").path(name);
            String execution = executions.get(name);
            DescribeExecutionResponse ended =
                    client.describeExecution(of -> of.executionArn(execution));
            for (int i = 0; i < 600 && ended.status() == ExecutionStatus.RUNNING; i++) {
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
                ended = client.describeExecution(of -> of.executionArn(execution));
            }

            List<String> path =
                    client
                            .getExecutionHistoryPaginator(of -> of.executionArn(execution))
                            .events()
                            .stream()
                            .map(HistoryEvent::stateEnteredEventDetails)
                            .filter(Objects::nonNull)
                            .map(StateEnteredEventDetails::name)
                            .filter(states::contains)
                            .toList();
            assertEquals(wanted.path("status").asString(), ended.statusAsString(), ended::toString);
            assertEquals(wanted.path("path").valueStream().map(JsonNode::asString).toList(), path);
        }
    }
}
