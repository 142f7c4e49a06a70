package dev.perennial.local.doctor;

import dev.perennial.aws.DynamoDbModelRegistry;
import dev.perennial.aws.S3ArtifactStore;
import dev.perennial.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.StackResourceSummary;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.scheduler.model.ScheduleState;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * What a deployed stack says of itself, in the account, region and endpoint that the environment
 * names. Each service is asked on its own, so that one which refuses hides nothing of the others.
 */
public final class StackChecks {
    private static final String LIVE = "live";
    private static final Set<String> ASKED = Set.of("PredictFunction", "FeedbackFunction");

    /** How a direct invocation's error begins: with the status that a caller would get. */
    private static final String REFUSED = "400 ";

    private static final String UNAVAILABLE = "503 ";

    private final String name;
    private final Instant now;
    private final List<Finding> findings = new ArrayList<>();

    private record Resource(String id, String type, String physical) {}

    /**
     * @param name of the stack
     */
    public StackChecks(String name, Instant now) {
        this.name = name;
        this.now = now;
    }

    /** Looks at everything; what can't be asked is a finding too. */
    public List<Finding> findings() {
        try (CloudFormationClient formation = client(CloudFormationClient.builder())) {
            var stack = formation.describeStacks(of -> of.stackName(name)).stacks().getFirst();
            String status = stack.stackStatusAsString();
            findings.add(
                    status.endsWith("_COMPLETE") && !status.contains("ROLLBACK")
                            ? Finding.fine("the stack %s is %s".formatted(name, status))
                            : Finding.broken(
                                    "the stack %s is %s".formatted(name, status),
                                    "its events in CloudFormation say why; deploy again"));
            Map<String, String> outputs =
                    stack.outputs().stream()
                            .collect(Collectors.toMap(Output::outputKey, Output::outputValue));
            Map<String, String> parameters =
                    stack.parameters().stream()
                            .collect(
                                    Collectors.toMap(
                                            Parameter::parameterKey, Parameter::parameterValue));
            List<Resource> resources =
                    formation
                            .listStackResourcesPaginator(of -> of.stackName(name))
                            .stackResourceSummaries()
                            .stream()
                            .map(StackChecks::resource)
                            .toList();
            ask("Lambda", () -> functions(resources));
            ask("Lambda", () -> answers(resources));
            ask("Step Functions", () -> stateMachine(outputs.getOrDefault("StateMachine", "")));
            ask("EventBridge Scheduler", () -> schedules(resources));
            ask("SQS", () -> queues(resources));
            ask("CloudWatch", () -> alarms(resources));
            ask(
                    "S3 and DynamoDB",
                    () ->
                            pipeline(
                                    outputs.getOrDefault("Bucket", ""),
                                    outputs.getOrDefault("Table", ""),
                                    parameters.getOrDefault("Pipeline", "")));
        } catch (AwsServiceException refused) {
            findings.add(
                    Finding.broken(
                            "CloudFormation says: " + refused.getMessage(),
                            "check the stack's name, AWS_PROFILE and AWS_REGION"));
        }
        return List.copyOf(findings);
    }

    private static Resource resource(StackResourceSummary summary) {
        return new Resource(
                summary.logicalResourceId(), summary.resourceType(), summary.physicalResourceId());
    }

    private void ask(String service, Supplier<List<Finding>> question) {
        try {
            findings.addAll(question.get());
        } catch (AwsServiceException refused) {
            findings.add(
                    Finding.broken(
                            "%s says: %s".formatted(service, refused.getMessage()),
                            refused.statusCode() >= 500
                                    ? "try again; the service itself is in trouble"
                                    : "what you may not see can't be checked; ask for read permissions"));
        }
    }

    private static List<Resource> ofType(List<Resource> resources, String type) {
        return resources.stream().filter(each -> each.type().equals(type)).toList();
    }

    /**
     * Whether predict and feedback may do what they do: each is given a request without rows, which
     * it refuses, after it has read the champion or the spec.
     */
    private static List<Finding> answers(List<Resource> resources) {
        List<Finding> found = new ArrayList<>();
        try (LambdaClient lambda = client(LambdaClient.builder())) {
            for (Resource function : ofType(resources, "AWS::Lambda::Function")) {
                if (ASKED.contains(function.id())) {
                    String answer =
                            lambda.invoke(of ->
                                            of.functionName(function.physical())
                                                    .qualifier(LIVE)
                                                    .payload(SdkBytes.fromUtf8String("{}")))
                                    .payload()
                                    .asUtf8String();
                    found.add(answered(function.id(), answer));
                }
            }
        }
        return found;
    }

    private static Finding answered(String function, String answer) {
        String said =
                Json.tree(function, answer.getBytes(StandardCharsets.UTF_8))
                        .path("errorMessage")
                        .asString("");
        if (said.startsWith(REFUSED)) {
            return Finding.fine(function + " answers, and may read what it needs");
        }
        if (said.startsWith(UNAVAILABLE)) {
            return Finding.note(
                    function + " answers that it has no model yet", "start a first run");
        }
        return Finding.broken(
                "%s says: %s".formatted(function, answer), "its log says more; docs/runbook.md");
    }

    /** The alias's version is ready; the queue's messages are polled. */
    private static List<Finding> functions(List<Resource> resources) {
        List<Finding> found = new ArrayList<>();
        List<Resource> functions = ofType(resources, "AWS::Lambda::Function");
        try (LambdaClient lambda = client(LambdaClient.builder())) {
            for (Resource function : functions) {
                GetFunctionConfigurationResponse version =
                        lambda.getFunctionConfiguration(
                                of -> of.functionName(function.physical()).qualifier(LIVE));
                String state = String.valueOf(version.stateAsString());
                String what =
                        "%s, version %s, is %s: %s"
                                .formatted(
                                        function.id(),
                                        version.version(),
                                        state,
                                        version.stateReason());
                if (state.equals("Inactive")) {
                    found.add(
                            Finding.note(
                                    what,
                                    "nothing called it for two weeks; it refuses calls for some minutes after the next one"));
                } else if (!state.equals("Active")) {
                    found.add(Finding.broken(what, "wait if it is Pending; else deploy again"));
                }
            }
            for (var source :
                    lambda.listEventSourceMappingsPaginator(of -> {}).eventSourceMappings()) {
                boolean ours =
                        functions.stream()
                                .anyMatch(each ->
                                        source.functionArn()
                                                .contains(":function:" + each.physical()));
                if (ours && !"Enabled".equals(source.state())) {
                    found.add(
                            Finding.broken(
                                    "the queue that %s reads is %s"
                                            .formatted(source.functionArn(), source.state()),
                                    "enable the event source mapping, or deploy again"));
                }
            }
        }
        if (found.isEmpty()) {
            found.add(
                    Finding.fine(
                            "%d functions are ready under their alias"
                                    .formatted(functions.size())));
        }
        return found;
    }

    private static List<Finding> stateMachine(String alias) {
        try (SfnClient stepFunctions = client(SfnClient.builder())) {
            var routes =
                    stepFunctions
                            .describeStateMachineAlias(of -> of.stateMachineAliasArn(alias))
                            .routingConfiguration();
            String shown =
                    routes.stream()
                            .map(each ->
                                    "version %s (%d %%)"
                                            .formatted(
                                                    each.stateMachineVersionArn()
                                                            .replaceFirst(".*:", ""),
                                                    each.weight()))
                            .collect(Collectors.joining(" and "));
            return List.of(
                    routes.size() == 1
                            ? Finding.fine("runs begin with the state machine's " + shown)
                            : Finding.note(
                                    "a release is on its way: runs begin with " + shown,
                                    "nothing; a failed run takes it back"));
        }
    }

    private static List<Finding> schedules(List<Resource> resources) {
        List<Finding> found = new ArrayList<>();
        try (SchedulerClient scheduler = client(SchedulerClient.builder())) {
            for (Resource schedule : ofType(resources, "AWS::Scheduler::Schedule")) {
                var told = scheduler.getSchedule(of -> of.name(schedule.physical()));
                String what =
                        "%s: %s in %s to %s"
                                .formatted(
                                        schedule.id(),
                                        told.scheduleExpression(),
                                        told.scheduleExpressionTimezone(),
                                        told.target().arn().replaceFirst(".*:function:", ""));
                boolean live = told.target().arn().endsWith(":" + LIVE);
                found.add(
                        told.state() == ScheduleState.DISABLED
                                ? Finding.broken(
                                        what + " is disabled", "enable it, or deploy again")
                                : live
                                        ? Finding.fine(what)
                                        : Finding.broken(
                                                what + " calls no published version",
                                                "deploy again"));
            }
        }
        return found;
    }

    private static List<Finding> queues(List<Resource> resources) {
        List<Finding> found = new ArrayList<>();
        try (SqsClient sqs = client(SqsClient.builder())) {
            for (Resource queue : ofType(resources, "AWS::SQS::Queue")) {
                String waiting =
                        sqs.getQueueAttributes(of ->
                                        of.queueUrl(queue.physical())
                                                .attributeNames(
                                                        QueueAttributeName
                                                                .APPROXIMATE_NUMBER_OF_MESSAGES))
                                .attributes()
                                .getOrDefault(
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "0");
                boolean given = queue.id().contains("DeadLetter") && !waiting.equals("0");
                String what = "%s has %s messages".formatted(queue.id(), waiting);
                found.add(
                        given
                                ? Finding.broken(what, "docs/runbook.md, DeadLetterAlarm")
                                : Finding.fine(what));
            }
        }
        return found;
    }

    private static List<Finding> alarms(List<Resource> resources) {
        List<String> names =
                ofType(resources, "AWS::CloudWatch::Alarm").stream()
                        .map(Resource::physical)
                        .toList();
        try (CloudWatchClient cloudWatch = client(CloudWatchClient.builder())) {
            List<MetricAlarm> alarms =
                    cloudWatch.describeAlarms(of -> of.alarmNames(names)).metricAlarms();
            List<Finding> found = new ArrayList<>();
            for (MetricAlarm alarm : alarms) {
                if (alarm.stateValue() == StateValue.ALARM) {
                    found.add(
                            Finding.note(
                                    "%s is in alarm: %s"
                                            .formatted(alarm.alarmName(), alarm.stateReason()),
                                    "docs/runbook.md"));
                }
                if (Boolean.FALSE.equals(alarm.actionsEnabled())) {
                    found.add(
                            Finding.broken(
                                    alarm.alarmName() + " tells nobody: its actions are disabled",
                                    "enable them"));
                }
            }
            if (alarms.size() != names.size()) {
                found.add(
                        Finding.broken(
                                "%d of %d alarms are there".formatted(alarms.size(), names.size()),
                                "deploy again"));
            }
            if (found.isEmpty()) {
                found.add(Finding.fine("none of %d alarms rings".formatted(alarms.size())));
            }
            return found;
        }
    }

    private List<Finding> pipeline(String bucket, String table, String pipeline) {
        try (S3Client s3 = client(S3Client.builder().forcePathStyle(true));
                DynamoDbClient dynamoDb = client(DynamoDbClient.builder())) {
            return new PipelineChecks(
                            new S3ArtifactStore(s3, bucket),
                            new DynamoDbModelRegistry(dynamoDb, table),
                            pipeline,
                            now)
                    .findings();
        }
    }

    private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
            B builder) {
        return builder.httpClientBuilder(ApacheHttpClient.builder()).build();
    }
}
