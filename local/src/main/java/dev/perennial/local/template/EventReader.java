package dev.perennial.local.template;

import dev.perennial.local.schedule.Recurrence;
import dev.perennial.local.template.AlarmResource.Comparison;
import dev.perennial.local.template.AlarmResource.MissingData;
import dev.perennial.local.template.AlarmResource.Statistic;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import software.amazon.event.ruler.RuleCompiler;

/** Reads what makes a stack do things by itself: queues, alarms, and the functions' events. */
final class EventReader {
    /** Namespaces of AWS's own metrics. */
    private static final String OF_AWS = "AWS/";

    private static final String DELIVERY =
            "handing an event to a function can't fail here; what the function does with it is"
                    + " governed by its EventInvokeConfig";
    private static final String RETENTION = "MessageRetentionPeriod";
    private static final int LARGEST_BATCH = 10_000;
    private static final int RECEIVED_AT_ONCE = 10;
    private static final int DAY = 86_400;

    private final Yaml yaml;
    private final Intrinsics intrinsics;
    private final Values values;
    private final Problems problems;
    private final Map<String, String> types;
    private final List<String> notEnforced;
    private final List<QueueResource> queues = new ArrayList<>();
    private final List<QueueSource> sources = new ArrayList<>();
    private final List<ScheduleResource> schedules = new ArrayList<>();
    private final List<RuleResource> rules = new ArrayList<>();
    private final List<AsynchronousPolicy> asynchronous = new ArrayList<>();
    private final List<AlarmResource> alarms = new ArrayList<>();
    private final List<Runnable> checks = new ArrayList<>();

    EventReader(
            Yaml yaml,
            Intrinsics intrinsics,
            Values values,
            Problems problems,
            Map<String, String> types,
            List<String> notEnforced) {
        this.yaml = yaml;
        this.intrinsics = intrinsics;
        this.values = values;
        this.problems = problems;
        this.types = types;
        this.notEnforced = notEnforced;
    }

    EventResources read() {
        return new EventResources(queues, sources, schedules, rules, asynchronous, alarms);
    }

    /** What can be said only once all resources are known. */
    void check() {
        checks.forEach(Runnable::run);
    }

    void queue(String id, Map<String, Node> properties) {
        if (properties.containsKey(RETENTION)) {
            var _ = seconds(properties, id, RETENTION, 60, 60, 1_209_600);
            notEnforced.add(
                    "%s.%s: messages are kept until they are deleted or the process ends"
                            .formatted(id, RETENTION));
        }
        queues.add(
                new QueueResource(
                        id,
                        seconds(properties, id, "VisibilityTimeout", 30, 0, 43_200),
                        seconds(properties, id, "ReceiveMessageWaitTimeSeconds", 0, 0, 20),
                        redrive(id, properties.get("RedrivePolicy"))));
    }

    private Optional<QueueResource.Redrive> redrive(String id, @Nullable Node policy) {
        if (policy == null) {
            return Optional.empty();
        }
        String what = id + ".RedrivePolicy";
        Map<String, Node> of =
                values.known(policy, what, Set.of("deadLetterTargetArn", "maxReceiveCount"));
        String count = what + ".maxReceiveCount";
        intrinsics.value(of.get("maxReceiveCount"), policy, count);
        return Optional.of(
                new QueueResource.Redrive(
                        queueArn(of.get("deadLetterTargetArn"), policy, what),
                        values.integer(of.get("maxReceiveCount"), count, 1, 1, 1_000)));
    }

    private Duration seconds(
            Map<String, Node> properties,
            String owner,
            String name,
            int standard,
            int least,
            int most) {
        return Duration.ofSeconds(
                values.integer(properties.get(name), owner + "." + name, standard, least, most));
    }

    private String queueArn(@Nullable Node node, Node within, String what) {
        String arn = intrinsics.value(node, within, what);
        if (!arn.isEmpty() && !arnsOf(ResourceType.QUEUE).contains(arn)) {
            problems.wrong(
                    within,
                    "%s is '%s', which should be the ARN of a queue of this template"
                            .formatted(what, arn));
        }
        return arn;
    }

    private List<String> arnsOf(ResourceType type) {
        return types.entrySet().stream()
                .filter(each -> each.getValue().equals(type.type()))
                .map(each -> Names.arn(type, each.getKey()))
                .toList();
    }

    /** What a function is given events by, and what becomes of those it fails on. */
    void function(String id, Duration timeout, Map<String, Node> own) {
        yaml.entries(own.get("Events"), id + ".Events")
                .forEach((name, node) -> event(id, timeout, name, node));
        Node config = own.get("EventInvokeConfig");
        Node deadLetters = own.get("DeadLetterQueue");
        if (config != null || deadLetters != null) {
            asynchronous.add(asynchronous(id, config, deadLetters));
        }
    }

    private void event(String function, Duration timeout, String name, Node node) {
        String what = function + ".Events." + name;
        Map<String, Node> event = values.known(node, what, Set.of("Type", "Properties"));
        String type = intrinsics.value(event.get("Type"), node, what + ".Type");
        Map<String, Node> properties = yaml.entries(event.get("Properties"), what + ".Properties");
        switch (type) {
            case "SQS" -> source(function, timeout, what, node, properties);
            case "ScheduleV2" -> schedule(function, name, what, node, properties);
            case "EventBridgeRule" -> rule(function, name, what, node, properties);
            default ->
                    problems.unsupported(
                            event.getOrDefault("Type", node),
                            "the event type '%s' of %s; it runs SQS, ScheduleV2, EventBridgeRule"
                                    .formatted(type, what));
        }
    }

    private void source(
            String function, Duration timeout, String what, Node at, Map<String, Node> properties) {
        values.checkKnown(
                properties,
                what,
                Set.of(
                        "Queue",
                        "BatchSize",
                        "MaximumBatchingWindowInSeconds",
                        "FunctionResponseTypes",
                        "ScalingConfig",
                        "Enabled"));
        String queue = queueArn(properties.get("Queue"), at, what + ".Queue");
        int batch =
                values.integer(
                        properties.get("BatchSize"), what + ".BatchSize", 10, 1, LARGEST_BATCH);
        Duration window = seconds(properties, what, "MaximumBatchingWindowInSeconds", 0, 0, 300);
        if (batch > RECEIVED_AT_ONCE && window.isZero()) {
            problems.wrong(
                    at,
                    "%s has a BatchSize above %d, which Lambda takes only with a MaximumBatchingWindowInSeconds of at least 1"
                            .formatted(what, RECEIVED_AT_ONCE));
        }
        boolean reports = false;
        for (Node item :
                yaml.items(
                        properties.get("FunctionResponseTypes"), what + ".FunctionResponseTypes")) {
            values.oneOf(item, item, what + ".FunctionResponseTypes", "ReportBatchItemFailures");
            reports = true;
        }
        Node scaling = properties.get("ScalingConfig");
        if (scaling != null) {
            String concurrency = what + ".ScalingConfig";
            values.integer(
                    values.known(scaling, concurrency, Set.of("MaximumConcurrency"))
                            .get("MaximumConcurrency"),
                    concurrency + ".MaximumConcurrency",
                    2,
                    2,
                    1_000);
            notEnforced.add(
                    concurrency
                            + ": one batch of a queue runs at a time here, fewer than it allows");
        }
        checks.add(() -> checkVisibility(queue, function, timeout, at));
        if (enabled(properties.get("Enabled"), what)) {
            sources.add(
                    new QueueSource(
                            Names.arn(ResourceType.FUNCTION, function),
                            queue,
                            batch,
                            window,
                            reports));
        }
    }

    /** Lambda refuses such a mapping: a message would come again while it is being worked on. */
    private void checkVisibility(String arn, String function, Duration timeout, Node at) {
        for (QueueResource queue : queues) {
            if (queue.arn().equals(arn) && queue.visibilityTimeout().compareTo(timeout) < 0) {
                problems.wrong(
                        at,
                        "%s.VisibilityTimeout is %d, less than the Timeout %d of %s: Lambda refuses that"
                                .formatted(
                                        queue.logicalId(),
                                        queue.visibilityTimeout().toSeconds(),
                                        timeout.toSeconds(),
                                        function));
            }
        }
    }

    private boolean enabled(@Nullable Node node, String what) {
        return node == null
                || values.oneOf(node, node, what + ".Enabled", "true", "false").equals("true");
    }

    private boolean active(@Nullable Node node, String what) {
        return node == null
                || values.oneOf(node, node, what + ".State", "ENABLED", "DISABLED")
                        .equals("ENABLED");
    }

    private void schedule(
            String function, String name, String what, Node at, Map<String, Node> properties) {
        values.checkKnown(
                properties,
                what,
                Set.of(
                        "ScheduleExpression",
                        "ScheduleExpressionTimezone",
                        "Input",
                        "Name",
                        "Description",
                        "State",
                        "RetryPolicy",
                        "FlexibleTimeWindow"));
        retries(properties.get("RetryPolicy"), what);
        Node flexible = properties.get("FlexibleTimeWindow");
        if (flexible != null) {
            String mode = what + ".FlexibleTimeWindow";
            values.oneOf(
                    values.known(flexible, mode, Set.of("Mode")).get("Mode"),
                    flexible,
                    mode + ".Mode",
                    "OFF");
        }
        String expression =
                intrinsics.value(
                        properties.get("ScheduleExpression"), at, what + ".ScheduleExpression");
        String input = intrinsics.value(properties.get("Input"), at, what + ".Input");
        Node given = properties.get("Name");
        String called =
                given == null
                        ? "%s-%s%s".formatted(TemplateReader.STACK, function, name)
                        : intrinsics.value(given, at, what + ".Name");
        Optional<ZoneId> zone = zone(expression, properties, what, at);
        if (zone.isPresent() && active(properties.get("State"), what)) {
            schedules.add(
                    new ScheduleResource(
                            called,
                            expression,
                            zone.get(),
                            Names.arn(ResourceType.FUNCTION, function),
                            input));
        }
    }

    /** The schedule's time zone, if both are right. */
    private Optional<ZoneId> zone(
            String expression, Map<String, Node> properties, String what, Node at) {
        Node node = properties.get("ScheduleExpressionTimezone");
        String zone = node == null ? "UTC" : intrinsics.value(node, at, what + "'s time zone");
        try {
            ZoneId known = ZoneId.of(zone);
            Recurrence.parse(expression, known);
            return Optional.of(known);
        } catch (DateTimeException unknown) {
            problems.wrong(at, "%s has an unknown time zone '%s'".formatted(what, zone));
        } catch (IllegalArgumentException refused) {
            problems.wrong(at, what + ": " + refused.getMessage());
        }
        return Optional.empty();
    }

    private void rule(
            String function, String name, String what, Node at, Map<String, Node> properties) {
        values.checkKnown(properties, what, Set.of("Pattern", "RetryPolicy", "Target", "State"));
        retries(properties.get("RetryPolicy"), what);
        values.known(properties.get("Target"), what + ".Target", Set.of("Id"));
        Node node = properties.get("Pattern");
        if (node == null) {
            problems.wrong(at, what + ".Pattern is missing");
            return;
        }
        String pattern = new YamlJson(yaml, intrinsics, problems).of(node, what + ".Pattern");
        String refused = RuleCompiler.check(pattern);
        if (refused != null) {
            problems.wrong(node, "%s.Pattern is none: %s".formatted(what, refused));
        } else if (active(properties.get("State"), what)) {
            rules.add(
                    new RuleResource(
                            "%s-%s%s".formatted(TemplateReader.STACK, function, name),
                            pattern,
                            Names.arn(ResourceType.FUNCTION, function)));
        }
    }

    private void retries(@Nullable Node policy, String what) {
        if (policy != null) {
            String of = what + ".RetryPolicy";
            Map<String, Node> entries =
                    values.known(
                            policy, of, Set.of("MaximumRetryAttempts", "MaximumEventAgeInSeconds"));
            values.integer(entries.get("MaximumRetryAttempts"), of, 185, 0, 185);
            values.integer(entries.get("MaximumEventAgeInSeconds"), of, DAY, 60, DAY);
            notEnforced.add("%s: %s".formatted(of, DELIVERY));
        }
    }

    private AsynchronousPolicy asynchronous(
            String function, @Nullable Node config, @Nullable Node deadLetters) {
        String what = function + ".EventInvokeConfig";
        Map<String, Node> of =
                values.known(
                        config,
                        what,
                        Set.of(
                                "MaximumRetryAttempts",
                                "MaximumEventAgeInSeconds",
                                "DestinationConfig"));
        Node onFailure =
                values.known(
                                of.get("DestinationConfig"),
                                what + ".DestinationConfig",
                                Set.of("OnFailure"))
                        .get("OnFailure");
        return new AsynchronousPolicy(
                Names.arn(ResourceType.FUNCTION, function),
                values.integer(
                        of.get("MaximumRetryAttempts"),
                        what + ".MaximumRetryAttempts",
                        AsynchronousPolicy.RETRIES,
                        0,
                        2),
                seconds(
                        of,
                        what,
                        "MaximumEventAgeInSeconds",
                        (int) AsynchronousPolicy.MAXIMUM_AGE.toSeconds(),
                        60,
                        21_600),
                target(onFailure, what + ".DestinationConfig.OnFailure", "Destination"),
                target(deadLetters, function + ".DeadLetterQueue", "TargetArn"));
    }

    private Optional<String> target(@Nullable Node node, String what, String key) {
        if (node == null) {
            return Optional.empty();
        }
        Map<String, Node> of = values.known(node, what, Set.of("Type", key));
        values.oneOf(of.get("Type"), node, what + ".Type", "SQS");
        return Optional.of(queueArn(of.get(key), node, what + "." + key));
    }

    void alarm(String id, Node at, Map<String, Node> properties) {
        Map<String, String> dimensions = new LinkedHashMap<>();
        for (Node item : yaml.items(properties.get("Dimensions"), id + ".Dimensions")) {
            Map<String, Node> of = values.known(item, id + ".Dimensions", Set.of("Name", "Value"));
            dimensions.put(
                    intrinsics.value(of.get("Name"), item, id + ".Dimensions"),
                    intrinsics.value(of.get("Value"), item, id + ".Dimensions"));
        }
        int period = values.integer(properties.get("Period"), id + ".Period", 60, 60, 7 * DAY);
        int periods =
                values.integer(
                        properties.get("EvaluationPeriods"), id + ".EvaluationPeriods", 1, 1, DAY);
        for (String required : List.of("Period", "EvaluationPeriods")) {
            intrinsics.value(properties.get(required), at, id + "." + required);
        }
        if (period % 60 != 0) {
            problems.unsupported(
                    at, "%s.Period %d; it evaluates whole minutes".formatted(id, period));
        }
        if ((long) period * periods > DAY) {
            problems.unsupported(at, id + "'s Period times EvaluationPeriods of more than a day");
        }
        int datapoints =
                values.integer(
                        properties.get("DatapointsToAlarm"),
                        id + ".DatapointsToAlarm",
                        periods,
                        1,
                        periods);
        Map<String, String> texts = new HashMap<>();
        for (String name : List.of("Namespace", "MetricName", "Statistic", "ComparisonOperator")) {
            texts.put(name, intrinsics.value(properties.get(name), at, id + "." + name));
        }
        if (texts.getOrDefault("Namespace", "").startsWith(OF_AWS)) {
            notEnforced.add(
                    "%s: what AWS's own services measure (%s) is not measured here, so it never goes off"
                            .formatted(id, texts.get("Namespace")));
            return;
        }
        alarms.add(
                new AlarmResource(
                        intrinsics.alarmName(id),
                        text(properties, id, "AlarmDescription"),
                        texts.getOrDefault("Namespace", ""),
                        texts.getOrDefault("MetricName", ""),
                        dimensions,
                        constant(Statistic.class, properties, id, "Statistic", Statistic.Average),
                        Duration.ofSeconds(period),
                        periods,
                        datapoints,
                        threshold(id, at, properties.get("Threshold")),
                        constant(
                                Comparison.class,
                                properties,
                                id,
                                "ComparisonOperator",
                                Comparison.GreaterThanThreshold),
                        constant(
                                MissingData.class,
                                properties,
                                id,
                                "TreatMissingData",
                                MissingData.missing),
                        topics(id, properties.get("AlarmActions"), "AlarmActions"),
                        topics(id, properties.get("OKActions"), "OKActions")));
    }

    private String text(Map<String, Node> properties, String id, String name) {
        Node node = properties.get(name);
        return node == null ? "" : intrinsics.value(node, node, id + "." + name);
    }

    private <E extends Enum<E>> E constant(
            Class<E> type, Map<String, Node> properties, String id, String name, E standard) {
        Node node = properties.get(name);
        if (node == null) {
            return standard;
        }
        String[] allowed =
                Arrays.stream(type.getEnumConstants()).map(Enum::name).toArray(String[]::new);
        String value = values.oneOf(node, node, id + "." + name, allowed);
        return Arrays.asList(allowed).contains(value) ? Enum.valueOf(type, value) : standard;
    }

    private double threshold(String id, Node at, @Nullable Node node) {
        String text = intrinsics.value(node, at, id + ".Threshold");
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException wrong) {
            problems.wrong(
                    node == null ? at : node,
                    "%s.Threshold is '%s', expected a number".formatted(id, text));
            return 0;
        }
    }

    private List<String> topics(String id, @Nullable Node node, String name) {
        List<String> topics = new ArrayList<>();
        for (Node item : yaml.items(node, id + "." + name)) {
            String arn = intrinsics.value(item, item, id + "." + name);
            if (!arnsOf(ResourceType.TOPIC).contains(arn)) {
                problems.unsupported(
                        item,
                        "the action '%s' of %s.%s; it notifies topics of this template"
                                .formatted(arn, id, name));
            }
            topics.add(arn);
        }
        return topics;
    }
}
