package dev.perennial.local.template;

import dev.perennial.local.schedule.Recurrence;
import java.time.ZoneId;

/**
 * A schedule that invokes a function.
 *
 * @param expression as the template says it
 * @param zone of the expression
 * @param function ARN
 * @param input JSON, with Scheduler's context attributes not yet replaced
 */
public record ScheduleResource(
        String name, String expression, ZoneId zone, String function, String input) {
    /** When it is due. */
    public Recurrence recurrence() {
        return Recurrence.parse(expression, zone);
    }

    public String arn() {
        return "arn:aws:scheduler:%s:schedule/default/%s".formatted(TemplateReader.LOCATION, name);
    }
}
