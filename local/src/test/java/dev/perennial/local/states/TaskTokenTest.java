package dev.perennial.local.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.local.time.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Tasks that wait for their token, in simulated time. */
@Timeout(60)
class TaskTokenTest {
    private static final Instant BEGIN = Instant.parse("2026-01-31T12:00:00Z");

    private final BlockingQueue<String> tokens = new LinkedBlockingQueue<>();
    private final SimulatedClock time = new SimulatedClock(BEGIN);
    private Machines.Task task = call -> Json.NODES.nullNode();
    private final Executions executions =
            new Executions(
                    new Surroundings(
                            Machines.runner(this::call),
                            time,
                            Waiting.simulated(time),
                            new Random(7),
                            (arn, event) -> {}));

    private JsonNode call(TaskCall call) throws InterruptedException {
        assertEquals(Machines.INVOKE, call.resource());
        tokens.add(call.arguments().path("token").stringValue());
        return task.run(call);
    }

    @AfterEach
    void close() {
        executions.close();
    }

    static String asking(String more) {
        return Machines.machine(
                """
                "T": {"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
                      "Arguments":{"token":"{%% $states.context.Task.Token %%}"},
                      "Output":"{%% $states.result %%}",%s"End":true},
                "C": {"Type":"Pass","Output":{"caught":"{%% $states.input %%}"},"End":true}
                """
                        .formatted(
                                more
                                        + "\"Catch\":[{\"ErrorEquals\":[\"Caught\"],\"Next\":\"C\"}],"));
    }

    private String start(String definition) {
        StateMachine machine =
                executions.create(
                        "asks", "arn:aws:iam::000000000000:role/r", executions.parse(definition));
        return executions.start(machine.arn(), Optional.empty(), "{}").arn();
    }

    private static String refusal(Runnable request) {
        return assertThrows(RequestRefusedException.class, request::run).code();
    }

    @Test
    void answer_becomesTheResult_notWhatTheCallReturned() throws InterruptedException {
        String arn = start(asking(""));

        executions.sendTaskSuccess(tokens.take(), "{\"by\":\"Ann\",\"n\":1.0}");

        assertEquals(
                "{\"by\":\"Ann\",\"n\":1.0}", Json.write(Machines.output(executions.await(arn))));
    }

    @Test
    void answer_beforeTheCallReturned_letsTheCallFinish() throws InterruptedException {
        CountDownLatch finished = new CountDownLatch(1);
        task =
                call -> {
                    executions.sendTaskSuccess(
                            call.arguments().path("token").stringValue(), "\"early\"");
                    finished.countDown();
                    throw new TaskFailedException("TooLate", "the token was answered");
                };

        String arn = start(asking("\"TimeoutSeconds\":60,"));

        assertEquals("\"early\"", Json.write(Machines.output(executions.await(arn))));
        assertEquals(0, finished.getCount());
    }

    @Test
    void answeredTask_whoseCallHangs_endsWithTheAnswerWhenItsTimeIsUp()
            throws InterruptedException {
        task =
                call -> {
                    new CountDownLatch(1).await();
                    return Json.NODES.nullNode();
                };
        String arn = start(asking("\"TimeoutSeconds\":60,"));
        executions.sendTaskSuccess(tokens.take(), "\"done\"");

        time.advanceTo(BEGIN.plusSeconds(60));

        assertEquals("\"done\"", Json.write(Machines.output(executions.await(arn))));
    }

    @Test
    void failure_isCaught_withErrorAndCause() throws InterruptedException {
        String arn = start(asking(""));

        executions.sendTaskFailure(tokens.take(), Optional.of("Caught"), Optional.of("said no"));

        assertEquals(
                "{\"caught\":{\"Error\":\"Caught\",\"Cause\":\"said no\"}}",
                Json.write(Machines.output(executions.await(arn))));
    }

    @Test
    void retry_hasATokenOfItsOwn_andTheOldOneIsClosed() throws InterruptedException {
        String arn =
                start(asking("\"Retry\":[{\"ErrorEquals\":[\"Again\"],\"IntervalSeconds\":30}],"));
        String first = tokens.take();
        executions.sendTaskFailure(first, Optional.of("Again"), Optional.empty());
        String second = tokens.take();

        assertNotEquals(first, second);
        assertEquals("TaskTimedOut", refusal(() -> executions.sendTaskSuccess(first, "1")));
        executions.sendTaskSuccess(second, "2");
        assertEquals("2", Json.write(Machines.output(executions.await(arn))));
        assertEquals(BEGIN, time.instant(), "a pause takes no simulated time");
    }

    @Test
    void callThatFails_failsTheTask_withoutAnAnswer() throws InterruptedException {
        task =
                call -> {
                    throw new TaskFailedException("Broken", "at once");
                };

        String arn = start(asking(""));

        assertEquals(Optional.of("Broken"), executions.await(arn).error());
        String token = tokens.take();
        assertEquals("TaskTimedOut", refusal(() -> executions.sendTaskHeartbeat(token)));
    }

    @Test
    void taskTimesOut_whenSimulatedTimeIsAdvanced() throws InterruptedException {
        String arn = start(asking("\"TimeoutSeconds\":\"{% 86400 * 30 %}\","));
        String token = tokens.take();
        time.advanceTo(BEGIN.plus(Duration.ofDays(29)));
        executions.sendTaskHeartbeat(token); // still there

        time.advanceTo(BEGIN.plus(Duration.ofDays(30)));

        assertEquals(Optional.of("States.Timeout"), executions.await(arn).error());
        assertEquals("TaskTimedOut", refusal(() -> executions.sendTaskSuccess(token, "1")));
    }

    @Test
    void heartbeats_keepATaskAlive_untilOneIsMissing() throws InterruptedException {
        String arn = start(asking("\"HeartbeatSeconds\":60,\"TimeoutSeconds\":3600,"));
        String token = tokens.take();
        for (int i = 1; i <= 10; i++) {
            time.advanceTo(BEGIN.plusSeconds(59 * i));
            executions.sendTaskHeartbeat(token);
        }

        time.advanceTo(BEGIN.plusSeconds(59 * 10 + 60));

        Execution ended = executions.await(arn);
        assertEquals(Optional.of("States.HeartbeatTimeout"), ended.error());
        assertTrue(ended.cause().orElse("").contains("60"), ended.cause()::toString);
    }

    @Test
    void executionTimesOut_whileItWaits() throws InterruptedException {
        String arn = start("{\"TimeoutSeconds\":600," + asking("").substring(1));
        String token = tokens.take();

        time.advanceTo(BEGIN.plusSeconds(600));

        assertEquals(ExecutionStatus.TIMED_OUT, executions.await(arn).status());
        assertEquals("TaskTimedOut", refusal(() -> executions.sendTaskSuccess(token, "1")));
    }

    @Test
    void stop_whileItWaits_aborts() throws InterruptedException {
        String arn = start(asking("\"HeartbeatSeconds\":60,\"TimeoutSeconds\":3600,"));
        String token = tokens.take();

        Execution stopped = executions.stop(arn, Optional.of("Enough"), Optional.empty());

        assertEquals(ExecutionStatus.ABORTED, stopped.status());
        assertEquals("TaskTimedOut", refusal(() -> executions.sendTaskHeartbeat(token)));
    }

    @Test
    void hundredAnswersAtOnce_oneCounts() throws Exception {
        String arn = start(asking(""));
        String token = tokens.take();
        List<String> accepted = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> sent = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String answer = Integer.toString(i);
                sent.add(threads.submit(() -> isAccepted(token, answer)));
            }
            for (int i = 0; i < 100; i++) {
                if (sent.get(i).get()) {
                    accepted.add(Integer.toString(i));
                }
            }
        }

        assertEquals(1, accepted.size());
        assertEquals(accepted.getFirst(), Json.write(Machines.output(executions.await(arn))));
    }

    private boolean isAccepted(String token, String answer) {
        try {
            executions.sendTaskSuccess(token, answer);
            return true;
        } catch (RequestRefusedException refused) {
            return false;
        }
    }

    @Test
    void answers_thatStepFunctionsRefuses_areRefused() throws InterruptedException {
        start(asking(""));
        String token = tokens.take();

        assertEquals("InvalidOutput", refusal(() -> executions.sendTaskSuccess(token, "{")));
        assertEquals(
                "InvalidOutput",
                refusal(() -> executions.sendTaskSuccess(token, '"' + "x".repeat(262_144) + '"')));
        assertEquals(
                "ValidationException",
                refusal(() ->
                        executions.sendTaskFailure(
                                token, Optional.of("x".repeat(257)), Optional.empty())));
        assertEquals("InvalidToken", refusal(() -> executions.sendTaskSuccess("guessed", "1")));
        assertEquals(
                "TaskDoesNotExist", refusal(() -> executions.sendTaskSuccess("0".repeat(64), "1")));
    }

    @Test
    void executionIsQuiet_whileItWaitsForAnAnswer_andNotOnceItHasOne() throws Exception {
        String arn =
                start(
                        Machines.machine(
                                """
                                "T": {"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
                                      "Arguments":{"token":"{% $states.context.Task.Token %}"},"Next":"E"},
                                "E": {"Type":"Pass","End":true}
                                """));

        executions.awaitQuiet();

        assertEquals(ExecutionStatus.RUNNING, executions.execution(arn).status());
        assertFalse(executions.awaitQuiet(), "it was quiet already");
        executions.sendTaskSuccess(tokens.take(), "1");
        executions.awaitQuiet();
        assertEquals(ExecutionStatus.SUCCEEDED, executions.execution(arn).status());
    }

    @Test
    void timeThatIsSet_endsATask_beforeItsSetterGoesOn() throws Exception {
        String arn = start(asking("\"TimeoutSeconds\":600,"));
        executions.awaitQuiet();

        assertTrue(time.advanceTo(BEGIN.plusSeconds(600)));
        executions.awaitQuiet();

        assertEquals(ExecutionStatus.FAILED, executions.execution(arn).status());
        assertEquals(Optional.empty(), time.nextTimer());
    }
}
