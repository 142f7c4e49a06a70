package dev.perennial.local.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
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
        var open = new java.util.concurrent.CountDownLatch(1);
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

    private static final String TASK =
            "\"T\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::lambda:invoke\",\"End\":true}";

    private static String refused(Machines machines, String arn, String input) {
        return org.junit.jupiter.api.Assertions.assertThrows(
                        RequestRefusedException.class,
                        () -> machines.executions.start(arn, Optional.of("once"), input))
                .code();
    }
}
