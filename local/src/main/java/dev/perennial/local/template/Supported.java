package dev.perennial.local.template;

import java.util.Map;
import java.util.Set;

/**
 * What the local cloud does with a resource type. Any property in neither set is refused.
 *
 * @param used properties that have their effect here
 * @param ignored properties without effect here, with the reason
 * @param reason why the type as a whole has no effect; "" where it has
 */
record Supported(Set<String> used, Map<String, String> ignored, String reason) {
    private static final String IAM = "permissions are not enforced here";
    private static final String AT_REST = "files on this machine are not encrypted";
    private static final String BACKUP = "there are no backups here";
    private static final String TRACE = "there is no X-Ray here";

    static final Map<String, Supported> TYPES =
            Map.of(
                    "AWS::Serverless::Function",
                    new Supported(
                            Set.of(
                                    "CodeUri",
                                    "Handler",
                                    "MemorySize",
                                    "Timeout",
                                    "Environment",
                                    "EphemeralStorage",
                                    "Runtime"),
                            Map.of(
                                    "Policies", IAM,
                                    "Architectures",
                                            "the zip of this machine's architecture is taken",
                                    "Description", "only words",
                                    "Tracing", TRACE,
                                    "SnapStart", "workers are kept warm instead",
                                    "AutoPublishAlias", "there are no versions here",
                                    "Tags", "only words"),
                            ""),
                    "AWS::Serverless::StateMachine",
                    new Supported(
                            Set.of("DefinitionUri", "DefinitionSubstitutions", "Type"),
                            Map.of(
                                    "Policies",
                                    IAM,
                                    "Tracing",
                                    TRACE,
                                    "Logging",
                                    "the console shows each step",
                                    "Tags",
                                    "only words"),
                            ""),
                    "AWS::DynamoDB::Table",
                    new Supported(
                            Set.of("AttributeDefinitions", "KeySchema"),
                            Map.of(
                                    "BillingMode", "nothing is billed here",
                                    "PointInTimeRecoverySpecification", BACKUP,
                                    "SSESpecification", AT_REST,
                                    "DeletionProtectionEnabled",
                                            "the folder may be deleted at any time",
                                    "Tags", "only words"),
                            ""),
                    "AWS::S3::Bucket",
                    new Supported(
                            Set.of(),
                            Map.of(
                                    "VersioningConfiguration", BACKUP,
                                    "BucketEncryption", AT_REST,
                                    "PublicAccessBlockConfiguration",
                                            "the server listens on loopback only",
                                    "LifecycleConfiguration", "nothing expires here",
                                    "Tags", "only words"),
                            ""),
                    "AWS::SNS::Topic",
                    new Supported(
                            Set.of(), Map.of("KmsMasterKeyId", AT_REST, "Tags", "only words"), ""));
}
