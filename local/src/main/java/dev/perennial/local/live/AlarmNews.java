package dev.perennial.local.live;

import dev.perennial.core.json.Json;
import dev.perennial.local.event.EventBus;
import dev.perennial.local.event.JsonLines;
import dev.perennial.local.metric.AlarmChange;
import dev.perennial.local.metric.AlarmState;
import dev.perennial.local.template.AlarmResource;
import dev.perennial.local.template.TemplateReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Tells of alarms: to the event bus as CloudWatch does, and to the topics they name. */
final class AlarmNews {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxx").withZone(ZoneOffset.UTC);

    private final EventBus bus;
    private final JsonLines notifications;

    AlarmNews(EventBus bus, JsonLines notifications) {
        this.bus = bus;
        this.notifications = notifications;
    }

    void tell(AlarmChange change) {
        bus.accept(
                "aws.cloudwatch",
                "CloudWatch Alarm State Change",
                change.now().since(),
                List.of(change.alarm().arn()),
                Json.toTree(detail(change)));
        for (String topic : topics(change)) {
            notifications.append(notification(topic, change));
        }
    }

    private static List<String> topics(AlarmChange change) {
        return switch (change.now().state()) {
            case ALARM -> change.alarm().alarmActions();
            case OK -> change.alarm().okActions();
            case INSUFFICIENT_DATA -> List.of();
        };
    }

    private static Map<String, Object> detail(AlarmChange change) {
        AlarmResource alarm = change.alarm();
        Map<String, Object> stat = new LinkedHashMap<>();
        stat.put(
                "metric",
                Map.of(
                        "namespace",
                        alarm.namespace(),
                        "name",
                        alarm.metric(),
                        "dimensions",
                        new TreeMap<>(alarm.dimensions())));
        stat.put("period", alarm.period().toSeconds());
        stat.put("stat", alarm.statistic().name());
        Map<String, Object> query = new LinkedHashMap<>();
        query.put("id", id(alarm));
        query.put("metricStat", stat);
        query.put("returnData", true);
        Map<String, Object> configuration = new LinkedHashMap<>();
        if (!alarm.description().isEmpty()) {
            configuration.put("description", alarm.description());
        }
        configuration.put("metrics", List.of(query));
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("alarmName", alarm.name());
        detail.put("state", state(change.now()));
        detail.put("previousState", state(change.before()));
        detail.put("configuration", configuration);
        return detail;
    }

    private static String id(AlarmResource alarm) {
        return UUID.nameUUIDFromBytes(alarm.arn().getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static Map<String, Object> state(AlarmChange.Current current) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("value", current.state().name());
        state.put("reason", current.reason());
        state.put("timestamp", time(current.since()));
        return state;
    }

    private static String time(Instant at) {
        return TIME.format(at);
    }

    /** As the state machine's sns:publish writes it: the API's request. */
    private static Map<String, Object> notification(String topic, AlarmChange change) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("TopicArn", topic);
        request.put(
                "Subject",
                "%s: \"%s\" in US East (N. Virginia)"
                        .formatted(change.now().state(), change.alarm().name()));
        request.put("Message", new String(Json.write(message(change)), StandardCharsets.UTF_8));
        return request;
    }

    private static Map<String, Object> message(AlarmChange change) {
        AlarmResource alarm = change.alarm();
        AlarmState before = change.before().state();
        Map<String, Object> trigger = new LinkedHashMap<>();
        trigger.put("MetricName", alarm.metric());
        trigger.put("Namespace", alarm.namespace());
        trigger.put("StatisticType", "Statistic");
        trigger.put("Statistic", alarm.statistic().name().toUpperCase(java.util.Locale.ROOT));
        trigger.put(
                "Dimensions",
                new TreeMap<>(alarm.dimensions())
                        .entrySet().stream()
                                .map(each ->
                                        Map.of("name", each.getKey(), "value", each.getValue()))
                                .toList());
        trigger.put("Period", alarm.period().toSeconds());
        trigger.put("EvaluationPeriods", alarm.evaluationPeriods());
        trigger.put("DatapointsToAlarm", alarm.datapointsToAlarm());
        trigger.put("ComparisonOperator", alarm.comparison().name());
        trigger.put("Threshold", alarm.threshold());
        trigger.put("TreatMissingData", alarm.missingData().name());
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("AlarmName", alarm.name());
        message.put("AlarmDescription", alarm.description());
        message.put("AWSAccountId", TemplateReader.ACCOUNT);
        message.put("NewStateValue", change.now().state().name());
        message.put("NewStateReason", change.now().reason());
        message.put("StateChangeTime", time(change.now().since()));
        message.put("Region", "US East (N. Virginia)");
        message.put("AlarmArn", alarm.arn());
        message.put("OldStateValue", before.name());
        message.put("Trigger", trigger);
        return message;
    }
}
