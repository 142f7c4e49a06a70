package dev.perennial.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import dev.perennial.local.lambda.FunctionZip;
import dev.perennial.local.live.Live;
import dev.perennial.local.metric.AlarmState;
import dev.perennial.local.metric.Metric;
import dev.perennial.local.template.AlarmResource.Statistic;
import dev.perennial.local.template.Stack;
import dev.perennial.local.template.TemplateReader;
import dev.perennial.local.time.SimulatedClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A stack whose functions run from zips in their own processes, and find SQS, EventBridge and Step
 * Functions by their environment.
 */
class LocalCloudLiveTest {
    private static final Instant START = Instant.parse("2024-05-01T11:59:30Z");
    private static final String TEMPLATE =
            """
            Globals:
              Function: {Runtime: java25, Handler: 'demo.Live::handleRequest', CodeUri: Live-linux-x86_64.zip, Timeout: 30}
            Resources:
              Bucket: {Type: AWS::S3::Bucket}
              Table:
                Type: AWS::DynamoDB::Table
                Properties:
                  AttributeDefinitions: [{AttributeName: pk, AttributeType: S}, {AttributeName: sk, AttributeType: S}]
                  KeySchema: [{AttributeName: pk, KeyType: HASH}, {AttributeName: sk, KeyType: RANGE}]
              Topic: {Type: AWS::SNS::Topic}
              Queue: {Type: AWS::SQS::Queue}
              Training:
                Type: AWS::Serverless::StateMachine
                Properties:
                  DefinitionUri: machine.json
                  Policies:
                    - Statement: {Effect: Allow, Action: events:PutEvents, Resource: '*'}
              Sender:
                Type: AWS::Serverless::Function
                Properties:
                  Environment: {Variables: {QUEUE: !Ref Queue, MACHINE: !Ref Training}}
                  Policies:
                    - Statement:
                        - {Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Queue.Arn}
                        - {Effect: Allow, Action: events:PutEvents, Resource: '*', Condition: {StringEquals: {'events:source': app}}}
                        - {Effect: Allow, Action: states:StartExecution, Resource: !Ref Training}
                  Events:
                    Noon:
                      Type: ScheduleV2
                      Properties:
                        ScheduleExpression: cron(0 12 * * ? *)
                        Input: '{"time":"<aws.scheduler.scheduled-time>"}'
              Worker:
                Type: AWS::Serverless::Function
                Properties:
                  Events: {Rows: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}}}
              Listener:
                Type: AWS::Serverless::Function
                Properties:
                  Events: {App: {Type: EventBridgeRule, Properties: {Pattern: {source: [app, aws.cloudwatch]}}}}
              Drift:
                Type: AWS::CloudWatch::Alarm
                Properties:
                  Namespace: N
                  MetricName: rows
                  Statistic: Sum
                  Period: 60
                  EvaluationPeriods: 1
                  Threshold: 1
                  ComparisonOperator: GreaterThanOrEqualToThreshold
                  AlarmActions: [!Ref Topic]
            """;
    private static final String MEMBERS =
            """
            static void call(String service, String version, String target, String body) {
                try {
                    var request = java.net.http.HttpRequest.newBuilder(
                                    java.net.URI.create(System.getenv("AWS_ENDPOINT_URL_" + service)))
                            .header("Content-Type", "application/x-amz-json-" + version)
                            .header("X-Amz-Target", target)
                            .header("Authorization", "AWS4-HMAC-SHA256 Credential=" + System.getenv("AWS_ACCESS_KEY_ID") + "/20240501/us-east-1/x/aws4_request")
                            .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body))
                            .build();
                    var answer = java.net.http.HttpClient.newHttpClient()
                            .send(request, java.net.http.HttpResponse.BodyHandlers.ofString());
                    if (answer.statusCode() != 200) throw new IllegalStateException(answer.body());
                } catch (IOException | InterruptedException failed) {
                    throw new IllegalStateException(failed);
                }
            }
            static String quoted(String text) { return '"' + text.replace("\\"", "\\\\\\"") + '"'; }
            """;
    private static final String BODY =
            """
            switch (System.getenv("AWS_LAMBDA_FUNCTION_NAME")) {
                case "perennial-Sender" -> {
                    call("SQS", "1.0", "AmazonSQS.SendMessage",
                            "{\\"QueueUrl\\":" + quoted(System.getenv("QUEUE")) + ",\\"MessageBody\\":" + quoted(event) + "}");
                    call("EVENTBRIDGE", "1.1", "AWSEvents.PutEvents",
                            "{\\"Entries\\":[{\\"Source\\":\\"app\\",\\"DetailType\\":\\"Sent\\",\\"Detail\\":" + quoted(event) + "}]}");
                    call("SFN", "1.0", "AWSStepFunctions.StartExecution",
                            "{\\"stateMachineArn\\":" + quoted(System.getenv("MACHINE")) + ",\\"name\\":\\"noon\\",\\"input\\":" + quoted(event) + "}");
                }
                case "perennial-Worker" -> System.out.println(
                        "{\\"_aws\\":{\\"Timestamp\\":" + java.time.Instant.parse("2024-05-01T12:00:00Z").toEpochMilli()
                                + ",\\"CloudWatchMetrics\\":[{\\"Namespace\\":\\"N\\",\\"Dimensions\\":[[]],\\"Metrics\\":[{\\"Name\\":\\"rows\\"}]}]},\\"rows\\":2}");
                default -> System.out.println("heard " + event);
            }
            write(out, "null");
            """;

    @TempDir Path folder;

    private Stack stack() throws IOException {
        Files.writeString(
                folder.resolve("machine.json"),
                """
                {"QueryLanguage":"JSONata","StartAt":"Announce","States":{"Announce":{"Type":"Task",
                 "Resource":"arn:aws:states:::events:putEvents","Arguments":{"Entries":[
                  {"Source":"app","DetailType":"Run","Detail":"{% {'run': $states.context.Execution.Name} %}"}]},
                 "End":true}}}\
                """);
        return TemplateReader.read(
                Files.writeString(folder.resolve("template.yaml"), TEMPLATE), Map.of());
    }

    @Test
    void eventsOfARun_areKeptWithoutTheLiveSide_andHeardWithIt() throws Exception {
        FunctionZip.build(folder, "Live", MEMBERS, BODY);
        SimulatedClock clock = new SimulatedClock(START);
        try (Home home = Home.take(folder.resolve("home"));
                LocalCloud cloud = LocalCloud.open(home, stack(), clock, (_, _) -> {})) {
            cloud.run("alone", "{}");
            Live live = cloud.live();
            cloud.run("heard", "{}");
            live.advanceTo(START);

            List<JsonNode> events =
                    Files.readAllLines(home.live().events()).stream()
                            .map(LocalCloudLiveTest::tree)
                            .toList();
            assertEquals(
                    List.of("alone", "heard"),
                    events.stream().map(each -> each.at("/detail/run").asString("")).toList());
            assertNotEquals(events.get(0).get("id"), events.get(1).get("id"));
            List<String> heard =
                    Files.readAllLines(home.logs().resolve("Listener.log")).stream()
                            .filter(line -> line.startsWith("heard "))
                            .toList();
            assertEquals(1, heard.size(), heard::toString);
            assertTrue(
                    heard.getFirst().contains("execution:perennial-Training:heard"),
                    heard.getFirst());
        }
    }

    @Test
    void scheduleQueueMetricAlarmAndEvents_meetAcrossProcesses() throws Exception {
        FunctionZip.build(folder, "Live", MEMBERS, BODY);
        Stack stack = stack();
        SimulatedClock clock = new SimulatedClock(START);
        try (Home home = Home.take(folder.resolve("home"));
                LocalCloud cloud = LocalCloud.open(home, stack, clock, (_, _) -> {})) {
            Live live = cloud.live();

            live.advanceTo(START.plus(Duration.ofMinutes(5)));

            assertEquals(
                    2.0,
                    live.metrics()
                            .statistics(
                                    new Metric("N", "rows", Map.of()),
                                    Instant.parse("2024-05-01T12:00:00Z"),
                                    Instant.parse("2024-05-01T12:01:00Z"))
                            .orElseThrow()
                            .value(Statistic.Sum));
            List<String> events = Files.readAllLines(home.live().events());
            assertEquals(
                    List.of(
                            "Sent",
                            "Run",
                            "CloudWatch Alarm State Change",
                            "CloudWatch Alarm State Change"),
                    events.stream()
                            .map(each -> tree(each).path("detail-type").asString(""))
                            .toList());
            assertEquals(
                    "2024-05-01T12:00:00Z",
                    tree(events.getFirst()).path("detail").path("time").asString(""));
            assertEquals(
                    AlarmState.INSUFFICIENT_DATA,
                    live.alarms().states().get("perennial-Drift").state());
            assertEquals(1, Files.readAllLines(home.live().notifications()).size());
            assertEquals(
                    4,
                    Files.readAllLines(home.logs().resolve("Listener.log")).stream()
                            .filter(line -> line.startsWith("heard "))
                            .count());
            assertEquals(0, live.incidents().lost());
            assertEquals(0, live.incidents().failures());
        }
        assertTrue(Files.exists(folder.resolve("home/live/metrics.jsonl")));
    }

    private static JsonNode tree(String line) {
        return Json.tree("event", line.getBytes(StandardCharsets.UTF_8));
    }
}
