package dev.perennial.local.template;

import java.util.List;

/**
 * What makes a stack do things by itself.
 *
 * @param asynchronous of the functions that say anything about it
 */
public record EventResources(
        List<QueueResource> queues,
        List<QueueSource> queueSources,
        List<ScheduleResource> schedules,
        List<RuleResource> rules,
        List<AsynchronousPolicy> asynchronous,
        List<AlarmResource> alarms) {
    public static final EventResources NONE =
            new EventResources(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    public EventResources {
        queues = List.copyOf(queues);
        queueSources = List.copyOf(queueSources);
        schedules = List.copyOf(schedules);
        rules = List.copyOf(rules);
        asynchronous = List.copyOf(asynchronous);
        alarms = List.copyOf(alarms);
    }
}
