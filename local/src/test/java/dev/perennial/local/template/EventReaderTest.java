package dev.perennial.local.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.local.template.AlarmResource.Comparison;
import dev.perennial.local.template.AlarmResource.MissingData;
import dev.perennial.local.template.AlarmResource.Statistic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventReaderTest {
    private static final String FUNCTION_ARN =
            "arn:aws:lambda:us-east-1:000000000000:function:perennial-F";
    private static final String WHOLE =
            """
            Parameters:
              Pipeline: {Type: String, Default: power}
            Resources:
              Dead:
                Type: AWS::SQS::Queue
                Properties: {MessageRetentionPeriod: 1209600, SqsManagedSseEnabled: true}
              Queue:
                Type: AWS::SQS::Queue
                Properties:
                  VisibilityTimeout: 120
                  ReceiveMessageWaitTimeSeconds: 20
                  RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}
              Policy:
                Type: AWS::SQS::QueuePolicy
                Properties: {Queues: [!Ref Queue]}
              Topic: {Type: AWS::SNS::Topic}
              F:
                Type: AWS::Serverless::Function
                Properties:
                  Runtime: java25
                  Handler: a.B::c
                  CodeUri: f.zip
                  Timeout: 60
                  ReservedConcurrentExecutions: 1
                  Environment:
                    Variables: {QUEUE: !Ref Queue, NAME: !GetAtt Queue.QueueName, ALARM: !Ref Alarm}
                  Events:
                    Batch:
                      Type: SQS
                      Properties:
                        Queue: !GetAtt Queue.Arn
                        BatchSize: 500
                        MaximumBatchingWindowInSeconds: 30
                        FunctionResponseTypes: [ReportBatchItemFailures]
                        ScalingConfig: {MaximumConcurrency: 2}
                        Enabled: true
                    Weekly:
                      Type: ScheduleV2
                      Properties:
                        ScheduleExpression: cron(0 2 ? * SUN *)
                        ScheduleExpressionTimezone: Europe/Berlin
                        Description: every week
                        Input: !Sub '{"pipeline":"${Pipeline}","time":"<aws.scheduler.scheduled-time>"}'
                        FlexibleTimeWindow: {Mode: 'OFF'}
                        RetryPolicy: {MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600}
                        State: ENABLED
                    Off:
                      Type: ScheduleV2
                      Properties: {ScheduleExpression: rate(1 hour), Input: '{}', State: DISABLED}
                    Alarm:
                      Type: EventBridgeRule
                      Properties:
                        Pattern:
                          source: [aws.cloudwatch]
                          detail-type: [CloudWatch Alarm State Change]
                          detail:
                            alarmName: [!Ref Alarm]
                            state: {value: [ALARM]}
                            level: [{numeric: ['>=', 5]}, null, true]
                        Target: {Id: Trigger}
                        RetryPolicy: {MaximumRetryAttempts: 3}
                  EventInvokeConfig:
                    MaximumRetryAttempts: 1
                    MaximumEventAgeInSeconds: 600
                    DestinationConfig:
                      OnFailure: {Type: SQS, Destination: !GetAtt Dead.Arn}
                  DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Dead.Arn}
              Alarm:
                Type: AWS::CloudWatch::Alarm
                Properties:
                  AlarmName: !Sub '${Pipeline}-drift'
                  AlarmDescription: the live data drift
                  Namespace: Perennial
                  MetricName: Drift
                  Dimensions: [{Name: pipeline, Value: !Ref Pipeline}]
                  Statistic: Maximum
                  Period: 3600
                  EvaluationPeriods: 3
                  DatapointsToAlarm: 2
                  Threshold: 0.5
                  ComparisonOperator: GreaterThanOrEqualToThreshold
                  TreatMissingData: notBreaching
                  AlarmActions: [!Ref Topic]
                  OKActions: [!Ref Topic]
            Outputs:
              AlarmArn: {Value: !GetAtt Alarm.Arn}
              QueueUrl: {Value: !Ref Queue}
            """;

    @TempDir Path folder;

    private Stack read(String template) throws IOException {
        return TemplateReader.read(
                Files.writeString(folder.resolve("template.yaml"), template), Map.of());
    }

    private List<String> refused(String template) {
        return assertThrows(UnsupportedTemplateException.class, () -> read(template))
                .problems()
                .stream()
                .map(each -> each.replaceFirst(".*?template.yaml:\\d+: ", ""))
                .toList();
    }

    @Test
    void wholeTemplate_isReadWhole() throws IOException {
        Stack stack = read(WHOLE);

        EventResources events = stack.events();
        String dead = "arn:aws:sqs:us-east-1:000000000000:perennial-Dead";
        String queue = "arn:aws:sqs:us-east-1:000000000000:perennial-Queue";
        assertEquals(
                new QueueResource(
                        "Queue",
                        Duration.ofSeconds(120),
                        Duration.ofSeconds(20),
                        Optional.of(new QueueResource.Redrive(dead, 5))),
                events.queues().getLast());
        assertEquals(queue, events.queues().getLast().arn());
        assertEquals(
                List.of(new QueueSource(FUNCTION_ARN, queue, 500, Duration.ofSeconds(30), true)),
                events.queueSources());
        ScheduleResource weekly = events.schedules().getFirst();
        assertEquals(1, events.schedules().size());
        assertEquals("perennial-FWeekly", weekly.name());
        assertEquals(FUNCTION_ARN, weekly.function());
        assertEquals(
                "{\"pipeline\":\"power\",\"time\":\"<aws.scheduler.scheduled-time>\"}",
                weekly.input());
        assertEquals(
                "{\"detail\":{\"alarmName\":[\"power-drift\"],\"level\":[{\"numeric\":[\">=\",5]},null,true],"
                        + "\"state\":{\"value\":[\"ALARM\"]}},"
                        + "\"detail-type\":[\"CloudWatch Alarm State Change\"],\"source\":[\"aws.cloudwatch\"]}",
                events.rules().getFirst().pattern());
        assertEquals(
                List.of(
                        new AsynchronousPolicy(
                                FUNCTION_ARN,
                                1,
                                Duration.ofMinutes(10),
                                Optional.of(dead),
                                Optional.of(dead))),
                events.asynchronous());
        assertEquals(
                new AlarmResource(
                        "power-drift",
                        "the live data drift",
                        "Perennial",
                        "Drift",
                        Map.of("pipeline", "power"),
                        Statistic.Maximum,
                        Duration.ofHours(1),
                        3,
                        2,
                        0.5,
                        Comparison.GreaterThanOrEqualToThreshold,
                        MissingData.notBreaching,
                        List.of("arn:aws:sns:us-east-1:000000000000:perennial-Topic"),
                        List.of("arn:aws:sns:us-east-1:000000000000:perennial-Topic")),
                events.alarms().getFirst());
        assertEquals(
                "arn:aws:cloudwatch:us-east-1:000000000000:alarm:power-drift",
                events.alarms().getFirst().arn());
        Map<String, String> environment = stack.functions().getFirst().environment();
        assertEquals(
                "http://sqs.us-east-1.localhost/000000000000/perennial-Queue",
                environment.get("QUEUE"));
        assertEquals("perennial-Queue", environment.get("NAME"));
        assertEquals("power-drift", environment.get("ALARM"));
    }

    @Test
    void whatHasNoEffect_isSaid() throws IOException {
        List<String> said = read(WHOLE).notEnforced();

        assertTrue(
                said.contains(
                        "Dead.MessageRetentionPeriod: messages are kept until they are deleted or the process ends"));
        assertTrue(
                said.contains(
                        "Dead.SqsManagedSseEnabled: files on this machine are not encrypted"));
        assertTrue(
                said.contains(
                        "F.ReservedConcurrentExecutions: as many events run at once as this machine has processors"));
        assertTrue(
                said.contains(
                        "F.Events.Batch.ScalingConfig: one batch of a queue runs at a time here, fewer than it allows"));
        assertTrue(
                said.stream().anyMatch(each -> each.startsWith("F.Events.Weekly.RetryPolicy: ")));
        assertTrue(
                said.contains(
                        "Policy (AWS::SQS::QueuePolicy): only the policies of functions and state machines are evaluated here"));
    }

    @Test
    void whatItDoesNotDo_isRefusedByName() {
        assertEquals(
                List.of(
                        "the local cloud does not support the property FifoQueue of Queue (AWS::SQS::Queue)",
                        "the local cloud does not support the property F.Events.Batch.FilterCriteria",
                        "the local cloud does not support the property F.Events.Weekly.StartDate",
                        "F.Events.Weekly.FlexibleTimeWindow.Mode says 'FLEXIBLE', expected one of OFF",
                        "the local cloud does not support the property F.Events.Alarm.InputPath",
                        "the local cloud does not support the property F.EventInvokeConfig.DestinationConfig.OnSuccess",
                        "the local cloud does not support the property Unit of Alarm (AWS::CloudWatch::Alarm)",
                        "the local cloud does not support the action 'arn:aws:lambda:x' of Alarm.OKActions; it notifies topics of this template"),
                refused(
                        WHOLE.replace(
                                        "VisibilityTimeout: 120",
                                        "VisibilityTimeout: 120\n      FifoQueue: true")
                                .replace(
                                        "BatchSize: 500",
                                        "BatchSize: 500\n            FilterCriteria: {}")
                                .replace(
                                        "State: ENABLED",
                                        "State: ENABLED\n            StartDate: x")
                                .replace("{Mode: 'OFF'}", "{Mode: FLEXIBLE}")
                                .replace(
                                        "Target: {Id: Trigger}",
                                        "Target: {Id: Trigger}\n            InputPath: $.x")
                                .replace(
                                        "DestinationConfig:\n",
                                        "DestinationConfig:\n          OnSuccess: {}\n")
                                .replace(
                                        "Statistic: Maximum",
                                        "Statistic: Maximum\n      Unit: Count")
                                .replace(
                                        "OKActions: [!Ref Topic]",
                                        "OKActions: ['arn:aws:lambda:x']")));
    }

    @Test
    void whatAwsRefuses_isRefused() {
        List<String> problems =
                refused(
                        WHOLE.replace("VisibilityTimeout: 120", "VisibilityTimeout: 59")
                                .replace(
                                        "MaximumBatchingWindowInSeconds: 30",
                                        "MaximumBatchingWindowInSeconds: 0")
                                .replace("cron(0 2 ? * SUN *)", "cron(0 2 * * SUN *)")
                                .replace("Period: 3600", "Period: 90")
                                .replace("DatapointsToAlarm: 2", "DatapointsToAlarm: 4")
                                .replace("source: [aws.cloudwatch]", "source: aws.cloudwatch"));

        assertEquals(6, problems.size(), problems.toString());
        assertTrue(problems.get(0).startsWith("F.Events.Batch has a BatchSize above 10"));
        assertTrue(problems.get(1).contains("exactly one of day-of-month and day-of-week"));
        assertTrue(problems.get(2).startsWith("F.Events.Alarm.Pattern is none: "));
        assertTrue(problems.get(3).contains("Alarm.Period 90"));
        assertTrue(problems.get(4).startsWith("Alarm.DatapointsToAlarm is '4'"));
        assertEquals(
                "Queue.VisibilityTimeout is 59, less than the Timeout 60 of F: Lambda refuses that",
                problems.get(5));
    }

    @Test
    void eventsInGlobals_areRefused() {
        assertEquals(
                List.of("the local cloud does not support the property Events of Globals.Function"),
                refused("Globals: {Function: {Events: {}}}\n" + WHOLE));
    }

    @Test
    void unknownEventType_isNamed() {
        assertEquals(
                List.of(
                        "the local cloud does not support the event type 'Kinesis' of F.Events.Batch; it runs SQS, ScheduleV2, EventBridgeRule"),
                refused(WHOLE.replace("Type: SQS\n", "Type: Kinesis\n")));
    }
}
