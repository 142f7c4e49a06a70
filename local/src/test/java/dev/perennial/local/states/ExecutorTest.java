package dev.perennial.local.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ExecutorTest {
    @Test
    void assign_readsOldValues_andOutputDoesToo() throws InterruptedException {
        try (Machines machines = Machines.withoutTasks()) {
            Execution execution =
                    machines.run(
                            Machines.machine(
                                    """
                                    "A": {"Type":"Pass","Assign":{"a":1},"Next":"B"},
                                    "B": {"Type":"Pass","Assign":{"a":"{% $a+1 %}","b":"{% $a %}"},"Output":"{% $a %}","Next":"C"},
                                    "C": {"Type":"Pass","Output":["{% $a %}","{% $b %}","{% $states.input %}"],"End":true}
                                    """),
                            "{}");

            assertEquals("[2,1,1]", Json.write(Machines.output(execution)));
        }
    }

    @Test
    void task_getsArguments_andResultReachesOutputAndAssign() throws InterruptedException {
        try (Machines machines =
                Machines.with(call ->
                        Json.parse(
                                "{\"Payload\":{\"got\":" + Json.write(call.arguments()) + "}}"))) {
            Execution execution =
                    machines.run(
                            Machines.machine(
                                    """
                                    "T": {"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",
                                          "Arguments":{"x":"{% $states.input.n * 2 %}"},
                                          "Assign":{"x":"{% $states.result.Payload.got.x %}"},
                                          "Output":"{% $states.result.Payload %}","Next":"Z"},
                                    "Z": {"Type":"Pass","Output":["{% $x %}","{% $states.input %}"],"End":true}
                                    """),
                            "{\"n\":21}");

            assertEquals("[42,{\"got\":{\"x\":42}}]", Json.write(Machines.output(execution)));
            assertTrue(machines.events.getFirst() instanceof ExecutionEvent.ExecutionStarted);
            assertTrue(machines.events.getLast() instanceof ExecutionEvent.ExecutionEnded);
            assertEquals(List.copyOf(machines.events), execution.history());
        }
    }

    @Test
    void start_withTheSameNameAndInputWhileRunning_isTheSameExecution()
            throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        try (Machines machines =
                Machines.with(call -> {
                    open.await();
                    return Json.parse("1");
                })) {
            String arn = machines.create(Machines.machine(TASK)).arn();
            Execution first = machines.executions.start(arn, Optional.of("once"), "{\"a\":1}");

            Execution again = machines.executions.start(arn, Optional.of("once"), "{\"a\": 1}");
            assertEquals(first.arn(), again.arn());
            assertEquals("ExecutionAlreadyExists", refused(machines, arn, "{\"a\":2}"));
            open.countDown();
            assertEquals(
                    ExecutionStatus.SUCCEEDED, machines.executions.await(first.arn()).status());
            assertEquals("ExecutionAlreadyExists", refused(machines, arn, "{\"a\":1}"));
        }
    }

    @Test
    void context_tellsWhereTheStateIs() throws InterruptedException {
        try (Machines machines = Machines.withoutTasks()) {
            Execution execution =
                    machines.run(
                            Machines.machine(
                                    """
                                    "W": {"Type":"Wait","Timestamp":"2026-01-31T13:00:00+00:30","Next":"S"},
                                    "S": {"Type":"Pass","Output":"{% $states.context %}","End":true}
                                    """),
                            "[1.0]");

            assertEquals(
                    "{\"Execution\":{\"Id\":\"%s\",\"Name\":\"%s\",\"RoleArn\":\"arn:aws:iam::000000000000:role/r\",\"StartTime\":\"2026-01-31T12:00:00Z\",\"RedriveCount\":0,\"Input\":[1.0]},\"StateMachine\":{\"Id\":\"%s\",\"Name\":\"m0\"},\"State\":{\"Name\":\"S\",\"EnteredTime\":\"2026-01-31T12:30:00Z\",\"RetryCount\":0}}"
                            .formatted(
                                    execution.arn(), execution.name(), execution.stateMachineArn()),
                    Json.write(Machines.output(execution)));
        }
    }

    @Test
    void expressions_readTheExecutorsClock() throws InterruptedException {
        try (Machines machines = Machines.withoutTasks()) {
            Execution execution =
                    machines.run(
                            Machines.machine(
                                    "\"S\":{\"Type\":\"Pass\",\"Output\":[\"{% $now() %}\",\"{% $millis() %}\",\"{% $random(7) = $random(7) %}\"],\"End\":true}"),
                            "{}");

            assertEquals(
                    "[\"2026-01-31T12:00:00.000Z\",1769860800000,true]",
                    Json.write(Machines.output(execution)));
        }
    }

    @Test
    void expression_thatRecursesWithoutEnd_isAQueryEvaluationError() throws InterruptedException {
        try (Machines machines = Machines.withoutTasks()) {
            Execution execution =
                    machines.run(
                            Machines.machine(
                                    "\"S\":{\"Type\":\"Pass\",\"Output\":\"{% ($f := function($x){ 1 + $f($x) }; $f(0)) %}\",\"End\":true}"),
                            "{}");

            assertEquals(Optional.of("States.QueryEvaluationError"), execution.error());
        }
    }

    @Test
    void numbersAndText_passThroughExpressionsUnchanged() throws InterruptedException {
        String input =
                "{\"1.0\":1.0,\"big\":123456789012345678901234567890,\"long\":9007199254740993,\"small\":1E-30,\"ключ\":\"名前 😀\",\"nul\":null}";
        try (Machines machines = Machines.withoutTasks()) {
            Execution execution =
                    machines.run(
                            Machines.machine(
                                    "\"S\":{\"Type\":\"Pass\",\"Assign\":{\"a\":\"{% $states.input %}\"},\"Next\":\"Z\"},\"Z\":{\"Type\":\"Pass\",\"Output\":\"{% $a %}\",\"End\":true}"),
                            input);

            assertEquals(input, Json.write(Machines.output(execution)));
        }
    }

    @Test
    void start_withTooLargeOrBrokenInput_isRefused() {
        try (Machines machines = Machines.withoutTasks()) {
            String arn =
                    machines.create(Machines.machine("\"S\":{\"Type\":\"Pass\",\"End\":true}"))
                            .arn();

            assertEquals(
                    "InvalidExecutionInput",
                    refused(machines, arn, "\"" + "€".repeat(87_382) + "\""));
            assertEquals("InvalidExecutionInput", refused(machines, arn, "{"));
        }
    }

    private static final String TASK =
            "\"T\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::lambda:invoke\",\"End\":true}";

    private static String refused(Machines machines, String arn, String input) {
        return assertThrows(
                        RequestRefusedException.class,
                        () -> machines.executions.start(arn, Optional.of("once"), input))
                .code();
    }
}
