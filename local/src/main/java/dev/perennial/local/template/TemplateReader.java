package dev.perennial.local.template;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads an AWS SAM template as far as the local cloud can run it, and refuses the rest by name. */
public final class TemplateReader {
    public static final String REGION = "us-east-1";
    public static final String ACCOUNT = "000000000000";
    public static final String STACK = "perennial";

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^!][^}]*)}");
    private static final Set<String> SECTIONS =
            Set.of(
                    "AWSTemplateFormatVersion",
                    "Transform",
                    "Description",
                    "Parameters",
                    "Globals",
                    "Resources",
                    "Outputs");

    private final Path file;
    private final Map<String, String> overrides;
    private final List<String> problems = new ArrayList<>();
    private final List<String> notEnforced = new ArrayList<>();
    private final Map<String, String> parameters = new HashMap<>();
    private final Map<String, String> types = new LinkedHashMap<>();

    private TemplateReader(Path file, Map<String, String> overrides) {
        this.file = file;
        this.overrides = overrides;
    }

    /**
     * Reads.
     *
     * @param parameters override the template's defaults
     * @throws UnsupportedTemplateException naming everything that is not supported
     */
    public static Stack read(Path file, Map<String, String> parameters) {
        return new TemplateReader(file, parameters).read();
    }

    private Stack read() {
        Map<String, Node> sections = entries(compose());
        sections.keySet().stream()
                .filter(each -> !SECTIONS.contains(each))
                .forEach(each -> problem(sections.get(each), "section " + each));
        parameters(sections.get("Parameters"));
        Map<String, Node> globals = entries(entries(sections.get("Globals")).get("Function"));
        Map<String, Node> resources = entries(sections.get("Resources"));
        resources.forEach((id, node) -> types.put(id, text(entries(node).get("Type"))));

        List<Stack.Function> functions = new ArrayList<>();
        List<Stack.StateMachine> machines = new ArrayList<>();
        List<Stack.Table> tables = new ArrayList<>();
        List<String> buckets = new ArrayList<>();
        List<String> topics = new ArrayList<>();
        resources.forEach((id, node) -> {
            Map<String, Node> resource = entries(node);
            Supported supported = Supported.TYPES.get(types.getOrDefault(id, ""));
            if (supported == null) {
                problem(node, "resource type %s of %s".formatted(types.get(id), id));
                return;
            }
            Map<String, Node> properties = entries(resource.get("Properties"));
            check(id, resource, properties, supported);
            switch (types.getOrDefault(id, "")) {
                case "AWS::Serverless::Function" ->
                        functions.add(function(id, globals, properties));
                case "AWS::Serverless::StateMachine" -> machines.add(machine(id, properties));
                case "AWS::DynamoDB::Table" -> tables.add(table(id, properties));
                case "AWS::S3::Bucket" -> buckets.add(physicalName(id));
                case "AWS::SNS::Topic" -> topics.add(arn(id));
                default -> notEnforced.add("%s: %s".formatted(id, supported.reason()));
            }
        });
        Map<String, String> outputs = new TreeMap<>();
        entries(sections.get("Outputs"))
                .forEach((name, node) -> outputs.put(name, value(entries(node).get("Value"))));
        if (!problems.isEmpty()) {
            throw new UnsupportedTemplateException(problems);
        }
        return new Stack(functions, machines, tables, buckets, topics, outputs, notEnforced);
    }

    private Node compose() {
        try {
            return new Compose(LoadSettings.builder().setLabel(file.toString()).build())
                    .composeString(Files.readString(file))
                    .orElseThrow(
                            () -> new UnsupportedTemplateException(List.of(file + " is empty")));
        } catch (IOException failed) {
            throw new UncheckedIOException("reading " + file, failed);
        }
    }

    private void parameters(@Nullable Node section) {
        entries(section)
                .forEach((name, node) -> {
                    Node standard = entries(node).get("Default");
                    String value =
                            overrides.getOrDefault(name, standard == null ? "" : text(standard));
                    Node pattern = entries(node).get("AllowedPattern");
                    if (pattern != null && !value.matches(text(pattern))) {
                        problem(
                                node,
                                "value '%s' of parameter %s, which should match %s"
                                        .formatted(value, name, text(pattern)));
                    }
                    parameters.put(name, value);
                });
        overrides.keySet().stream()
                .filter(name -> !parameters.containsKey(name))
                .forEach(name -> problems.add("%s: no parameter %s".formatted(file, name)));
    }

    private void check(
            String id,
            Map<String, Node> resource,
            Map<String, Node> properties,
            Supported supported) {
        resource.forEach((key, node) -> {
            switch (key) {
                case "Type", "Properties" -> {}
                case "DeletionPolicy", "UpdateReplacePolicy", "Metadata", "DependsOn" ->
                        notEnforced.add("%s.%s: nothing is deployed here".formatted(id, key));
                default -> problem(node, "attribute %s of %s".formatted(key, id));
            }
        });
        properties.forEach((key, node) -> {
            if (supported.ignored().containsKey(key)) {
                notEnforced.add("%s.%s: %s".formatted(id, key, supported.ignored().get(key)));
            } else if (!supported.used().contains(key)) {
                problem(node, "property %s of %s (%s)".formatted(key, id, types.get(id)));
            }
        });
    }

    private Stack.Function function(String id, Map<String, Node> globals, Map<String, Node> own) {
        Map<String, Node> merged = new LinkedHashMap<>(globals);
        merged.putAll(own);
        Map<String, String> environment = new TreeMap<>();
        environment(globals.get("Environment"), environment);
        environment(own.get("Environment"), environment);
        String runtime = value(merged.get("Runtime"));
        if (!runtime.equals("java25")) {
            problem(merged.get("Runtime"), "runtime %s of %s; only java25".formatted(runtime, id));
        }
        Node storage = entries(merged.get("EphemeralStorage")).get("Size");
        return new Stack.Function(
                id,
                arn(id),
                file.toAbsolutePath().resolveSibling(value(merged.get("CodeUri"))),
                value(merged.get("Handler")),
                integer(merged.get("MemorySize"), 128),
                Duration.ofSeconds(integer(merged.get("Timeout"), 3)),
                integer(storage, 512),
                environment);
    }

    private void environment(@Nullable Node section, Map<String, String> environment) {
        entries(entries(section).get("Variables"))
                .forEach((name, node) -> environment.put(name, value(node)));
    }

    private Stack.StateMachine machine(String id, Map<String, Node> properties) {
        Map<String, String> substitutions = new TreeMap<>();
        entries(properties.get("DefinitionSubstitutions"))
                .forEach((name, node) -> substitutions.put(name, value(node)));
        Path definition =
                file.toAbsolutePath().resolveSibling(value(properties.get("DefinitionUri")));
        return new Stack.StateMachine(id, physicalName(id), definition, substitutions);
    }

    private Stack.Table table(String id, Map<String, Node> properties) {
        String partition = "";
        String sort = "";
        for (Node key : items(properties.get("KeySchema"))) {
            String name = value(entries(key).get("AttributeName"));
            if (value(entries(key).get("KeyType")).equals("HASH")) {
                partition = name;
            } else {
                sort = name;
            }
        }
        for (Node attribute : items(properties.get("AttributeDefinitions"))) {
            if (!value(entries(attribute).get("AttributeType")).equals("S")) {
                problem(attribute, "key type other than S in table " + id);
            }
        }
        return new Stack.Table(physicalName(id), partition, sort);
    }

    /** A scalar with its intrinsic functions resolved. */
    private String value(@Nullable Node node) {
        if (node instanceof ScalarNode scalar) {
            return switch (scalar.getTag().getValue()) {
                case "!Ref" -> reference(scalar.getValue(), scalar);
                case "!GetAtt" -> attribute(scalar.getValue(), scalar);
                case "!Sub" -> substitute(scalar.getValue(), scalar);
                case String tag when tag.startsWith("!") -> {
                    problem(scalar, "intrinsic " + tag);
                    yield "";
                }
                default -> scalar.getValue();
            };
        }
        if (node instanceof MappingNode && entries(node).size() == 1) {
            var entry = entries(node).entrySet().iterator().next();
            return switch (entry.getKey()) {
                case "Ref" -> reference(text(entry.getValue()), node);
                case "Fn::Sub" -> substitute(text(entry.getValue()), node);
                case "Fn::GetAtt" -> attribute(text(entry.getValue()), node);
                default -> {
                    problem(node, "intrinsic " + entry.getKey());
                    yield "";
                }
            };
        }
        if (node == null) {
            problems.add(file + ": a value is missing");
        } else {
            problem(node, "a list or mapping where a single value should be");
        }
        return "";
    }

    private String substitute(String text, Node node) {
        Matcher matcher = REFERENCE.matcher(text);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(1);
            String value = name.contains(".") ? attribute(name, node) : reference(name, node);
            matcher.appendReplacement(result, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(result).toString();
    }

    private String reference(String name, Node node) {
        if (parameters.containsKey(name)) {
            return parameters.getOrDefault(name, "");
        }
        switch (name) {
            case "AWS::Region" -> {
                return REGION;
            }
            case "AWS::AccountId" -> {
                return ACCOUNT;
            }
            case "AWS::StackName" -> {
                return STACK;
            }
            case "AWS::Partition" -> {
                return "aws";
            }
            default -> {
                String type = types.get(name);
                if (type == null) {
                    problem(
                            node,
                            "reference to "
                                    + name
                                    + ", which is neither a parameter nor a resource");
                    return "";
                }
                return switch (type) {
                    case "AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::Serverless::Function" ->
                            physicalName(name);
                    default -> arn(name);
                };
            }
        }
    }

    private String attribute(String path, Node node) {
        String id = path.substring(0, Math.max(0, path.indexOf('.')));
        if (types.containsKey(id) && path.endsWith(".Arn")) {
            return arn(id);
        }
        if ("AWS::SNS::Topic".equals(types.get(id)) && path.endsWith(".TopicName")) {
            return physicalName(id);
        }
        problem(node, "attribute " + path);
        return "";
    }

    private String physicalName(String id) {
        boolean bucket = "AWS::S3::Bucket".equals(types.get(id));
        return STACK + "-" + (bucket ? id.toLowerCase(Locale.ROOT) : id);
    }

    private String arn(String id) {
        String name = physicalName(id);
        String account = REGION + ":" + ACCOUNT;
        return switch (types.getOrDefault(id, "")) {
            case "AWS::Serverless::Function" ->
                    "arn:aws:lambda:%s:function:%s".formatted(account, name);
            case "AWS::Serverless::StateMachine" ->
                    "arn:aws:states:%s:stateMachine:%s".formatted(account, name);
            case "AWS::DynamoDB::Table" -> "arn:aws:dynamodb:%s:table/%s".formatted(account, name);
            case "AWS::SNS::Topic" -> "arn:aws:sns:%s:%s".formatted(account, name);
            case "AWS::S3::Bucket" -> "arn:aws:s3:::" + name;
            default -> name;
        };
    }

    private int integer(@Nullable Node node, int standard) {
        if (node == null) {
            return standard;
        }
        String text = value(node);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException noNumber) {
            problem(node, "'%s' where a whole number should be".formatted(text));
            return standard;
        }
    }

    private String text(@Nullable Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : value(node);
    }

    private static Map<String, Node> entries(@Nullable Node node) {
        Map<String, Node> entries = new LinkedHashMap<>();
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key) {
                    entries.put(key.getValue(), tuple.getValueNode());
                }
            }
        }
        return entries;
    }

    private static List<Node> items(@Nullable Node node) {
        return node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
    }

    private void problem(@Nullable Node node, String what) {
        int line =
                Optional.ofNullable(node)
                        .flatMap(Node::getStartMark)
                        .map(mark -> mark.getLine() + 1)
                        .orElse(0);
        problems.add(
                "%s:%d: the local cloud does not support %s"
                        .formatted(file.getFileName(), line, what));
    }
}
