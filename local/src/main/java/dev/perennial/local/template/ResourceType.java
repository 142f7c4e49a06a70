package dev.perennial.local.template;

import static java.util.Map.entry;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the local cloud does with each resource type: the one table of what it supports. A property
 * that is in neither column is refused.
 */
enum ResourceType {
    FUNCTION(
            "AWS::Serverless::Function",
            "arn:aws:lambda:" + TemplateReader.LOCATION + ":function:",
            Set.of(
                    "CodeUri",
                    "Handler",
                    "Runtime",
                    "MemorySize",
                    "Timeout",
                    "EphemeralStorage",
                    "Environment",
                    "FunctionUrlConfig",
                    "Events",
                    "EventInvokeConfig",
                    "DeadLetterQueue",
                    "AutoPublishAlias",
                    "SnapStart",
                    "Policies"),
            Map.ofEntries(
                    entry("Architectures", "the zip of this machine's architecture is taken"),
                    entry("Description", ResourceType.WORDS),
                    entry("Tracing", ResourceType.TRACE),
                    entry("LoggingConfig", "logs are plain files here"),
                    entry(
                            "ReservedConcurrentExecutions",
                            "as many events run at once as this machine has processors"),
                    entry("AutoPublishAliasAllProperties", ResourceType.ONE_VERSION),
                    entry("Tags", ResourceType.WORDS))),
    STATE_MACHINE(
            "AWS::Serverless::StateMachine",
            "arn:aws:states:" + TemplateReader.LOCATION + ":stateMachine:",
            Set.of(
                    "Type",
                    "DefinitionUri",
                    "DefinitionSubstitutions",
                    "AutoPublishAlias",
                    "Policies"),
            Map.of(
                    "DeploymentPreference", ResourceType.ONE_VERSION,
                    "Tracing", ResourceType.TRACE,
                    "Logging", "an execution's history is kept here without it",
                    "Tags", ResourceType.WORDS)),
    TABLE(
            "AWS::DynamoDB::Table",
            "arn:aws:dynamodb:" + TemplateReader.LOCATION + ":table/",
            Set.of("AttributeDefinitions", "KeySchema"),
            Map.of(
                    "BillingMode",
                    "nothing is billed here",
                    "PointInTimeRecoverySpecification",
                    ResourceType.BACKUP,
                    "TimeToLiveSpecification",
                    "nothing expires here",
                    "SSESpecification",
                    ResourceType.AT_REST,
                    "DeletionProtectionEnabled",
                    "the folder may be deleted at any time",
                    "Tags",
                    ResourceType.WORDS)),
    BUCKET(
            "AWS::S3::Bucket",
            "arn:aws:s3:::",
            Set.of("NotificationConfiguration"),
            Map.of(
                    "VersioningConfiguration", ResourceType.BACKUP,
                    "BucketEncryption", ResourceType.AT_REST,
                    "PublicAccessBlockConfiguration", "the server listens on loopback only",
                    "OwnershipControls", ResourceType.IAM,
                    "LifecycleConfiguration", "nothing expires here",
                    "Tags", ResourceType.WORDS)),
    TOPIC(
            "AWS::SNS::Topic",
            "arn:aws:sns:" + TemplateReader.LOCATION + ":",
            Set.of(),
            Map.of("KmsMasterKeyId", ResourceType.AT_REST, "Tags", ResourceType.WORDS)),
    QUEUE(
            "AWS::SQS::Queue",
            "arn:aws:sqs:" + TemplateReader.LOCATION + ":",
            Set.of(
                    "VisibilityTimeout",
                    "MessageRetentionPeriod",
                    "ReceiveMessageWaitTimeSeconds",
                    "RedrivePolicy"),
            Map.of(
                    "SqsManagedSseEnabled", ResourceType.AT_REST,
                    "KmsMasterKeyId", ResourceType.AT_REST,
                    "KmsDataKeyReusePeriodSeconds", ResourceType.AT_REST,
                    "Tags", ResourceType.WORDS)),
    ALARM(
            "AWS::CloudWatch::Alarm",
            "arn:aws:cloudwatch:" + TemplateReader.LOCATION + ":alarm:",
            Set.of(
                    "AlarmName",
                    "AlarmDescription",
                    "Namespace",
                    "MetricName",
                    "Dimensions",
                    "Statistic",
                    "Period",
                    "EvaluationPeriods",
                    "DatapointsToAlarm",
                    "Threshold",
                    "ComparisonOperator",
                    "TreatMissingData",
                    "AlarmActions",
                    "OKActions"),
            Map.of("Tags", ResourceType.WORDS));

    private static final String IAM =
            "only the policies of functions and state machines are evaluated here";
    private static final String AT_REST = "files on this machine are not encrypted";
    private static final String BACKUP = "nothing keeps earlier versions here";
    private static final String TRACE = "there is no X-Ray here";
    private static final String ONE_VERSION =
            "what the template says when the local cloud starts is the one version here";
    private static final String WORDS = "only words";

    /** Rules that functions don't declare themselves. */
    static final String RULE = "AWS::Events::Rule";

    static final String MANAGED_POLICY = "AWS::IAM::ManagedPolicy";

    /** Whole types without effect, with the reason. */
    static final Map<String, String> IGNORED =
            Map.of(
                    RULE,
                    "how an execution ended is not announced on the event bus here; it is in its history and its record",
                    "AWS::CloudWatch::Dashboard",
                    "metrics are kept here, but nothing draws them",
                    "AWS::Logs::LogGroup",
                    "logs are plain files here",
                    "AWS::S3::BucketPolicy",
                    IAM,
                    "AWS::SNS::TopicPolicy",
                    IAM,
                    "AWS::SQS::QueuePolicy",
                    IAM,
                    "AWS::SNS::Subscription",
                    "nobody is mailed here; notifications are kept in a file",
                    "AWS::Budgets::Budget",
                    "nothing is billed here",
                    "AWS::IAM::Role",
                    IAM,
                    MANAGED_POLICY,
                    "it is evaluated where a function or state machine refers to it");

    private final String type;
    private final String arnPrefix;
    private final Set<String> used;
    private final Map<String, String> ignored;

    ResourceType(String type, String arnPrefix, Set<String> used, Map<String, String> ignored) {
        this.type = type;
        this.arnPrefix = arnPrefix;
        this.used = used;
        this.ignored = ignored;
    }

    static Optional<ResourceType> of(String type) {
        return Arrays.stream(values()).filter(each -> each.type.equals(type)).findFirst();
    }

    String type() {
        return type;
    }

    String arnPrefix() {
        return arnPrefix;
    }

    /** Properties that have their effect here. */
    Set<String> used() {
        return used;
    }

    /** Properties that are accepted without effect, with the reason. */
    Map<String, String> ignored() {
        return ignored;
    }
}
