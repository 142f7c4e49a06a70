package dev.perennial.local.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.lambda.InvocationReport;
import dev.perennial.local.template.ScheduleResource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulerTest {
    private static final Instant START = Instant.parse("2024-05-01T12:00:30Z");

    @TempDir Path folder;
    private final List<String> events = new ArrayList<>();

    private AsynchronousInvocations functions() {
        return new AsynchronousInvocations(
                (_, event) -> {
                    events.add(new String(event, StandardCharsets.UTF_8));
                    return new Invocation.Returned(
                            "null".getBytes(StandardCharsets.UTF_8),
                            new InvocationReport("r", 1, 1, 0, 128, 0));
                },
                List.of(),
                (_, _, _) -> {},
                new Incidents(folder.resolve("incidents.jsonl"), () -> START),
                folder.resolve("pending"),
                () -> START);
    }

    private Scheduler scheduler(AsynchronousInvocations functions) {
        return new Scheduler(
                List.of(
                        new ScheduleResource(
                                "five",
                                "cron(0/5 * * * ? *)",
                                ZoneOffset.UTC,
                                "arn:f",
                                "<aws.scheduler.scheduled-time>")),
                functions,
                folder.resolve("schedules.json"),
                START);
    }

    @Test
    void clockThatIsSetBack_doesNotStopSchedules() throws InterruptedException {
        AsynchronousInvocations functions = functions();
        Scheduler scheduler = scheduler(functions);
        assertTrue(scheduler.tick(START.plus(Duration.ofMinutes(5))));

        Instant back = START.minus(Duration.ofHours(1));
        assertFalse(scheduler.tick(back));
        assertEquals(Optional.of(Instant.parse("2024-05-01T11:05:00Z")), scheduler.due());
        assertTrue(scheduler.tick(back.plus(Duration.ofMinutes(5))));

        while (functions.attempt()) {
            // all of them
        }
        assertEquals(List.of("2024-05-01T12:05:00Z", "2024-05-01T11:05:00Z"), events);
    }

    /** As network time does it now and then. */
    @Test
    void clockThatIsSetBackByLittle_makesNoTickTwice() {
        Scheduler scheduler = scheduler(functions());
        assertTrue(scheduler.tick(Instant.parse("2024-05-01T12:05:00.010Z")));

        assertFalse(scheduler.tick(Instant.parse("2024-05-01T12:04:59.990Z")));
        assertFalse(scheduler.tick(Instant.parse("2024-05-01T12:05:00.010Z")));
    }
}
