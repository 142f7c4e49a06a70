package dev.perennial.local.template;

import dev.perennial.local.schedule.Recurrence;

/**
 * A schedule that invokes a function.
 *
 * @param expression as the template says it
 * @param function ARN
 * @param input JSON, with Scheduler's context attributes not yet replaced
 */
public record ScheduleResource(
        String name, String expression, Recurrence recurrence, String function, String input) {
    public String arn() {
        return "arn:aws:scheduler:%s:schedule/default/%s".formatted(TemplateReader.LOCATION, name);
    }
}
