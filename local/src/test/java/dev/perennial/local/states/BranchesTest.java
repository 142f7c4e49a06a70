package dev.perennial.local.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BranchesTest {
    private static String map(String more) {
        return Machines.machine(
                """
                "M": {"Type":"Map","Items":"{%% $states.input %%}",%s,"End":true,"ItemProcessor":{
                  "ProcessorConfig":{"Mode":"INLINE"},"StartAt":"T","States":{
                    "T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true}}}}
                """
                        .formatted(more));
    }

    @Test
    void map_runsAsManyAtOnceAsItMay_andNoMore() throws InterruptedException {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CyclicBarrier together = new CyclicBarrier(3); // passes only if three do run at once
        try (Machines machines =
                Machines.with(call -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    try {
                        together.await();
                    } catch (java.util.concurrent.BrokenBarrierException e) {
                        throw new IllegalStateException(e);
                    }
                    running.decrementAndGet();
                    return call.arguments();
                })) {
            Execution execution = machines.run(map("\"MaxConcurrency\":3"), "[1,2,3,4,5,6]");

            assertEquals("[1,2,3,4,5,6]", Json.write(Machines.output(execution)));
            assertEquals(3, most.get());
        }
    }

    @Test
    void map_withoutLimit_runsAllItemsAtOnce() throws InterruptedException {
        CountDownLatch all = new CountDownLatch(50);
        try (Machines machines =
                Machines.with(call -> {
                    all.countDown();
                    all.await();
                    return call.arguments();
                })) {
            String items = java.util.stream.IntStream.range(0, 50).boxed().toList().toString();

            assertEquals(
                    ExecutionStatus.SUCCEEDED,
                    machines.run(map("\"MaxConcurrency\":0"), items).status());
        }
    }

    @Test
    void map_firstFailure_interruptsTheOthers_andStartsNoMore() throws InterruptedException {
        CountDownLatch othersRun = new CountDownLatch(2);
        CountDownLatch interrupted = new CountDownLatch(2);
        AtomicInteger started = new AtomicInteger();
        try (Machines machines =
                Machines.with(call -> {
                    started.incrementAndGet();
                    if (call.arguments().intValue() == 1) {
                        othersRun.await();
                        throw new TaskFailedException("Boom", "item 1");
                    }
                    othersRun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                    return call.arguments();
                })) {
            Execution execution = machines.run(map("\"MaxConcurrency\":3"), "[1,2,3,4,5]");

            interrupted.await();
            assertEquals(Optional.of("Boom"), execution.error());
            assertEquals(3, started.get());
        }
    }

    @Test
    void parallel_keepsVariablesOfItsBranchesApart() throws InterruptedException {
        try (Machines machines = Machines.withoutTasks()) {
            Execution execution =
                    machines.run(
                            Machines.machine(
                                    """
                                    "A": {"Type":"Pass","Assign":{"outer":1},"Next":"P"},
                                    "P": {"Type":"Parallel","End":true,"Branches":[
                                      {"StartAt":"B","States":{"B":{"Type":"Pass","Assign":{"own":2},"Next":"C"},
                                         "C":{"Type":"Pass","Output":"{% $outer + $own %}","End":true}}},
                                      {"StartAt":"D","States":{"D":{"Type":"Pass","Assign":{"own":30},"Next":"E"},
                                         "E":{"Type":"Pass","Output":"{% $outer + $own %}","End":true}}}]}
                                    """),
                            "{}");

            assertEquals("[3,31]", Json.write(Machines.output(execution)));
        }
    }

    @Test
    void stop_interruptsEveryBranch_andAborts() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(2);
        CountDownLatch interrupted = new CountDownLatch(2);
        try (Machines machines =
                Machines.with(call -> {
                    running.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                    return call.arguments();
                })) {
            Execution started = machines.start(map("\"MaxConcurrency\":2"), "[1,2,3]");
            running.await();

            Execution stopped =
                    machines.executions.stop(
                            started.arn(), Optional.of("Changed"), Optional.of("my mind"));

            interrupted.await();
            assertEquals(ExecutionStatus.ABORTED, stopped.status());
            assertEquals(Optional.of("Changed"), stopped.error());
            assertTrue(stopped.history().getLast() instanceof ExecutionEvent.ExecutionEnded);
        }
    }

    @Test
    void stop_interruptsAnEndlessExpression() throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        try (Machines machines =
                Machines.with(call -> {
                    reached.countDown();
                    return call.arguments();
                })) {
            Execution started =
                    machines.start(
                            Machines.machine(
                                    """
                                    "T": {"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true,
                                          "Output":"{% ($f := function($x){ $f($x + 1) }; $f(0)) %}"}
                                    """),
                            "{}");
            reached.await();

            Execution stopped =
                    machines.executions.stop(started.arn(), Optional.empty(), Optional.empty());

            assertEquals(ExecutionStatus.ABORTED, stopped.status());
        }
    }
}
