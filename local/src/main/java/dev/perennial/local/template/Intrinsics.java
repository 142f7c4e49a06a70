package dev.perennial.local.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Turns values and CloudFormation's intrinsics (Ref, Sub, GetAtt, Join; short and long form) into
 * text. Gives "" for what it can't resolve, having noted the problem.
 */
final class Intrinsics {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");
    private static final Set<String> KNOWN = Set.of("Ref", "Fn::Sub", "Fn::GetAtt", "Fn::Join");
    private static final Map<String, String> PSEUDO_PARAMETERS =
            Map.of(
                    "AWS::Region", TemplateReader.REGION,
                    "AWS::AccountId", TemplateReader.ACCOUNT,
                    "AWS::StackName", TemplateReader.STACK,
                    "AWS::Partition", "aws",
                    "AWS::URLSuffix", "amazonaws.com");

    private static final String URL = "Url";

    private final Map<String, String> parameters;
    private final Map<String, String> resourceTypes;
    private final Problems problems;
    private final Map<String, String> alarmNames = new HashMap<>();
    private final Map<String, String> publishedArns = new HashMap<>();

    /** A call of an intrinsic, whichever way it is written. */
    record Call(String name, Node argument) {}

    Intrinsics(
            Map<String, String> parameters, Map<String, String> resourceTypes, Problems problems) {
        this.parameters = parameters;
        this.resourceTypes = resourceTypes;
        this.problems = problems;
    }

    /** Says what an alarm is called: the one resource here that the template names itself. */
    void nameAlarm(String logicalId, String name) {
        alarmNames.put(logicalId, name);
    }

    /** Says under which alias a function or state machine is published. */
    void publish(ResourceType type, String logicalId, String alias) {
        String arn = Names.arn(type, logicalId);
        switch (type) {
            case FUNCTION -> {
                publishedArns.put(logicalId + ".Version", arn + ":" + Names.VERSION);
                publishedArns.put(logicalId + ".Alias", arn + ":" + alias);
            }
            case STATE_MACHINE -> {
                publishedArns.put(logicalId + "Version", arn + ":" + Names.VERSION);
                publishedArns.put(logicalId + "Alias" + alias, arn + ":" + alias);
            }
            default -> throw new IllegalArgumentException(type + " has no versions");
        }
    }

    String alarmName(String logicalId) {
        return alarmNames.getOrDefault(logicalId, Names.of(ResourceType.ALARM, logicalId));
    }

    /**
     * A single value.
     *
     * @param within where a missing value is missing
     * @param what names the value in messages
     */
    String value(@Nullable Node node, Node within, String what) {
        if (node == null) {
            problems.wrong(within, what + " is missing");
            return "";
        }
        Optional<Call> call = call(node);
        if (call.isPresent()) {
            return resolve(call.get(), node);
        }
        if (node instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
            return scalar.getValue();
        }
        if (node instanceof ScalarNode scalar && !scalar.isPlain()) {
            return "";
        }
        problems.wrong(node, what + " should be a single value");
        return "";
    }

    /** Looks through a value that has no effect here, for intrinsics and names that don't exist. */
    void check(Node node) {
        Optional<Call> call = call(node);
        if (call.isPresent()) {
            if (!KNOWN.contains(call.get().name())) {
                problems.unsupported(node, "the intrinsic " + call.get().name());
            } else if (call.get().name().equals("Ref")) {
                resolve(call.get(), node);
            }
        }
        switch (node) {
            case SequenceNode list -> list.getValue().forEach(this::check);
            case MappingNode map ->
                    map.getValue().stream().map(NodeTuple::getValueNode).forEach(this::check);
            default -> {}
        }
    }

    /** Whether a node is an intrinsic's call rather than a value. */
    boolean isCall(Node node) {
        return call(node).isPresent();
    }

    /** What is called, if it is a call. */
    static Optional<Call> call(Node node) {
        if (Yaml.isTagged(node)) {
            String name = node.getTag().getValue().substring(1);
            return Optional.of(new Call(name.equals("Ref") ? name : "Fn::" + name, node));
        }
        if (node instanceof MappingNode map
                && map.getValue().size() == 1
                && map.getValue().getFirst().getKeyNode() instanceof ScalarNode key
                && (key.getValue().equals("Ref") || key.getValue().startsWith("Fn::"))) {
            return Optional.of(new Call(key.getValue(), map.getValue().getFirst().getValueNode()));
        }
        return Optional.empty();
    }

    private String resolve(Call call, Node node) {
        return switch (call.name()) {
            case "Ref" -> reference(text(call.argument(), "Ref's argument"), node);
            case "Fn::Sub" -> substitute(call.argument());
            case "Fn::GetAtt" -> attribute(call.argument());
            case "Fn::Join" -> join(call.argument());
            default -> {
                problems.unsupported(node, "the intrinsic " + call.name());
                yield "";
            }
        };
    }

    private String text(Node node, String what) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        problems.wrong(node, what + " should be a text");
        return "";
    }

    private String reference(String name, Node node) {
        String given = parameters.getOrDefault(name, PSEUDO_PARAMETERS.get(name));
        if (given != null) {
            return given;
        }
        if (name.startsWith("AWS::")) {
            problems.unsupported(node, "the pseudo parameter " + name);
            return "";
        }
        String published = publishedArns.get(name);
        if (published != null) {
            return published;
        }
        String type = resourceTypes.get(name);
        if (type == null) {
            problems.wrong(
                    node,
                    "'%s' is neither a parameter nor a resource of this template".formatted(name));
            return "";
        }
        return ResourceType.of(type)
                .map(known ->
                        switch (known) {
                            case BUCKET, TABLE, FUNCTION -> Names.of(known, name);
                            case TOPIC, STATE_MACHINE -> Names.arn(known, name);
                            case QUEUE -> Names.queueUrl(name);
                            case ALARM -> alarmName(name);
                        })
                .orElse("");
    }

    private String attribute(Node argument) {
        String path =
                argument instanceof SequenceNode list
                        ? list.getValue().stream()
                                .map(item -> text(item, "an item of GetAtt"))
                                .collect(Collectors.joining("."))
                        : text(argument, "GetAtt's argument");
        return attribute(path, argument);
    }

    private String attribute(String path, Node node) {
        int dot = Math.max(0, path.indexOf('.'));
        String id = path.substring(0, dot);
        String attribute = path.substring(Math.min(path.length(), dot + 1));
        Optional<ResourceType> type =
                Optional.ofNullable(resourceTypes.get(id)).flatMap(ResourceType::of);
        if (type.isPresent() && type.get() == ResourceType.ALARM && attribute.equals("Arn")) {
            return ResourceType.ALARM.arnPrefix() + alarmName(id);
        }
        if (type.isPresent() && type.get() == ResourceType.QUEUE && attribute.equals("QueueName")) {
            return Names.of(ResourceType.QUEUE, id);
        }
        if (type.isPresent() && attribute.equals("Arn") && type.get() != ResourceType.TOPIC) {
            return Names.arn(type.get(), id);
        }
        if (type.isPresent() && type.get() == ResourceType.TOPIC) {
            switch (attribute) {
                case "TopicName" -> {
                    return Names.of(ResourceType.TOPIC, id);
                }
                case "TopicArn" -> {
                    return Names.arn(ResourceType.TOPIC, id);
                }
                default -> {}
            }
        }
        if (type.isPresent()
                && type.get() == ResourceType.STATE_MACHINE
                && attribute.equals("Name")) {
            return Names.of(ResourceType.STATE_MACHINE, id);
        }
        if (attribute.equals("FunctionUrl") && id.endsWith(URL)) {
            // SAM makes a resource of its own out of a function's FunctionUrlConfig.
            String function = id.substring(0, id.length() - URL.length());
            if (ResourceType.FUNCTION.type().equals(resourceTypes.get(function))) {
                return "http://%s.localhost/".formatted(function);
            }
        }
        if (resourceTypes.containsKey(id)) {
            problems.unsupported(node, "the attribute " + path);
        } else {
            problems.wrong(node, "'%s' names no resource of this template".formatted(path));
        }
        return "";
    }

    private String join(Node argument) {
        if (argument instanceof SequenceNode list
                && list.getValue().size() == 2
                && list.getValue().getFirst() instanceof ScalarNode delimiter
                && list.getValue().getLast() instanceof SequenceNode parts
                && !Yaml.isTagged(parts)) {
            List<String> values = new ArrayList<>();
            parts.getValue().forEach(part -> values.add(value(part, argument, "a part of Join")));
            return String.join(delimiter.getValue(), values);
        }
        problems.wrong(argument, "Join takes a delimiter and a list of values");
        return "";
    }

    private String substitute(Node argument) {
        if (argument instanceof ScalarNode scalar) {
            return substitute(scalar.getValue(), Map.of(), argument);
        }
        if (argument instanceof SequenceNode list
                && list.getValue().size() == 2
                && list.getValue().getFirst() instanceof ScalarNode text
                && list.getValue().getLast() instanceof MappingNode variables) {
            Map<String, String> own = new HashMap<>();
            new Yaml(problems)
                    .entries(variables, "Sub's variables")
                    .forEach((name, node) -> own.put(name, value(node, argument, name)));
            return substitute(text.getValue(), own, argument);
        }
        problems.wrong(argument, "Sub takes a text, or a text and a mapping of variables");
        return "";
    }

    private String substitute(String text, Map<String, String> own, Node node) {
        Matcher matcher = PLACEHOLDER.matcher(text);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(
                    result, Matcher.quoteReplacement(placeholder(matcher.group(1), own, node)));
        }
        return matcher.appendTail(result).toString();
    }

    private String placeholder(String name, Map<String, String> own, Node node) {
        if (name.startsWith("!")) {
            return "${" + name.substring(1) + "}"; // CloudFormation's escape
        }
        String given = own.get(name);
        if (given != null) {
            return given;
        }
        return name.contains(".") ? attribute(name, node) : reference(name, node);
    }
}
