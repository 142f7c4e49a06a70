package dev.perennial.tests.deployed;

import dev.perennial.local.Home;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.RunningCloud;
import dev.perennial.local.aws.Clients;
import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.Stack;
import dev.perennial.local.template.TemplateReader;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.StackResourceSummary;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;

/** Where the integration tests find a factory: {@code scripts/test --target}. */
final class Targets {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));

    /** Name of the stack that is deployed; without it the local cloud is asked. */
    static final String STACK = "perennial.stack";

    private Targets() {}

    static boolean isLocal() {
        return System.getProperty(STACK, "").isEmpty();
    }

    /**
     * The factory that is to be tested.
     *
     * @param pipeline of the tests; what is deployed has to be of that one, since all that is in it
     *     will be deleted
     * @param folder for the local cloud
     */
    static Factory open(String pipeline, Path folder) {
        return isLocal() ? local(pipeline, folder) : deployed(System.getProperty(STACK), pipeline);
    }

    private static Factory local(String pipeline, Path folder) {
        Stack stack =
                TemplateReader.read(ROOT.resolve("template.yaml"), Map.of("Pipeline", pipeline));
        Home home = Home.take(folder);
        LocalCloud cloud = LocalCloud.open(home, stack, InstantSource.system(), (_, _) -> {});
        RunningCloud running = cloud.up(pipeline, 0);
        return new Factory(
                pipeline,
                running.bucket(),
                running.table(),
                stack.stateMachines().getFirst().qualifiedArns().getLast(),
                stack.functions().stream()
                        .collect(
                                Collectors.toMap(
                                        FunctionResource::logicalId, FunctionResource::name)),
                Clients.s3(running.s3(), running.credentials()),
                Clients.dynamoDb(running.dynamoDb(), running.credentials()),
                Clients.stepFunctions(running.stepFunctions(), running.credentials()),
                Clients.lambda(running.invoke(), running.credentials()),
                () -> {
                    cloud.close();
                    home.close();
                });
    }

    /**
     * A stack of the account, region and endpoint that the environment names (AWS_PROFILE,
     * AWS_REGION, AWS_ENDPOINT_URL …).
     */
    private static Factory deployed(String name, String pipeline) {
        ApacheHttpClient.Builder http = ApacheHttpClient.builder();
        try (CloudFormationClient formation =
                CloudFormationClient.builder().httpClientBuilder(http).build()) {
            var stack = formation.describeStacks(of -> of.stackName(name)).stacks().getFirst();
            Map<String, String> parameters =
                    stack.parameters().stream()
                            .collect(
                                    Collectors.toMap(
                                            Parameter::parameterKey, Parameter::parameterValue));
            if (!pipeline.equals(parameters.get("Pipeline"))) {
                throw new IllegalStateException(
                        "%s is the stack of %s; these tests delete all that is in a stack, so they only run on one whose Pipeline is %s"
                                .formatted(name, parameters.get("Pipeline"), pipeline));
            }
            Map<String, String> outputs =
                    stack.outputs().stream()
                            .collect(Collectors.toMap(Output::outputKey, Output::outputValue));
            Map<String, String> functions =
                    formation
                            .listStackResourcesPaginator(of -> of.stackName(name))
                            .stackResourceSummaries()
                            .stream()
                            .filter(each -> each.resourceType().equals("AWS::Lambda::Function"))
                            .collect(
                                    Collectors.toMap(
                                            StackResourceSummary::logicalResourceId,
                                            StackResourceSummary::physicalResourceId));
            return new Factory(
                    pipeline,
                    outputs.get("Bucket"),
                    outputs.get("Table"),
                    outputs.get("StateMachine"),
                    functions,
                    S3Client.builder().forcePathStyle(true).httpClientBuilder(http).build(),
                    DynamoDbClient.builder().httpClientBuilder(http).build(),
                    SfnClient.builder().httpClientBuilder(http).build(),
                    LambdaClient.builder()
                            .httpClientBuilder(
                                    ApacheHttpClient.builder()
                                            .socketTimeout(java.time.Duration.ofMinutes(2)))
                            .build(),
                    () -> {});
        }
    }
}
