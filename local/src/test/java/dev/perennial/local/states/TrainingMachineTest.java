package dev.perennial.local.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The factory's own state machine, with steps that answer from a script: which way does it go? */
class TrainingMachineTest {
    /** What each step answers when all goes well; one letter stands for an artifact. */
    private static final Map<String, String> GOOD =
            Map.of(
                    "Retrieve",
                    "{'spec':'s','snapshot':'n','badRows':'b','promotion':{'mode':'GATES','withinSeconds':60,'timeoutSeconds':60,'share':0,'confidence':0.95},'usage':{'step':'retrieve'}}",
                    "Validate",
                    "{'verdict':'ACCEPTED','profile':'p','findings':'f','usage':{'step':'validate'}}",
                    "Prepare",
                    "{'prepared':'q','split':'t','candidates':[{'index':0},{'index':1},{'index':2}],'usage':{'step':'prepare'}}",
                    "Train candidate",
                    "{'trained':{'model':'m'},'usage':{'step':'train'}}",
                    "Evaluate",
                    "{'accepted':true,'evaluation':'e','model':'m','championRevision':4,'metrics':{'auc':0.9},'usage':{'step':'evaluate'}}",
                    "Register",
                    "{'version':7,'model':'m','modelCard':'c','usage':{'step':'register'}}",
                    "Promote",
                    "{'version':7,'previousVersion':6,'revision':5,'usage':{'step':'promote'}}",
                    "Conclude",
                    "{'summary':'u','report':{'key':'runs/r/report.html'},'usage':{'step':'conclude'}}");

    /** What all tests of this class together have gone through, as {@code from → to}. */
    private static final Set<String> TAKEN = new ConcurrentSkipListSet<>();

    private static final AtomicInteger EXECUTIONS = new AtomicInteger();

    /** Fewer mean that somebody runs some tests of this class only. */
    private static final int ALL_EXECUTIONS = 45;

    private static String definition;

    private final Map<String, String> answers = new HashMap<>(GOOD);
    private final List<TaskCall> calls = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> hopeless = new ArrayList<>();
    private final List<JsonNode> events = new ArrayList<>();
    private boolean busIsDown;

    @BeforeAll
    static void read() throws IOException {
        definition =
                Files.readString(Path.of("..", "statemachine", "training.asl.json"))
                        .replace("${Pipeline}", "shop")
                        .replace("${BucketName}", "store");
    }

    private JsonNode answer(TaskCall call) {
        if (call.resource().equals(Machines.PUT_EVENTS)) {
            return take(call);
        }
        calls.add(call);
        String answer = answers.getOrDefault(call.state(), "{}");
        int candidate = call.arguments().at("/Payload/candidate/index").asInt(-1);
        if (hopeless.contains(candidate)) {
            throw new TaskFailedException("Boom", "candidate " + candidate);
        }
        if (answer.startsWith("!")) {
            throw new TaskFailedException(answer.substring(1), "the cause");
        }
        return Json.parse("{\"Payload\":" + answer.replace('\'', '"') + "}");
    }

    private synchronized JsonNode take(TaskCall call) {
        if (busIsDown) {
            throw new TaskFailedException("EventBridge.FailedEntry", "{}");
        }
        call.arguments().get("Entries").forEach(events::add);
        return Json.parse("{\"FailedEntryCount\":0}");
    }

    private static Execution taken(Execution execution) {
        EXECUTIONS.incrementAndGet();
        JsonNode states = Json.parse(definition).get("States");
        List<String> entered =
                execution.history().stream()
                        .filter(ExecutionEvent.StateEntered.class::isInstance)
                        .map(event -> ((ExecutionEvent.StateEntered) event).state())
                        .filter(states::has)
                        .toList();
        for (int i = 1; i < entered.size(); i++) {
            TAKEN.add(entered.get(i - 1) + " → " + entered.get(i));
        }
        return execution;
    }

    private static Set<String> edges() {
        Set<String> edges = new TreeSet<>();
        Json.parse(definition)
                .get("States")
                .propertyStream()
                .forEach(state -> {
                    List<String> targets = new ArrayList<>();
                    targets.add(state.getValue().path("Next").asString(""));
                    targets.add(state.getValue().path("Default").asString(""));
                    for (String ways : List.of("Choices", "Catch")) {
                        state.getValue()
                                .path(ways)
                                .forEach(way -> targets.add(way.get("Next").stringValue()));
                    }
                    targets.stream()
                            .filter(target -> !target.isEmpty())
                            .forEach(target -> edges.add(state.getKey() + " → " + target));
                });
        return edges;
    }

    /** Whoever adds a way through the machine adds a test that takes it. */
    @AfterAll
    static void everyWay_wasTaken() {
        if (EXECUTIONS.get() >= ALL_EXECUTIONS) {
            Set<String> missed = edges();
            missed.removeAll(TAKEN);
            assertEquals(Set.of(), missed);
        }
    }

    private Execution run() throws InterruptedException {
        return run("{}");
    }

    private Execution run(String input) throws InterruptedException {
        try (Machines machines = Machines.with(this::answer)) {
            return taken(machines.run(definition, input));
        }
    }

    private List<String> announced() {
        return events.stream().map(event -> event.get("DetailType").stringValue()).toList();
    }

    private JsonNode detail(String type) {
        return events.stream()
                .filter(event -> event.get("DetailType").stringValue().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError(announced()))
                .get("Detail");
    }

    private List<String> visited() {
        return calls.stream().map(TaskCall::state).distinct().toList();
    }

    private JsonNode payload(String state) {
        return calls.stream()
                .filter(call -> call.state().equals(state))
                .findFirst()
                .orElseThrow()
                .arguments()
                .get("Payload");
    }

    private static String last(Execution execution) {
        return execution.history().reversed().stream()
                .filter(ExecutionEvent.StateEntered.class::isInstance)
                .map(event -> ((ExecutionEvent.StateEntered) event).state())
                .findFirst()
                .orElseThrow();
    }

    /** The spec's limits: 64 candidates and the linear baseline; 90 days for a decision. */
    @Test
    void timeout_coversTheSlowestRunThatASpecAllows() {
        JsonNode machine = Json.parse(definition);
        long decision = Duration.ofDays(90).toSeconds();

        long slowest = decision + slowest(machine.get("States"));

        long limit = machine.get("TimeoutSeconds").asLong();
        assertTrue(
                limit >= slowest, () -> "%d s, but %d s may be needed".formatted(limit, slowest));
    }

    /** Every state once, each attempt as long as it may take, each delay in full. */
    private static long slowest(JsonNode states) {
        long seconds = 0;
        for (JsonNode state : states) {
            if (state.has("ItemProcessor")) {
                int rounds = Math.ceilDiv(64 + 1, state.get("MaxConcurrency").asInt());
                seconds += rounds * slowest(state.at("/ItemProcessor/States"));
            }
            seconds += state.path("TimeoutSeconds").asLong(0) * attempts(state) + delays(state);
        }
        return seconds;
    }

    /**
     * Attempts that take their whole time: a function that crashes does, a passing fault doesn't.
     */
    private static int attempts(JsonNode state) {
        int attempts = 1;
        for (JsonNode retrier : state.path("Retry")) {
            if (!retrier.get("ErrorEquals").toString().contains("Lambda.ServiceException")) {
                attempts += retrier.get("MaxAttempts").asInt();
            }
        }
        return attempts;
    }

    private static long delays(JsonNode state) {
        double seconds = 0;
        for (JsonNode retrier : state.path("Retry")) {
            double delay = retrier.get("IntervalSeconds").asDouble();
            for (int retry = 0; retry < retrier.get("MaxAttempts").asInt(); retry++) {
                seconds += delay;
                delay *= retrier.path("BackoffRate").asDouble(2);
            }
        }
        return (long) Math.ceil(seconds);
    }

    @Test
    void everythingGood_endsPromoted_andConcludeGetsWhatEachStepLeft() throws InterruptedException {
        Execution execution = run();

        assertEquals("Promoted", last(execution));
        assertEquals(
                List.of(
                        "Retrieve",
                        "Validate",
                        "Prepare",
                        "Train candidate",
                        "Evaluate",
                        "Register",
                        "Promote",
                        "Conclude"),
                visited());
        JsonNode concluded = payload("Conclude");
        assertEquals("PROMOTED", concluded.get("status").stringValue());
        for (String reached :
                List.of("spec", "snapshot", "badRows", "profile", "findings", "evaluation")) {
            assertTrue(concluded.has(reached), reached);
        }
        assertEquals(7, concluded.at("/registered/version").intValue());
        assertEquals(6, concluded.at("/promoted/previousVersion").intValue());
        assertEquals(9, concluded.get("usage").size(), "seven steps, one of them three times");
        assertEquals(4, payload("Promote").get("championRevision").intValue());
    }

    @ParameterizedTest
    @CsvSource({
        "Evaluate, {'accepted':false}, Rejected, REJECTED",
        "Validate, {'verdict':'REJECTED'}, Data rejected, DATA_REJECTED",
        "Retrieve, !dev.perennial.core.table.UnreadableDataException, Data rejected, DATA_REJECTED",
        "Retrieve, !dev.perennial.retrieve.NoDataException, Data rejected, DATA_REJECTED",
    })
    void refusals_areConcluded_underTheirName(String step, String answer, String end, String status)
            throws InterruptedException {
        answers.put(
                step,
                answer.startsWith("!")
                        ? answer
                        : GOOD.get(step)
                                .replaceFirst("'(accepted|verdict)':[^,]+", "")
                                .replaceFirst("\\{,", answer.replace("}", ",")));

        Execution execution = run();

        assertEquals(end, last(execution), execution::toString);
        assertEquals(ExecutionStatus.SUCCEEDED, execution.status());
        assertEquals(status, payload("Conclude").get("status").stringValue());
        assertTrue(!visited().contains("Register"), visited()::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Retrieve",
                "Validate",
                "Prepare",
                "Evaluate",
                "Register",
                "Promote",
                "Conclude"
            })
    void stepThatFails_isRecordedAndNotified_thenFailsTheRun(String step)
            throws InterruptedException {
        answers.put(step, "!java.lang.IllegalStateException");

        Execution execution = run();

        assertEquals(ExecutionStatus.FAILED, execution.status());
        assertEquals("Failed", last(execution));
        assertEquals(Optional.of("java.lang.IllegalStateException"), execution.error());
        assertEquals(List.of("Record failure", "Notify of failure"), lastTwo());
        JsonNode record = calls.get(calls.size() - 2).arguments();
        String reason = record.at("/ExpressionAttributeValues/:reason/S").stringValue();
        assertTrue(reason.endsWith("java.lang.IllegalStateException: the cause"), reason);
        boolean registered = step.equals("Promote") || step.equals("Conclude");
        assertEquals(registered, record.path("UpdateExpression").asString().contains(":version"));
        assertEquals(registered, record.at("/ExpressionAttributeValues").has(":version"));
    }

    @ParameterizedTest
    @CsvSource({
        "Promote, 'version 7 is registered, but then Boom: the cause'",
        "Conclude, 'version 7 is champion, but then Boom: the cause'"
    })
    void stepThatFailsLate_saysWhatTheRunLeftBehind(String step, String reason)
            throws InterruptedException {
        answers.put(step, "!Boom");

        run();

        JsonNode record = calls.get(calls.size() - 2).arguments().get("ExpressionAttributeValues");
        assertEquals(reason, record.at("/:reason/S").stringValue());
        assertEquals("7", record.at("/:version/N").stringValue());
        String message = calls.getLast().arguments().get("Message").stringValue();
        assertTrue(message.endsWith("failed: " + reason), message);
    }

    private List<String> lastTwo() {
        return calls.subList(calls.size() - 2, calls.size()).stream().map(TaskCall::state).toList();
    }

    @Test
    void registryAndTopicOut_theRunStillFailsWithItsOwnError() throws InterruptedException {
        answers.put("Prepare", "!First");
        answers.put("Record failure", "!DynamoDb.InternalServerError");
        answers.put("Notify of failure", "!Sns.InternalError");

        Execution execution = run();

        assertEquals(Optional.of("First"), execution.error());
        assertEquals("Failed", last(execution));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'model':'a',", ""})
    void modelThatIsTrainedAgain_isRegisteredWithWhatBecameOfIt(String model)
            throws InterruptedException {
        answers.put(
                "Evaluate",
                GOOD.get("Evaluate")
                        .replace("'accepted':true", "'accepted':true,'refit':{'rounds':9}"));
        answers.put(
                "Refit",
                "{%s'rows':9,'until':'2026-01-01T00:00:00Z','judgedLoss':0.5,'loss':0.4,'usage':{'step':'refit'}}"
                        .formatted(model));

        Execution execution = run();

        assertEquals("Promoted", last(execution));
        assertEquals(9, payload("Refit").at("/recipe/rounds").intValue());
        for (String state : List.of("Register", "Conclude")) {
            JsonNode refit = payload(state).get("refit");
            assertEquals(!model.isEmpty(), refit.has("model"));
            assertEquals(0.4, refit.get("loss").doubleValue());
            assertFalse(refit.has("usage"));
        }
        assertEquals("m", payload("Register").get("model").stringValue());
        assertTrue(payload("Conclude").get("usage").toString().contains("refit"));
    }

    @ParameterizedTest
    @CsvSource({"Boom, Promoted", "dev.perennial.model.ParityException, Failed"})
    void refitThatFails_leavesWhatWasJudged_unlessItsFileIsWrong(String error, String end)
            throws InterruptedException {
        answers.put(
                "Evaluate",
                GOOD.get("Evaluate").replace("'accepted':true", "'accepted':true,'refit':{}"));
        answers.put("Refit", "!" + error);

        assertEquals(end, last(run()));
        assertEquals(end.equals("Promoted"), visited().contains("Register"));
        if (end.equals("Promoted")) {
            assertFalse(payload("Register").has("refit"));
            assertEquals("Boom", payload("Conclude").at("/refitFailure/error").stringValue());
        }
    }

    @Test
    void formerChampionThatIsBetter_isPromotedUnderItsOwnNumber() throws InterruptedException {
        answers.put(
                "Evaluate",
                GOOD.get("Evaluate").replace("'accepted':true", "'accepted':true,'recalled':3"));

        Execution execution = run();

        assertEquals("Promoted", last(execution));
        assertFalse(visited().contains("Register"));
        assertEquals(3, payload("Promote").get("version").intValue());
        assertEquals(4, payload("Promote").get("championRevision").intValue());
        assertFalse(payload("Conclude").has("registered"));
        assertEquals(3, detail("perennial.run.promoted").get("version").intValue());

        answers.put("Conclude", "!Boom");
        run();
        JsonNode record = calls.get(calls.size() - 2).arguments().get("ExpressionAttributeValues");
        assertEquals("3", record.at("/:version/N").stringValue());
    }

    @Test
    void oneCandidateFailed_theOthersAreEvaluated_withItsReason() throws InterruptedException {
        hopeless.add(1);

        Execution execution = run();

        assertEquals("Promoted", last(execution), execution::toString);
        JsonNode candidates = payload("Evaluate").get("candidates");
        assertEquals(3, candidates.size());
        assertEquals("Boom", candidates.at("/1/failure/error").stringValue());
        assertEquals("candidate 1", candidates.at("/1/failure/cause").stringValue());
        assertTrue(candidates.get(0).has("trained") && !candidates.get(1).has("trained"));
    }

    @Test
    void allCandidatesFailed_failsTheRun_evenIfTheBaselineIsTrained() throws InterruptedException {
        hopeless.addAll(List.of(0, 1)); // the last one is the linear baseline

        Execution execution = run();

        assertEquals(Optional.of("AllCandidatesFailed"), execution.error(), execution::toString);
        assertEquals(
                "2 of 3 trainings failed, the first with Boom: candidate 0",
                execution.cause().orElseThrow());
        assertEquals(List.of("Record failure", "Notify of failure"), lastTwo());
    }

    @Test
    void transientFaults_areRetried_andAStepsOwnErrorIsNot() throws InterruptedException {
        List<String> faults =
                new ArrayList<>(
                        List.of(
                                "Lambda.TooManyRequestsException",
                                "dev.perennial.core.store.StoreUnavailableException",
                                "Runtime.ExitError"));
        try (Machines machines =
                Machines.with(call -> {
                    if (call.state().equals("Register") && !faults.isEmpty()) {
                        throw new TaskFailedException(faults.removeFirst(), "for a moment");
                    }
                    return answer(call);
                })) {
            Execution execution = taken(machines.run(definition, "{}"));

            assertEquals("Promoted", last(execution), execution::toString);
        }
        answers.put("Register", "!java.lang.IllegalArgumentException");
        calls.clear();
        run();
        assertEquals(1, calls.stream().filter(each -> each.state().equals("Register")).count());
    }

    /** A time-out has no cause; on AWS the member may be absent. */
    @ParameterizedTest
    @ValueSource(strings = {"Train candidate", "Evaluate"})
    void timeOut_isCaughtLikeAnyFailure(String step) throws InterruptedException {
        CountDownLatch hangs = new CountDownLatch(1);
        Machines.Clock untilItHangs =
                new Machines.Clock() {
                    @Override
                    public void allow(Duration limit) throws InterruptedException {
                        hangs.await();
                        if (!limit.equals(Duration.ofSeconds(930))) {
                            super.allow(limit);
                        }
                    }
                };
        try (Machines machines =
                Machines.with(
                        untilItHangs,
                        call -> {
                            if (call.state().equals(step)) {
                                hangs.countDown();
                                new CountDownLatch(1).await();
                            }
                            return answer(call);
                        })) {
            Execution execution = taken(machines.run(definition, "{}"));

            assertEquals(ExecutionStatus.FAILED, execution.status(), execution::toString);
            assertEquals(
                    Optional.of(step.equals("Evaluate") ? "States.Timeout" : "AllCandidatesFailed"),
                    execution.error());
        }
    }

    /** A run whose spec asks first; what is answered, if anything. */
    private Execution asking(String mode, Optional<String> decision) throws InterruptedException {
        answers.put(
                "Retrieve",
                GOOD.get("Retrieve").replace("'mode':'GATES'", "'mode':'" + mode + "'"));
        answers.putIfAbsent(
                "Report for approval",
                "{'summary':'u','report':{'key':'k'},'usage':{'step':'conclude'}}");
        AtomicReference<Machines> running = new AtomicReference<>();
        Machines.Clock impatient =
                new Machines.Clock() {
                    @Override
                    public void allow(Duration limit) throws InterruptedException {
                        if (!limit.equals(Duration.ofSeconds(60)) || decision.isPresent()) {
                            super.allow(limit);
                        }
                    }
                };
        try (Machines machines =
                Machines.with(
                        impatient,
                        call -> {
                            boolean fails = answers.getOrDefault(call.state(), "").startsWith("!");
                            if (call.state().equals("Await decision")
                                    && decision.isPresent()
                                    && !fails) {
                                running.get()
                                        .executions
                                        .sendTaskSuccess(
                                                call.arguments().at("/Payload/token").stringValue(),
                                                decision.get().replace('\'', '"'));
                            }
                            return answer(call);
                        })) {
            running.set(machines);
            return taken(machines.run(definition, "{}"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Report for approval",
                "Ask for approval",
                "Await decision",
                "Close question"
            })
    void askingThatFails_failsTheRun_andPromotesNothing(String step) throws InterruptedException {
        answers.put(step, "!java.lang.IllegalStateException");

        Execution execution =
                asking(
                        "APPROVAL",
                        Optional.of("{'promote':true,'by':'Ada','reason':'looks right'}"));

        assertEquals(ExecutionStatus.FAILED, execution.status());
        assertEquals(Optional.of("java.lang.IllegalStateException"), execution.error());
        assertEquals(List.of("Record failure", "Notify of failure"), lastTwo());
        assertTrue(!visited().contains("Promote"), visited()::toString);
    }

    @Test
    void candidatesThatAreNoList_failTheRun() throws InterruptedException {
        answers.put(
                "Prepare",
                GOOD.get("Prepare").replaceFirst("'candidates':\\[.*]", "'candidates':{}"));

        Execution execution = run();

        assertEquals(ExecutionStatus.FAILED, execution.status());
        assertEquals(List.of("Record failure", "Notify of failure"), lastTwo());
        assertTrue(!visited().contains("Evaluate"), visited()::toString);
    }

    @Test
    void approval_isAskedWithTheReport_andAYesPromotes() throws InterruptedException {
        Execution execution =
                asking("APPROVAL", Optional.of("{'promote':true,'by':'Ada','reason':'good'}"));

        assertEquals("Promoted", last(execution), execution::toString);
        assertEquals(
                List.of(
                        "Register",
                        "Report for approval",
                        "Ask for approval",
                        "Await decision",
                        "Close question",
                        "Promote",
                        "Conclude"),
                visited().subList(5, 12));
        assertEquals(
                "AWAITING_APPROVAL", payload("Report for approval").get("status").stringValue());
        assertEquals(7, payload("Await decision").get("version").intValue());
        assertEquals(60, payload("Await decision").get("withinSeconds").intValue());
        assertEquals("Ada", payload("Conclude").at("/decision/by").stringValue());
        assertTrue(payload("Close question").get("closes").booleanValue());
    }

    @ParameterizedTest
    @CsvSource({"APPROVAL", "SHADOW", "CANARY"})
    void noAnswerInTime_isANo(String mode) throws InterruptedException {
        Execution execution = asking(mode, Optional.empty());

        assertEquals("Rejected", last(execution), execution::toString);
        assertTrue(!visited().contains("Promote"), visited()::toString);
        assertEquals(
                "no decision came in time",
                payload("Conclude").at("/decision/reason").stringValue());
        assertTrue(visited().contains("Close question"));
    }

    @Test
    void aNo_isConcludedAsRejected() throws InterruptedException {
        Execution execution =
                asking("APPROVAL", Optional.of("{'promote':false,'by':'Ada','reason':'not now'}"));

        assertEquals("Rejected", last(execution), execution::toString);
        assertEquals("REJECTED", payload("Conclude").get("status").stringValue());
    }

    @ParameterizedTest
    @CsvSource({"SHADOW", "CANARY"})
    void firstModel_hasNoChampionToWinAgainst_andIsPromotedByItsGates(String mode)
            throws InterruptedException {
        answers.put(
                "Evaluate",
                GOOD.get("Evaluate").replace("'championRevision':4", "'championRevision':0"));

        Execution execution = asking(mode, Optional.empty());

        assertEquals("Promoted", last(execution), execution::toString);
        assertTrue(!visited().contains("Await decision"), visited()::toString);
    }

    @Test
    void promotion_isAnnounced_withVersionsAndReport() throws InterruptedException {
        run(
                """
                {"trigger":"the alarm errors on ErrorDrift","until":"2026-01-01T00:00:00Z"}\
                """);

        assertEquals(
                List.of(
                        "perennial.run.started",
                        "perennial.run.promoted",
                        "perennial.model.promoted"),
                announced());
        assertTrue(
                events.stream()
                        .allMatch(each -> each.get("Source").asString().equals("perennial")));
        JsonNode started = detail("perennial.run.started");
        assertEquals("shop", started.get("pipeline").stringValue());
        assertEquals("2026-01-01T00:00:00Z", started.get("until").stringValue());
        assertEquals("the alarm errors on ErrorDrift", started.get("trigger").stringValue());
        JsonNode promoted = detail("perennial.run.promoted");
        assertEquals(started.get("run"), promoted.get("run"));
        assertEquals("its gates passed", promoted.get("reason").stringValue());
        for (JsonNode each : List.of(promoted, detail("perennial.model.promoted"))) {
            assertEquals(7, each.get("version").intValue());
            assertEquals(6, each.get("previousVersion").intValue());
            assertEquals(
                    "{\"bucket\":\"store\",\"key\":\"runs/r/report.html\"}",
                    each.get("report").toString());
            assertEquals("s3://store/runs/r/report.html", each.get("reportUri").stringValue());
        }
    }

    @Test
    void firstChampion_hasNoPreviousVersion() throws InterruptedException {
        answers.put("Promote", GOOD.get("Promote").replace("6", "0"));

        run();

        assertTrue(!detail("perennial.model.promoted").has("previousVersion"));
        assertTrue(!detail("perennial.run.promoted").has("previousVersion"));
    }

    @ParameterizedTest
    @CsvSource({
        "Evaluate, accepted, rejected, a gate did not pass",
        "Validate, verdict, data-rejected, validation rejected the data",
        "Retrieve, '', data-rejected, 'dev.perennial.retrieve.NoDataException: the cause'",
    })
    void refusal_isAnnounced_withItsReason(String step, String member, String type, String reason)
            throws InterruptedException {
        answers.put(
                step,
                member.isEmpty()
                        ? "!dev.perennial.retrieve.NoDataException"
                        : GOOD.get(step)
                                .replaceFirst(
                                        "'%s':[^,]+".formatted(member),
                                        "'%s':false".formatted(member)));

        run();

        assertEquals(List.of("perennial.run.started", "perennial.run." + type), announced());
        JsonNode detail = detail("perennial.run." + type);
        assertEquals(reason, detail.get("reason").stringValue());
        assertEquals("s3://store/runs/r/report.html", detail.get("reportUri").stringValue());
        assertTrue(!detail.has("version"), detail::toString);
    }

    @Test
    void failure_isAnnounced_afterTheTopic() throws InterruptedException {
        answers.put("Prepare", "!Boom");

        run();

        assertEquals(List.of("perennial.run.started", "perennial.run.failed"), announced());
        JsonNode detail = detail("perennial.run.failed");
        assertEquals("Boom", detail.get("error").stringValue());
        assertEquals("Boom: the cause", detail.get("reason").stringValue());
        assertTrue(!detail.has("report") && !detail.has("version"), detail::toString);
    }

    @Test
    void failureAfterThePromotion_stillAnnouncesTheChampion() throws InterruptedException {
        answers.put("Conclude", "!Boom");

        run();

        assertEquals(
                List.of(
                        "perennial.run.started",
                        "perennial.run.failed",
                        "perennial.model.promoted"),
                announced());
        assertEquals(7, detail("perennial.model.promoted").get("version").intValue());
        assertEquals(
                "version 7 is champion, but then Boom: the cause",
                detail("perennial.run.failed").get("reason").stringValue());
    }

    @Test
    void question_isAnnounced_andItsAnswerIsTheReason() throws InterruptedException {
        asking("APPROVAL", Optional.of("{'promote':false,'by':'Ada','reason':'not now'}"));

        assertEquals(
                List.of(
                        "perennial.run.started",
                        "perennial.run.awaiting-approval",
                        "perennial.run.rejected"),
                announced());
        JsonNode question = detail("perennial.run.awaiting-approval");
        assertEquals(7, question.get("version").intValue());
        assertEquals(60, question.get("withinSeconds").intValue());
        assertEquals("s3://store/k", question.get("reportUri").stringValue());
        JsonNode answer = detail("perennial.run.rejected");
        assertEquals("Ada: not now", answer.get("reason").stringValue());
        assertEquals(7, answer.get("version").intValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHADOW", "CANARY"})
    void trial_isAnnounced_withoutAReport(String mode) throws InterruptedException {
        asking(mode, Optional.of("{'promote':true,'by':'labels','reason':'better'}"));

        assertEquals("perennial.run.trial-started", announced().get(1));
        JsonNode trial = detail("perennial.run.trial-started");
        assertEquals(mode, trial.get("mode").stringValue());
        assertEquals(0, trial.get("share").intValue());
        assertTrue(!trial.has("report"), trial::toString);
        assertEquals(
                "labels: better", detail("perennial.run.promoted").get("reason").stringValue());
    }

    @ParameterizedTest
    @CsvSource({
        "Conclude, '', Promoted",
        "Evaluate, '{''accepted'':false}', Rejected",
        "Retrieve, !dev.perennial.retrieve.NoDataException, Data rejected",
        "Prepare, !Boom, Failed",
    })
    void busThatIsDown_changesNoEnd(String step, String answer, String end)
            throws InterruptedException {
        busIsDown = true;
        if (!answer.isEmpty()) {
            answers.put(
                    step,
                    answer.startsWith("!") ? answer : GOOD.get(step).replace("true", "false"));
        }

        Execution execution = run();

        assertEquals(end, last(execution), execution::toString);
        assertEquals(List.of(), events);
        if (end.equals("Failed")) {
            assertEquals(Optional.of("Boom"), execution.error());
        } else {
            assertTrue(execution.output().orElseThrow().has("report"), execution::toString);
        }
    }

    @Test
    void eventThatWasNotTaken_isSentAgain() throws InterruptedException {
        List<String> faults =
                new ArrayList<>(
                        List.of("EventBridge.FailedEntry", "EventBridge.InternalException"));
        try (Machines machines =
                Machines.with(call -> {
                    if (call.state().equals("Announce end") && !faults.isEmpty()) {
                        throw new TaskFailedException(faults.removeFirst(), "for a moment");
                    }
                    return answer(call);
                })) {
            taken(machines.run(definition, "{}"));
        }

        assertEquals(
                List.of(
                        "perennial.run.started",
                        "perennial.run.promoted",
                        "perennial.model.promoted"),
                announced());
    }

    @Test
    void questionThatNobodyHearsOf_isStillAsked() throws InterruptedException {
        busIsDown = true;

        Execution execution =
                asking("APPROVAL", Optional.of("{'promote':true,'by':'Ada','reason':'good'}"));

        assertEquals("Promoted", last(execution), execution::toString);
    }

    private static final String PROBING =
            "{\"until\":\"2026-03-01T01:00:00Z\",\"probe\":{\"stakes\":{\"runUsd\":20}}}";

    /** By turns: labels have come, a probe is due, and that is all. */
    private Execution probing(List<String> says) throws InterruptedException {
        List<String> left = new ArrayList<>(says);
        try (Machines machines =
                Machines.with(call -> {
                    if (call.state().equals("Compare with probes")) {
                        answers.put(call.state(), left.removeFirst());
                    }
                    return answer(call);
                })) {
            return taken(machines.run(definition, PROBING));
        }
    }

    private List<JsonNode> payloads(String state) {
        return calls.stream()
                .filter(call -> call.state().equals(state))
                .map(call -> call.arguments().get("Payload"))
                .toList();
    }

    @Test
    void lookAtProbes_getsTheRowsThatItAsksFor_andIsNoRun() throws InterruptedException {
        answers.put("Retrieve rows", "{'snapshot':'n','spec':'s'}");

        Execution execution =
                probing(
                        List.of(
                                "{'wants':{'since':'2026-02-01T01:00:00Z'},'pays':false,'says':'labels'}",
                                "{'wants':{},'pays':false,'says':'a probe is due'}",
                                "{'pays':false,'says':'a probe was trained'}"));

        assertEquals("Compared", last(execution));
        assertEquals(
                "a probe was trained", execution.output().orElseThrow().get("says").asString());
        List<JsonNode> asked = payloads("Compare with probes");
        assertFalse(asked.get(0).has("rows"));
        assertEquals("2026-03-01T01:00:00Z", asked.get(0).get("until").stringValue());
        assertEquals(20, asked.get(0).at("/stakes/runUsd").intValue());
        assertEquals(
                Json.parse(
                        "{\"since\":\"2026-02-01T01:00:00Z\",\"snapshot\":\"n\",\"spec\":\"s\"}"),
                asked.get(1).get("rows"));
        assertEquals(Json.parse("{\"snapshot\":\"n\",\"spec\":\"s\"}"), asked.get(2).get("rows"));
        List<JsonNode> retrieved = payloads("Retrieve rows");
        assertEquals("2026-02-01T01:00:00Z", retrieved.get(0).get("since").stringValue());
        assertFalse(retrieved.get(1).has("since"), "the whole window");
        assertTrue(retrieved.get(0).get("onlySnapshot").booleanValue());
        assertEquals(List.of(), events);
    }

    @Test
    void lookAtProbes_whereNoLabelHasCome_goesOnWithoutRows() throws InterruptedException {
        answers.put("Retrieve rows", "!dev.perennial.retrieve.NoDataException");

        probing(
                List.of(
                        "{'wants':{'since':'2026-02-01T01:00:00Z'},'pays':false,'says':'labels'}",
                        "{'pays':false,'says':'nothing new'}"));

        assertEquals(
                Json.parse("{\"since\":\"2026-02-01T01:00:00Z\"}"),
                payloads("Compare with probes").get(1).get("rows"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "false, \"{'version':3,'previousVersion':6,'revision':5}\", perennial.model.promoted",
                "true, \"{'version':3,'previousVersion':6,'revision':5}\", \"\"",
                "false, !dev.perennial.core.registry.StaleAliasException, \"\"",
            })
    void formerChampionThatDoesBetter_servesAgain_ifNobodyMovedTheAlias(
            boolean deaf, String promoted, String announced) throws InterruptedException {
        busIsDown = deaf;
        answers.put("Bring back", promoted);

        Execution execution =
                probing(
                        List.of(
                                "{'bringsBack':{'version':3,'championRevision':4},'pays':false,'says':'version 3 loses less'}"));

        assertEquals("Compared", last(execution), execution::toString);
        JsonNode asked = payload("Bring back");
        assertEquals(3, asked.get("version").intValue());
        assertEquals(4, asked.get("championRevision").intValue());
        assertEquals("version 3 loses less", asked.get("reason").stringValue());
        assertEquals(announced, String.join(",", announced()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void runThatPays_isAnnounced_forTheTriggerToDecide(boolean deaf) throws InterruptedException {
        busIsDown = deaf;

        Execution execution = probing(List.of("{'pays':true,'says':'a run pays'}"));

        assertEquals("Compared", last(execution), execution::toString);
        assertEquals(deaf ? List.of() : List.of("perennial.model.aged"), announced());
        if (!deaf) {
            JsonNode detail = detail("perennial.model.aged");
            assertEquals("2026-03-01T01:00:00Z", detail.get("until").stringValue());
            assertEquals("a run pays", detail.get("reason").stringValue());
            assertEquals(execution.name(), detail.get("run").stringValue());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Compare with probes", "Retrieve rows", "Bring back"})
    void lookAtProbesThatFails_isToldOf(String state) throws InterruptedException {
        answers.put(state, "!Boom");

        Execution execution =
                probing(
                        switch (state) {
                            case "Compare with probes" -> List.of("!Boom");
                            case "Retrieve rows" ->
                                    List.of("{'wants':{},'pays':false,'says':'a probe is due'}");
                            default ->
                                    List.of(
                                            "{'bringsBack':{'version':3,'championRevision':4},'pays':false,'says':'it loses less'}");
                        });

        assertEquals("Failed", last(execution));
        assertEquals(Optional.of("Boom"), execution.error());
        assertEquals(List.of("perennial.look.failed"), announced());
        assertFalse(visited().contains("Record failure"), "a look has no record");
        String told =
                calls.stream()
                        .filter(call -> call.state().equals("Notify of failure"))
                        .map(call -> call.arguments().toString())
                        .findFirst()
                        .orElseThrow();
        assertTrue(told.contains("Perennial: look at the probes of shop failed"), told);
    }
}
