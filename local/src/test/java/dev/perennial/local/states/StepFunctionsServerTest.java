package dev.perennial.local.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.local.aws.Clients;
import dev.perennial.local.permission.Credentials;
import dev.perennial.local.permission.Permissions;
import dev.perennial.local.permission.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionListItem;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEventType;
import software.amazon.awssdk.services.sfn.model.InvalidDefinitionException;
import software.amazon.awssdk.services.sfn.model.InvalidOutputException;
import software.amazon.awssdk.services.sfn.model.InvalidTokenException;
import software.amazon.awssdk.services.sfn.model.SfnException;
import software.amazon.awssdk.services.sfn.model.StateMachineDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.TaskDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.TaskTimedOutException;

/** The server through AWS's own client. */
class StepFunctionsServerTest {
    private static final String ROLE = "arn:aws:iam::000000000000:role/r";
    private static final String TASK =
            Machines.machine(
                    "\"T\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::lambda:invoke\",\"End\":true}");

    private final CountDownLatch open = new CountDownLatch(1);
    private final BlockingQueue<String> tokens = new LinkedBlockingQueue<>();
    private final Machines machines =
            Machines.with(call -> {
                String token = call.arguments().path("token").asString("");
                if (!token.isEmpty()) {
                    tokens.add(token);
                    return call.arguments();
                }
                open.await();
                return call.arguments();
            });
    private final StepFunctionsServer server =
            StepFunctionsServer.start(
                    machines.executions, Permissions.ofOwner(new Credentials("a", "b")));
    private final SfnClient client =
            SfnClient.builder()
                    .endpointOverride(server.endpoint())
                    .region(Region.US_EAST_1)
                    .credentialsProvider(
                            StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
                    .httpClient(ApacheHttpClient.create())
                    .build();

    @AfterEach
    void close() {
        client.close();
        server.close();
        machines.close();
    }

    private String create(String name) {
        return client.createStateMachine(b -> b.name(name).definition(TASK).roleArn(ROLE))
                .stateMachineArn();
    }

    @Test
    void execution_fromStartToHistory() throws InterruptedException {
        String machine = create("training");
        String input = "{\"text\":\"Grüße 😀\",\"n\":1.0}";

        String arn =
                client.startExecution(b -> b.stateMachineArn(machine).name("one").input(input))
                        .executionArn();
        assertEquals(
                arn,
                client.startExecution(b -> b.stateMachineArn(machine).name("one").input(input))
                        .executionArn());
        assertEquals(
                ExecutionStatus.RUNNING,
                client.describeExecution(b -> b.executionArn(arn)).status());
        open.countDown();
        machines.executions.await(arn);

        DescribeExecutionResponse ended = client.describeExecution(b -> b.executionArn(arn));
        assertEquals(ExecutionStatus.SUCCEEDED, ended.status());
        assertEquals(input, ended.output());
        assertEquals(machines.clock.instant(), ended.startDate());
        assertEquals(
                List.of(
                        HistoryEventType.EXECUTION_STARTED,
                        HistoryEventType.TASK_STATE_ENTERED,
                        HistoryEventType.TASK_STATE_EXITED,
                        HistoryEventType.EXECUTION_SUCCEEDED),
                client
                        .getExecutionHistoryPaginator(b -> b.executionArn(arn).maxResults(3))
                        .events()
                        .stream()
                        .map(e -> e.type())
                        .toList());
        assertThrows(
                ExecutionAlreadyExistsException.class,
                () ->
                        client.startExecution(
                                b -> b.stateMachineArn(machine).name("one").input(input)));
        assertEquals(
                List.of("one"),
                client
                        .listExecutions(b -> b.stateMachineArn(machine).statusFilter("SUCCEEDED"))
                        .executions()
                        .stream()
                        .map(ExecutionListItem::name)
                        .toList());
    }

    @Test
    void published_isStartedByItsAlias_underThePermissionForThatAlias() throws Exception {
        String machine = create("training");
        machines.executions.publish(
                machines.executions.stateMachine(machine),
                List.of(machine + ":1", machine + ":live"));
        open.countDown();
        Permissions permissions =
                new Permissions(
                        "000000000000",
                        "perennial",
                        new Credentials("a", "b"),
                        List.of(
                                new Permissions.Member(
                                        "F",
                                        "perennial-F",
                                        List.of(
                                                new Statement(
                                                        "t.yaml:1",
                                                        Statement.Effect.ALLOW,
                                                        List.of("states:StartExecution"),
                                                        List.of(machine),
                                                        List.of(
                                                                new Statement.Condition(
                                                                        Statement.Operator
                                                                                .STRING_EQUALS,
                                                                        "states:StateMachineQualifier",
                                                                        List.of("live"))))))),
                        _ -> {});
        try (StepFunctionsServer guarded =
                        StepFunctionsServer.start(machines.executions, permissions);
                SfnClient member =
                        Clients.stepFunctions(guarded.endpoint(), permissions.credentials("F"))) {
            String execution =
                    member.startExecution(b -> b.stateMachineArn(machine + ":live").name("one"))
                            .executionArn();
            machines.executions.await(execution);

            assertEquals(
                    machine.replace(":stateMachine:", ":execution:") + ":one",
                    execution,
                    "an execution's ARN names no alias");
            for (String other : List.of(machine, machine + ":1")) {
                SfnException denied =
                        assertThrows(
                                SfnException.class,
                                () -> member.startExecution(b -> b.stateMachineArn(other)));
                assertEquals("AccessDeniedException", denied.awsErrorDetails().errorCode());
            }
            assertThrows(
                    StateMachineDoesNotExistException.class,
                    () -> client.startExecution(b -> b.stateMachineArn(machine + ":next")));
        }
    }

    @Test
    void stop_aborts() {
        String machine = create("training");
        String arn = client.startExecution(b -> b.stateMachineArn(machine)).executionArn();

        client.stopExecution(b -> b.executionArn(arn).error("Enough").cause("said so"));

        DescribeExecutionResponse stopped = client.describeExecution(b -> b.executionArn(arn));
        assertEquals(ExecutionStatus.ABORTED, stopped.status());
        assertEquals("said so", stopped.cause());
    }

    @Test
    void taskTokens_areAnsweredOnce_andNeverAfter() throws InterruptedException {
        String machine =
                client.createStateMachine(b ->
                                b.name("asks").roleArn(ROLE).definition(TaskTokenTest.asking("")))
                        .stateMachineArn();
        String good = client.startExecution(b -> b.stateMachineArn(machine)).executionArn();
        String token = tokens.take();

        assertThrows(
                InvalidOutputException.class,
                () -> client.sendTaskSuccess(b -> b.taskToken(token).output("{")));
        client.sendTaskHeartbeat(b -> b.taskToken(token));
        client.sendTaskSuccess(b -> b.taskToken(token).output("{\"n\":1.0}"));
        machines.executions.await(good);
        String bad = client.startExecution(b -> b.stateMachineArn(machine)).executionArn();
        String other = tokens.take();
        client.sendTaskFailure(b -> b.taskToken(other).error("Refused").cause("by Ann"));
        machines.executions.await(bad);

        assertEquals("{\"n\":1.0}", client.describeExecution(b -> b.executionArn(good)).output());
        DescribeExecutionResponse failed = client.describeExecution(b -> b.executionArn(bad));
        assertEquals(List.of("Refused", "by Ann"), List.of(failed.error(), failed.cause()));
        assertThrows(
                TaskTimedOutException.class,
                () -> client.sendTaskSuccess(b -> b.taskToken(token).output("1")));
        assertThrows(
                TaskDoesNotExistException.class,
                () -> client.sendTaskFailure(b -> b.taskToken("0".repeat(64))));
        assertThrows(
                InvalidTokenException.class,
                () -> client.sendTaskHeartbeat(b -> b.taskToken("guessed")));
    }

    @Test
    void start_ofOneName_twoHundredTimesAtOnce_isOneExecution() throws Exception {
        String machine = create("training");
        CountDownLatch all = new CountDownLatch(1);
        Set<String> arns = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> started = new ArrayList<>();
            Callable<String> start =
                    () -> {
                        all.await();
                        return client.startExecution(
                                        b -> b.stateMachineArn(machine).name("once").input("{}"))
                                .executionArn();
                    };
            for (int i = 0; i < 200; i++) {
                started.add(threads.submit(start));
            }
            all.countDown();
            for (Future<String> each : started) {
                arns.add(each.get());
            }
        }

        assertEquals(1, arns.size());
        assertEquals(1, client.listExecutions(b -> b.stateMachineArn(machine)).executions().size());
        assertEquals(
                1,
                machines.events.stream()
                        .filter(ExecutionEvent.ExecutionStarted.class::isInstance)
                        .count());
    }

    @Test
    void stateMachine_isListedAndDescribed_untilDeleted() {
        String arn = create("training");

        assertEquals(arn, create("training"));
        assertEquals(TASK, client.describeStateMachine(b -> b.stateMachineArn(arn)).definition());
        assertEquals(1, client.listStateMachines().stateMachines().size());
        client.deleteStateMachine(b -> b.stateMachineArn(arn));
        assertEquals(0, client.listStateMachines().stateMachines().size());
        assertThrows(
                StateMachineDoesNotExistException.class,
                () -> client.startExecution(b -> b.stateMachineArn(arn)));
    }

    @Test
    void createStateMachine_withProblems_namesAllOfThem() {
        InvalidDefinitionException refusal =
                assertThrows(
                        InvalidDefinitionException.class,
                        () ->
                                client.createStateMachine(b ->
                                        b.name("bad")
                                                .roleArn(ROLE)
                                                .definition(
                                                        Machines.machine(
                                                                "\"S\":{\"Type\":\"Pass\",\"Result\":1,\"Next\":\"X\"}"))));

        String message = refusal.awsErrorDetails().errorMessage();
        assertTrue(message.contains("'Result'") && message.contains("'X'"), message);
    }

    @Test
    void whatIsNotImplemented_isRefusedByName() {
        SfnException operation = assertThrows(SfnException.class, client::listActivities);
        SfnException member =
                assertThrows(
                        SfnException.class,
                        () ->
                                client.createStateMachine(b ->
                                        b.name("m").definition(TASK).roleArn(ROLE).publish(true)));

        assertTrue(String.valueOf(operation.getMessage()).contains("ListActivities"));
        assertTrue(String.valueOf(member.getMessage()).contains("publish"));
        assertThrows(
                ExecutionDoesNotExistException.class,
                () ->
                        client.describeExecution(b ->
                                b.executionArn(
                                        "arn:aws:states:us-east-1:000000000000:execution:a:b")));
    }
}
