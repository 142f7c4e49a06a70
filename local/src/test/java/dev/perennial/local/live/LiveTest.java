package dev.perennial.local.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import dev.perennial.local.event.Functions;
import dev.perennial.local.event.Scheduler;
import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.lambda.InvocationReport;
import dev.perennial.local.metric.AlarmState;
import dev.perennial.local.permission.Credentials;
import dev.perennial.local.permission.Permissions;
import dev.perennial.local.template.Stack;
import dev.perennial.local.template.TemplateReader;
import dev.perennial.local.time.SimulatedClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Real servers and clients; the functions are this test's, so that a day takes a second. */
class LiveTest {
    private static final Instant START = Instant.parse("2024-05-01T00:00:00Z");
    private static final String TEMPLATE =
            """
            Globals:
              Function: {Runtime: java25, Handler: a.B::c, CodeUri: f.zip, Timeout: 30}
            Resources:
              Queue:
                Type: AWS::SQS::Queue
                Properties:
                  VisibilityTimeout: 300
                  RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 2}
              Dead: {Type: AWS::SQS::Queue}
              Topic: {Type: AWS::SNS::Topic}
              Monitor:
                Type: AWS::Serverless::Function
                Properties:
                  Events:
                    Hourly:
                      Type: ScheduleV2
                      Properties:
                        ScheduleExpression: cron(0 * * * ? *)
                        Input: '{"time":"<aws.scheduler.scheduled-time>"}'
              Capture:
                Type: AWS::Serverless::Function
                Properties:
                  Events:
                    Rows:
                      Type: SQS
                      Properties:
                        Queue: !GetAtt Queue.Arn
                        BatchSize: 4
                        FunctionResponseTypes: [ReportBatchItemFailures]
              Trigger:
                Type: AWS::Serverless::Function
                Properties:
                  Events:
                    Drift:
                      Type: EventBridgeRule
                      Properties:
                        Pattern:
                          source: [aws.cloudwatch]
                          detail: {alarmName: [!Ref Drift], state: {value: [ALARM]}}
                  EventInvokeConfig:
                    DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt Dead.Arn}}
              Drift:
                Type: AWS::CloudWatch::Alarm
                Properties:
                  Namespace: N
                  MetricName: drift
                  Statistic: Maximum
                  Period: 3600
                  EvaluationPeriods: 1
                  Threshold: 1
                  ComparisonOperator: GreaterThanOrEqualToThreshold
                  AlarmActions: [!Ref Topic]
            """;

    @TempDir Path folder;

    private Stack stack() throws IOException {
        return TemplateReader.read(
                Files.writeString(folder.resolve("template.yaml"), TEMPLATE), Map.of());
    }

    private LiveFiles files(String name) {
        return LiveFiles.of(folder.resolve(name));
    }

    private Live live(String home, InstantSource clock, Functions functions) throws IOException {
        return new Live(
                stack(),
                files(home),
                Permissions.ofOwner(Credentials.random()),
                clock,
                functions,
                () -> false);
    }

    private static Invocation returned(String answer) {
        return new Invocation.Returned(
                answer.getBytes(StandardCharsets.UTF_8),
                new InvocationReport("r", 1, 1, 0, 128, 0));
    }

    private static Invocation failed() {
        return new Invocation.FunctionError(
                "demo.Busy",
                "busy",
                Json.write(Map.of("errorType", "demo.Busy")),
                new InvocationReport("r", 1, 1, 0, 128, 0));
    }

    /** A monitor that sends its rows to the queue, and reports drift at 5, 6 and 9 o'clock. */
    private final class Day {
        private final LiveFiles files;
        private final SimulatedClock clock = new SimulatedClock(START);
        private final List<String> calls = new ArrayList<>();
        private Live live;

        Day(String home) throws IOException {
            files = files(home);
            live = live(home, clock, this::invoke);
        }

        private Invocation invoke(String arn, byte[] event) {
            JsonNode tree = Json.tree("event", event);
            String function = arn.substring(arn.lastIndexOf('-') + 1);
            String at = clock.instant().toString().substring(11, 16);
            return switch (function) {
                case "Monitor" -> {
                    calls.add(at + " Monitor");
                    Instant time = Instant.parse(tree.path("time").asString(""));
                    int hour = Integer.parseInt(time.toString().substring(11, 13));
                    print(time, hour == 5 || hour == 6 || hour == 9 ? 1.5 : 0.5);
                    for (int row = 0; row < 6; row++) {
                        live.sqs()
                                .orElseThrow()
                                .send(
                                        "arn:aws:sqs:us-east-1:000000000000:perennial-Queue",
                                        "%02d-%d".formatted(hour, row),
                                        Map.of());
                    }
                    yield returned("null");
                }
                case "Capture" -> {
                    List<String> failures = new ArrayList<>();
                    StringBuilder bodies = new StringBuilder();
                    for (JsonNode record : tree.path("Records")) {
                        String body = record.path("body").asString("");
                        bodies.append(' ').append(body);
                        if (body.equals("03-2")) {
                            failures.add(record.path("messageId").asString(""));
                        }
                    }
                    calls.add(at + " Capture" + bodies);
                    yield returned(
                            new String(
                                    Json.write(
                                            Map.of(
                                                    "batchItemFailures",
                                                    failures.stream()
                                                            .map(id -> Map.of("itemIdentifier", id))
                                                            .toList())),
                                    StandardCharsets.UTF_8));
                }
                default -> {
                    calls.add(at + " Trigger");
                    yield clock.instant().isBefore(START.plus(Duration.ofHours(8)))
                            ? returned("null")
                            : failed();
                }
            };
        }

        private void print(Instant time, double drift) {
            try {
                Files.createDirectories(files.logs());
                Files.writeString(
                        files.logs().resolve("Monitor.log"),
                        """
                        {"_aws":{"Timestamp":%d,"CloudWatchMetrics":[{"Namespace":"N","Dimensions":[[]],"Metrics":[{"Name":"drift"}]}]},"drift":%s}
                        """
                                .formatted(time.toEpochMilli(), drift),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    @Test
    void simulatedDay_happensInOrder() throws Exception {
        Day day = new Day("home");
        try (Live live = day.live) {
            live.advanceTo(START.plus(Duration.ofHours(24)));

            assertEquals(
                    List.of(
                            "03:00 Monitor",
                            "03:00 Capture 03-0 03-1 03-2 03-3",
                            "03:00 Capture 03-4 03-5",
                            "03:05 Capture 03-2"),
                    day.calls.stream()
                            .filter(call -> call.compareTo("03") >= 0 && call.compareTo("04") < 0)
                            .toList());
            assertEquals(
                    List.of("05:01 Trigger", "09:01 Trigger", "09:02 Trigger", "09:04 Trigger"),
                    day.calls.stream().filter(call -> call.endsWith("Trigger")).toList());
            assertEquals(24, day.calls.stream().filter(call -> call.endsWith("Monitor")).count());
            assertEquals(
                    2,
                    live.sqs()
                            .orElseThrow()
                            .messages("arn:aws:sqs:us-east-1:000000000000:perennial-Dead"));
            assertEquals(AlarmState.OK, live.alarms().states().get("perennial-Drift").state());
            assertEquals(0, live.incidents().lost());
            assertEquals(2, Files.readAllLines(day.files.notifications()).size());
            List<String> events = Files.readAllLines(day.files.events());
            JsonNode first = Json.tree("event", events.get(1).getBytes(StandardCharsets.UTF_8));
            assertEquals("CloudWatch Alarm State Change", first.path("detail-type").asString(""));
            assertEquals("aws.cloudwatch", first.path("source").asString(""));
            assertEquals("perennial-Drift", first.path("detail").path("alarmName").asString(""));
            assertEquals("ALARM", first.path("detail").path("state").path("value").asString(""));
            assertEquals(
                    "OK", first.path("detail").path("previousState").path("value").asString(""));
            assertEquals(
                    "2024-05-01T05:01:00.000+0000",
                    first.path("detail").path("state").path("timestamp").asString(""));
            assertEquals(START.plus(Duration.ofHours(24)), day.clock.instant());
        }
    }

    @Test
    void twoReplays_giveTheSameEvents() throws Exception {
        Day one = new Day("one");
        try (Live live = one.live) {
            live.advanceTo(START.plus(Duration.ofHours(24)));
        }
        Day other = new Day("other");
        try (Live live = other.live) {
            for (int step = 1; step <= 48; step++) {
                live.advanceTo(START.plus(Duration.ofMinutes(30L * step)));
            }
        }

        assertEquals(one.calls, other.calls);
        assertEquals(
                Files.readAllLines(one.files.events()), Files.readAllLines(other.files.events()));
        assertEquals(
                Files.readString(one.files.notifications()),
                Files.readString(other.files.notifications()));
    }

    @Test
    void realTime_worksOffQueuesAndEvents_stops_andStartsAgain() throws Exception {
        CountDownLatch captured = new CountDownLatch(1);
        CountDownLatch triggered = new CountDownLatch(1);
        CountDownLatch again = new CountDownLatch(1);
        String trigger = "arn:aws:lambda:us-east-1:000000000000:function:perennial-Trigger";
        try (Live live =
                live(
                        "home",
                        InstantSource.system(),
                        (arn, event) -> {
                            String text = new String(event, StandardCharsets.UTF_8);
                            if (arn.endsWith("Capture")) {
                                captured.countDown();
                            } else if (text.contains("again")) {
                                again.countDown();
                            } else {
                                triggered.countDown();
                            }
                            return returned("null");
                        })) {
            live.start();
            assertThrows(IllegalStateException.class, live::start);
            live.sqs()
                    .orElseThrow()
                    .send("arn:aws:sqs:us-east-1:000000000000:perennial-Queue", "row", Map.of());
            live.invokeAsynchronously(trigger, Json.write(Map.of("n", 1)));
            assertTrue(captured.await(20, TimeUnit.SECONDS));
            assertTrue(triggered.await(20, TimeUnit.SECONDS));

            live.stop();
            live.invokeAsynchronously(trigger, Json.write(Map.of("n", "again")));
            assertEquals(1, again.getCount());
            live.start();

            assertTrue(again.await(20, TimeUnit.SECONDS));
            assertEquals(0, live.incidents().lost());
            assertThrows(IllegalStateException.class, () -> live.advanceTo(START));
        }
    }

    /** As an earlier version wrote it: without a time zone, which then was UTC. */
    @Test
    void schedulesOfAnEarlierVersion_goOn() throws Exception {
        Path schedules = files("home").schedules();
        Files.createDirectories(schedules.getParent());
        Files.writeString(
                schedules,
                "{\"schedules\":{\"old\":{\"expression\":\"rate(1 hour)\",\"at\":\"2024-05-01T00:10:00Z\"}}}");

        assertEquals(
                Map.of("old", Instant.parse("2024-05-01T05:10:00Z")),
                Scheduler.ticks(schedules, Instant.parse("2024-05-01T04:30:00Z")));
        try (Live live = live("home", new SimulatedClock(START), (_, _) -> returned("null"))) {
            live.advanceTo(START.plus(Duration.ofHours(1)));
        }
        assertFalse(Files.readString(schedules).contains("old"));
    }

    @Test
    void closing_interruptsAFunction_andTheNextStartGivesItItsEvent() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch forever = new CountDownLatch(1);
        Live live =
                live(
                        "home",
                        InstantSource.system(),
                        (_, _) -> {
                            working.countDown();
                            forever.await();
                            return returned("null");
                        });
        live.start();
        live.invokeAsynchronously("arn:f", Json.write(Map.of()));
        assertTrue(working.await(20, TimeUnit.SECONDS));

        live.close();

        assertEquals(0, live.incidents().lost());
        CountDownLatch again = new CountDownLatch(1);
        try (Live next =
                live(
                        "home",
                        InstantSource.system(),
                        (arn, _) -> {
                            assertEquals("arn:f", arn);
                            again.countDown();
                            return returned("null");
                        })) {
            next.start();
            assertTrue(again.await(20, TimeUnit.SECONDS));
        }
    }
}
