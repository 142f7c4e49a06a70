package dev.perennial.local.template;

import dev.perennial.local.permission.Statement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads an AWS SAM template as far as the local cloud can run it, and refuses the rest by name. */
public final class TemplateReader {
    public static final String REGION = "us-east-1";
    public static final String ACCOUNT = "000000000000";
    public static final String STACK = "perennial";

    static final String LOCATION = REGION + ":" + ACCOUNT;

    private static final Set<String> SECTIONS =
            Set.of(
                    "AWSTemplateFormatVersion",
                    "Transform",
                    "Description",
                    "Metadata",
                    "Parameters",
                    "Conditions",
                    "Globals",
                    "Resources",
                    "Outputs");
    private static final Set<String> RESOURCE = Set.of("Type", "Properties", "Condition");
    private static final Map<String, String> IGNORED_ATTRIBUTES =
            Map.of(
                    "DeletionPolicy", "nothing is ever deleted here",
                    "UpdateReplacePolicy", "nothing is ever replaced here",
                    "DependsOn", "everything is there before anything runs",
                    "Metadata", "only words");

    /** Read from each function itself, so in the globals they would have no effect. */
    private static final Set<String> OF_ONE_FUNCTION =
            Set.of("FunctionUrlConfig", "Events", "EventInvokeConfig", "DeadLetterQueue");

    /** Lambda sets these itself and refuses a template that does. */
    private static final Set<String> RESERVED_VARIABLES =
            Set.of(
                    "_HANDLER",
                    "_X_AMZN_TRACE_ID",
                    "AWS_DEFAULT_REGION",
                    "AWS_REGION",
                    "AWS_EXECUTION_ENV",
                    "AWS_LAMBDA_FUNCTION_NAME",
                    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                    "AWS_LAMBDA_FUNCTION_VERSION",
                    "AWS_LAMBDA_INITIALIZATION_TYPE",
                    "AWS_LAMBDA_LOG_GROUP_NAME",
                    "AWS_LAMBDA_LOG_STREAM_NAME",
                    "AWS_LAMBDA_RUNTIME_API",
                    "AWS_ACCESS_KEY",
                    "AWS_ACCESS_KEY_ID",
                    "AWS_SECRET_ACCESS_KEY",
                    "AWS_SESSION_TOKEN",
                    "LAMBDA_TASK_ROOT",
                    "LAMBDA_RUNTIME_DIR");

    /** MB that a function with SnapStart may have, by AWS Lambda's Developer Guide. */
    private static final int SNAPSHOT_EPHEMERAL = 512;

    private static final String ALIAS = "AutoPublishAlias";

    private final Path file;
    private final Problems problems;
    private final Yaml yaml;
    private final Map<String, String> types = new LinkedHashMap<>();
    private final List<String> notEnforced = new ArrayList<>();

    private TemplateReader(Path file) {
        this.file = file;
        this.problems = new Problems(file);
        this.yaml = new Yaml(problems);
    }

    /**
     * Reads.
     *
     * @param parameters go before the template's defaults
     * @throws UnsupportedTemplateException naming everything that is wrong or not supported
     * @throws UncheckedIOException if the file can't be read
     */
    public static Stack read(Path template, Map<String, String> parameters) {
        return new TemplateReader(template).read(parameters);
    }

    private Stack read(Map<String, String> overrides) {
        Node root = compose();
        Map<String, Node> sections = yaml.entries(root, "the template");
        sections.forEach((name, node) -> {
            if (!SECTIONS.contains(name)) {
                problems.unsupported(node, "the section " + name);
            }
        });
        Map<String, String> parameters =
                new Parameters(problems, yaml).read(sections.get("Parameters"), overrides);
        Conditions conditions =
                new Conditions(
                        problems,
                        yaml,
                        new Intrinsics(parameters, Map.of(), problems),
                        sections.get("Conditions"));
        Map<String, Node> resources =
                conditions.apply(yaml.entries(sections.get("Resources"), "Resources"));
        if (resources.isEmpty()) {
            problems.wrong(root, "the template declares no Resources");
        }
        resources.forEach((id, node) ->
                types.put(
                        id,
                        yaml.entries(node, id).get("Type") instanceof ScalarNode type
                                ? type.getValue()
                                : ""));
        Intrinsics intrinsics = new Intrinsics(parameters, types, problems);
        nameAlarms(resources, intrinsics);
        Map<String, Node> globals =
                globals(
                        conditions.apply(yaml.entries(sections.get("Globals"), "Globals")),
                        intrinsics);
        Map<String, String> aliases = aliases(resources, globals, intrinsics);
        Resources reader = new Resources(intrinsics, managedPolicies(resources), globals, aliases);
        resources.forEach(reader::read);
        reader.events.check();
        conditions
                .apply(yaml.entries(sections.get("Outputs"), "Outputs"))
                .forEach((name, node) ->
                        intrinsics.value(
                                yaml.entries(node, "output " + name).get("Value"),
                                node,
                                "the value of output " + name));
        problems.throwIfAny();
        return reader.stack();
    }

    private Map<String, Node> managedPolicies(Map<String, Node> resources) {
        Map<String, Node> documents = new LinkedHashMap<>();
        resources.forEach((id, node) -> {
            if (ResourceType.MANAGED_POLICY.equals(types.get(id))) {
                Node properties = yaml.entries(node, id).get("Properties");
                Node document = yaml.entries(properties, id + ".Properties").get("PolicyDocument");
                if (document != null) {
                    documents.put(id, document);
                }
            }
        });
        return documents;
    }

    private void nameAlarms(Map<String, Node> resources, Intrinsics intrinsics) {
        resources.forEach((id, node) -> {
            if (ResourceType.ALARM.type().equals(types.get(id))) {
                Node properties = yaml.entries(node, id).get("Properties");
                Node name = yaml.entries(properties, id + ".Properties").get("AlarmName");
                if (name != null) {
                    intrinsics.nameAlarm(id, intrinsics.value(name, node, id + ".AlarmName"));
                }
            }
        });
    }

    /** Under which alias each function and state machine is published, by logical id. */
    private Map<String, String> aliases(
            Map<String, Node> resources, Map<String, Node> globals, Intrinsics intrinsics) {
        Map<String, String> aliases = new LinkedHashMap<>();
        resources.forEach((id, node) -> {
            Optional<ResourceType> type = ResourceType.of(types.getOrDefault(id, ""));
            if (type.isEmpty() || !type.get().used().contains(ALIAS)) {
                return;
            }
            Node properties = yaml.entries(node, id).get("Properties");
            Node own = yaml.entries(properties, id + ".Properties").get(ALIAS);
            Node alias =
                    own == null && type.get() == ResourceType.FUNCTION ? globals.get(ALIAS) : own;
            if (alias != null) {
                String name = intrinsics.value(alias, node, id + "." + ALIAS);
                intrinsics.publish(type.get(), id, name);
                aliases.put(id, name);
            }
        });
        return aliases;
    }

    private Node compose() {
        try {
            String text = Files.readString(file);
            Optional<Node> root =
                    new Compose(LoadSettings.builder().setLabel(file.toString()).build())
                            .composeString(text);
            if (root.isPresent()) {
                return root.get();
            }
            problems.wrong(1, "the template is empty");
        } catch (MarkedYamlEngineException broken) {
            problems.wrong(
                    broken.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1),
                    "this is not YAML: " + broken.getProblem());
        } catch (YamlEngineException broken) {
            problems.wrong(1, "this is not YAML: " + broken.getMessage());
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "the template %s can't be read: %s".formatted(file, failed.getMessage()),
                    failed);
        }
        problems.throwIfAny();
        throw new IllegalStateException("a template without a root has a problem");
    }

    private Map<String, Node> globals(Map<String, Node> globals, Intrinsics intrinsics) {
        globals.forEach((name, node) -> {
            if (!name.equals("Function")) {
                problems.unsupported(node, "Globals for " + name);
            }
        });
        Map<String, Node> function = yaml.entries(globals.get("Function"), "Globals.Function");
        checkProperties("Globals.Function", function, ResourceType.FUNCTION, intrinsics);
        function.forEach((name, node) -> {
            if (OF_ONE_FUNCTION.contains(name)) {
                problems.unsupported(node, "the property %s of Globals.Function".formatted(name));
            }
        });
        return function;
    }

    private void checkProperties(
            String owner, Map<String, Node> properties, ResourceType type, Intrinsics intrinsics) {
        properties.forEach((name, node) -> {
            if (type.ignored().containsKey(name)) {
                notEnforced.add("%s.%s: %s".formatted(owner, name, type.ignored().get(name)));
                intrinsics.check(node);
            } else if (!type.used().contains(name)) {
                problems.unsupported(
                        node, "the property %s of %s (%s)".formatted(name, owner, type.type()));
            }
        });
    }

    /** The resources, one after the other. */
    private final class Resources {
        private final Intrinsics intrinsics;
        private final Map<String, Node> globals;
        private final Map<String, String> aliases;
        private final Values values;
        private final EventReader events;
        private final PolicyReader policies;
        private final Map<String, List<Statement>> statements = new LinkedHashMap<>();
        private final List<FunctionResource> functions = new ArrayList<>();
        private final List<StateMachineResource> stateMachines = new ArrayList<>();
        private final List<TableResource> tables = new ArrayList<>();
        private final List<BucketResource> buckets = new ArrayList<>();
        private final List<TopicResource> topics = new ArrayList<>();

        Resources(
                Intrinsics intrinsics,
                Map<String, Node> managedPolicies,
                Map<String, Node> globals,
                Map<String, String> aliases) {
            this.intrinsics = intrinsics;
            this.globals = globals;
            this.aliases = aliases;
            this.values = new Values(yaml, intrinsics, problems);
            this.policies =
                    new PolicyReader(file, managedPolicies, yaml, intrinsics, values, problems);
            this.events = new EventReader(yaml, intrinsics, values, problems, types, notEnforced);
        }

        Stack stack() {
            return new Stack(
                    functions,
                    stateMachines,
                    tables,
                    buckets,
                    topics,
                    events.read(),
                    statements,
                    notEnforced);
        }

        void read(String id, Node node) {
            Map<String, Node> resource = yaml.entries(node, id);
            String typeName = types.getOrDefault(id, "");
            String reason = ResourceType.IGNORED.get(typeName);
            if (reason != null) {
                if (typeName.equals(ResourceType.RULE)) {
                    checkRule(id, node, resource);
                }
                notEnforced.add("%s (%s): %s".formatted(id, typeName, reason));
                resource.values().forEach(intrinsics::check);
                return;
            }
            Optional<ResourceType> type = ResourceType.of(typeName);
            if (type.isEmpty()) {
                problems.unsupported(
                        resource.getOrDefault("Type", node),
                        "the resource type %s of %s".formatted(typeName, id));
                return;
            }
            resource.forEach((name, value) -> {
                if (IGNORED_ATTRIBUTES.containsKey(name)) {
                    notEnforced.add("%s.%s: %s".formatted(id, name, IGNORED_ATTRIBUTES.get(name)));
                } else if (!RESOURCE.contains(name)) {
                    problems.unsupported(value, "the attribute %s of %s".formatted(name, id));
                }
            });
            Map<String, Node> properties =
                    yaml.entries(resource.get("Properties"), id + ".Properties");
            checkProperties(id, properties, type.get(), intrinsics);
            if (type.get() == ResourceType.FUNCTION || type.get() == ResourceType.STATE_MACHINE) {
                statements.put(id, policies.read(id, properties.get("Policies")));
            }
            switch (type.get()) {
                case FUNCTION -> functions.add(function(id, node, properties));
                case STATE_MACHINE -> stateMachines.add(stateMachine(id, node, properties));
                case TABLE -> tables.add(table(id, node, properties));
                case BUCKET ->
                        buckets.add(
                                new BucketResource(
                                        id,
                                        announces(
                                                id, properties.get("NotificationConfiguration"))));
                case TOPIC -> topics.add(new TopicResource(id));
                case QUEUE -> events.queue(id, properties);
                case ALARM -> events.alarm(id, node, properties);
            }
        }

        private boolean announces(String id, @Nullable Node node) {
            if (node == null) {
                return false;
            }
            String what = id + ".NotificationConfiguration";
            Node bridge =
                    values.known(node, what, Set.of("EventBridgeConfiguration"))
                            .get("EventBridgeConfiguration");
            if (bridge == null) {
                return false;
            }
            String to = what + ".EventBridgeConfiguration";
            Node enabled =
                    values.known(bridge, to, Set.of("EventBridgeEnabled"))
                            .get("EventBridgeEnabled");
            return enabled == null
                    || values.oneOf(enabled, enabled, to + ".EventBridgeEnabled", "true", "false")
                            .equals("true");
        }

        /** A rule without effect may ask only for events that never come. */
        private void checkRule(String id, Node at, Map<String, Node> resource) {
            Map<String, Node> properties =
                    yaml.entries(resource.get("Properties"), id + ".Properties");
            Map<String, Node> pattern =
                    yaml.entries(properties.get("EventPattern"), id + ".EventPattern");
            List<String> sources =
                    yaml.items(pattern.get("source"), id + ".EventPattern.source").stream()
                            .map(item -> intrinsics.value(item, item, id + ".EventPattern.source"))
                            .toList();
            if (!sources.equals(List.of("aws.states"))) {
                problems.unsupported(
                        at,
                        "%s, an %s of other events than those of aws.states; it runs the rules that functions declare in Events"
                                .formatted(id, ResourceType.RULE));
            }
        }

        private FunctionResource function(String id, Node at, Map<String, Node> own) {
            Map<String, Node> all = new LinkedHashMap<>(globals);
            all.putAll(own);
            String runtime = intrinsics.value(all.get("Runtime"), at, id + ".Runtime");
            if (!runtime.isEmpty() && !runtime.equals("java25")) {
                problems.unsupported(
                        all.getOrDefault("Runtime", at),
                        "the runtime %s of %s; it runs java25".formatted(runtime, id));
            }
            String zip = intrinsics.value(all.get("CodeUri"), at, id + ".CodeUri");
            if (!zip.isEmpty() && !zip.endsWith(".zip")) {
                problems.unsupported(
                        all.getOrDefault("CodeUri", at),
                        "%s.CodeUri '%s'; it should be a deployment zip".formatted(id, zip));
            }
            String handler = intrinsics.value(all.get("Handler"), at, id + ".Handler");
            int memory =
                    values.integer(all.get("MemorySize"), id + ".MemorySize", 128, 128, 10_240);
            int timeout = values.integer(all.get("Timeout"), id + ".Timeout", 3, 1, 900);
            Map<String, Node> storage =
                    values.known(
                            all.get("EphemeralStorage"), id + ".EphemeralStorage", Set.of("Size"));
            int ephemeral =
                    values.integer(storage.get("Size"), id + ".EphemeralStorage", 512, 512, 10_240);
            if (all.containsKey("EphemeralStorage")) {
                notEnforced.add(
                        id
                                + ".EphemeralStorage: functions share this machine's temporary folder, as large as its disk");
            }
            Map<String, String> environment = new TreeMap<>();
            environment(globals.get("Environment"), "Globals.Function", environment);
            environment(own.get("Environment"), id, environment);
            events.function(id, Duration.ofSeconds(timeout), own);
            return new FunctionResource(
                    id,
                    besides(zip),
                    handler,
                    runtime,
                    memory,
                    Duration.ofSeconds(timeout),
                    ephemeral,
                    environment,
                    Optional.ofNullable(aliases.get(id)),
                    isSnapshotted(id, all.get("SnapStart"), ephemeral),
                    hasUrl(id, own.get("FunctionUrlConfig")));
        }

        private boolean isSnapshotted(String id, @Nullable Node config, int ephemeralMegabytes) {
            if (config == null) {
                return false;
            }
            String what = id + ".SnapStart";
            Map<String, Node> of = values.known(config, what, Set.of("ApplyOn"));
            String applyOn =
                    values.oneOf(
                            of.get("ApplyOn"),
                            config,
                            what + ".ApplyOn",
                            "PublishedVersions",
                            "None");
            if (!applyOn.equals("PublishedVersions") || !aliases.containsKey(id)) {
                return false; // nothing is kept of what isn't published
            }
            if (ephemeralMegabytes > SNAPSHOT_EPHEMERAL) {
                problems.wrong(
                        config,
                        "%s is refused with %d MB of EphemeralStorage; Lambda takes %d"
                                .formatted(what, ephemeralMegabytes, SNAPSHOT_EPHEMERAL));
            }
            return true;
        }

        private boolean hasUrl(String id, @Nullable Node config) {
            if (config == null) {
                return false;
            }
            String what = id + ".FunctionUrlConfig";
            Map<String, Node> of = values.known(config, what, Set.of("AuthType"));
            values.oneOf(of.get("AuthType"), config, what + ".AuthType", "AWS_IAM", "NONE");
            notEnforced.add(
                    what + ".AuthType: who may call is not asked; it listens on loopback only");
            return true;
        }

        private void environment(
                @Nullable Node section, String owner, Map<String, String> environment) {
            String what = owner + ".Environment";
            Node variables = values.known(section, what, Set.of("Variables")).get("Variables");
            yaml.entries(variables, what + ".Variables")
                    .forEach((name, node) -> {
                        if (RESERVED_VARIABLES.contains(name)
                                || !name.matches("[a-zA-Z][a-zA-Z0-9_]+")) {
                            problems.wrong(
                                    node,
                                    "%s sets %s, a name that Lambda refuses".formatted(what, name));
                        }
                        environment.put(name, intrinsics.value(node, node, what + "." + name));
                    });
        }

        private StateMachineResource stateMachine(
                String id, Node at, Map<String, Node> properties) {
            Node type = properties.get("Type");
            if (type != null && !intrinsics.value(type, at, id + ".Type").equals("STANDARD")) {
                problems.unsupported(type, "the type of " + id + "; it runs STANDARD workflows");
            }
            String definition =
                    intrinsics.value(properties.get("DefinitionUri"), at, id + ".DefinitionUri");
            Map<String, String> substitutions = new TreeMap<>();
            yaml.entries(properties.get("DefinitionSubstitutions"), id + ".DefinitionSubstitutions")
                    .forEach((name, node) ->
                            substitutions.put(
                                    name, intrinsics.value(node, node, id + "'s " + name)));
            return new StateMachineResource(
                    id, besides(definition), substitutions, Optional.ofNullable(aliases.get(id)));
        }

        private TableResource table(String id, Node at, Map<String, Node> properties) {
            List<TableResource.Attribute> attributes = new ArrayList<>();
            String declared = id + ".AttributeDefinitions";
            for (Node item : yaml.items(properties.get("AttributeDefinitions"), declared)) {
                Map<String, Node> of =
                        values.known(item, declared, Set.of("AttributeName", "AttributeType"));
                attributes.add(
                        new TableResource.Attribute(
                                intrinsics.value(of.get("AttributeName"), item, declared),
                                values.oneOf(
                                        of.get("AttributeType"), item, declared, "S", "N", "B")));
            }
            List<TableResource.Key> keys = new ArrayList<>();
            String schema = id + ".KeySchema";
            for (Node item : yaml.items(properties.get("KeySchema"), schema)) {
                Map<String, Node> of =
                        values.known(item, schema, Set.of("AttributeName", "KeyType"));
                keys.add(
                        new TableResource.Key(
                                intrinsics.value(of.get("AttributeName"), item, schema),
                                values.oneOf(of.get("KeyType"), item, schema, "HASH", "RANGE")));
            }
            checkKeys(id, properties.getOrDefault("KeySchema", at), attributes, keys);
            return new TableResource(id, attributes, keys);
        }

        private void checkKeys(
                String id,
                Node at,
                List<TableResource.Attribute> attributes,
                List<TableResource.Key> keys) {
            List<String> order = keys.stream().map(TableResource.Key::type).toList();
            if (!order.equals(List.of("HASH")) && !order.equals(List.of("HASH", "RANGE"))) {
                problems.wrong(at, id + ".KeySchema should be a HASH key, then maybe a RANGE key");
            }
            Set<String> names =
                    keys.stream().map(TableResource.Key::name).collect(Collectors.toSet());
            Set<String> declared = new HashSet<>();
            attributes.forEach(each -> declared.add(each.name()));
            if (!names.equals(declared)) {
                problems.wrong(
                        at, id + " should define exactly the attributes of its keys " + names);
            }
        }

        private Path besides(String relative) {
            return file.toAbsolutePath().resolveSibling(relative).normalize();
        }
    }
}
