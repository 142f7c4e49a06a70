package dev.perennial.core.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.registry.InMemoryModelRegistry;
import dev.perennial.core.spec.RetrainSpec;
import dev.perennial.core.spec.RetrainSpec.Cause;
import dev.perennial.core.trigger.Starts.Start;
import dev.perennial.core.trigger.TriggerEvent.AlarmRaised;
import dev.perennial.core.trigger.TriggerEvent.Scheduled;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of every decision log, and of the trigger over it. */
public abstract class DecisionLogContract {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String SHOP = "shop";

    protected abstract DecisionLog log();

    private static Decision decision(String event, String delivery, Optional<String> run) {
        return new Decision(SHOP, event, delivery, NOON, "the schedule", run, "because");
    }

    @Test
    void firstDecisionOfAnEvent_stands() {
        Starts one = Starts.NONE.and(new Start("run-1", NOON, "{}", Optional.empty()));
        Decision first = decision("e", "a", Optional.of("run-1"));

        assertTrue(log().stand(first, one, 0));
        assertFalse(log().stand(decision("e", "b", Optional.empty()), one, 1));

        assertEquals(Optional.of(first), log().standing(SHOP, "e"));
        assertEquals(one, log().starts(SHOP));
        assertEquals(List.of(first), log().latest(SHOP, 10));
        assertEquals(Optional.empty(), log().standing("other", "e"));
    }

    @Test
    void startDecidedOnOldStarts_changesNothing() {
        Starts one = Starts.NONE.and(new Start("run-1", NOON, "{}", Optional.empty()));
        log().stand(decision("e", "a", Optional.of("run-1")), one, 0);

        assertFalse(
                log().stand(
                                decision("f", "a", Optional.of("run-2")),
                                Starts.NONE.and(new Start("run-2", NOON, "{}", Optional.empty())),
                                0));

        assertEquals(one, log().starts(SHOP));
        assertEquals(Optional.empty(), log().standing(SHOP, "f"));
    }

    @Test
    void sameDelivery_isNotedOnce() {
        log().note(decision("e", "a", Optional.empty()));
        log().note(decision("e", "a", Optional.empty()));
        log().note(decision("e", "b", Optional.empty()));

        assertEquals(2, log().latest(SHOP, 10).size());
        assertEquals(1, log().latest(SHOP, 1).size());
    }

    @Test
    void announcement_isOfOneEvent_andLastsHoweverOftenItIsMade() {
        assertFalse(log().isAnnounced(SHOP, "e"));

        log().announced(SHOP, "e");
        log().announced(SHOP, "e");

        assertTrue(log().isAnnounced(SHOP, "e"));
        assertFalse(log().isAnnounced(SHOP, "f"));
        assertFalse(log().isAnnounced("other", "e"));
        assertEquals(List.of(), log().latest(SHOP, 10));
    }

    /** Whoever starts runs dies now and then, just before or just after. */
    private static final class CrashingRuns implements RunStarter {
        private final Set<String> started = ConcurrentHashMap.newKeySet();
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public void start(String run, String input) {
            int call = calls.incrementAndGet();
            if (call % 3 == 1) {
                throw new IllegalStateException("killed before the start");
            }
            started.add(run);
            if (call % 3 == 2) {
                throw new IllegalStateException("killed after the start");
            }
        }

        @Override
        public boolean isRunning(String run) {
            return started.contains(run);
        }
    }

    @Test
    void thousandCopies_twentyAtATime_withCrashes_startOneRun() throws Exception {
        CrashingRuns runs = new CrashingRuns();
        Trigger trigger =
                new Trigger(
                        log(),
                        new InMemoryModelRegistry(),
                        runs,
                        (_, _, _, _, _) -> Optional.empty(),
                        (run, event) -> "{}");
        Scheduled event = new Scheduled(NOON);
        List<Integer> order = new ArrayList<>(IntStream.range(0, 1_000).boxed().toList());
        Collections.shuffle(order, new Random(7));

        all(
                order.stream()
                        .<Callable<Decision>>map(copy -> () -> untilItAnswers(trigger, event, copy))
                        .toList());

        assertEquals(1, runs.started.size());
        List<Decision> decisions = log().latest(SHOP, 2_000);
        assertEquals(1_000, decisions.size());
        assertEquals(1, decisions.stream().filter(Decision::starts).count());
        assertEquals(
                999,
                decisions.stream()
                        .filter(each ->
                                each.reason().startsWith("a copy of the event that started"))
                        .count());
    }

    /** As Lambda tries an asynchronous event again. */
    private static Decision untilItAnswers(Trigger trigger, TriggerEvent event, int copy) {
        while (true) {
            try {
                return trigger.decide(SHOP, RetrainSpec.STANDARD, event, "copy-" + copy);
            } catch (IllegalStateException killed) {
                // again
            }
        }
    }

    @Test
    void differentEventsAtOnce_startOneRun() throws Exception {
        Set<String> started = ConcurrentHashMap.newKeySet();
        RunStarter runs =
                new RunStarter() {
                    @Override
                    public void start(String run, String input) {
                        started.add(run);
                    }

                    @Override
                    public boolean isRunning(String run) {
                        return started.contains(run);
                    }
                };
        Trigger trigger =
                new Trigger(
                        log(),
                        new InMemoryModelRegistry(),
                        runs,
                        (_, _, _, _, _) -> Optional.empty(),
                        (run, event) -> "{}");
        RetrainSpec eager =
                new RetrainSpec(
                        List.of(Cause.ERROR_DRIFT),
                        Duration.ZERO,
                        1_000,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());

        List<Decision> decisions =
                all(
                        IntStream.range(0, 60)
                                .<Callable<Decision>>mapToObj(i ->
                                        () ->
                                                trigger.decide(
                                                        SHOP,
                                                        eager,
                                                        new AlarmRaised(
                                                                "a" + i, "ErrorDrift", NOON),
                                                        "d" + i))
                                .toList());

        assertEquals(1, started.size());
        assertEquals(1, decisions.stream().filter(Decision::starts).count());
        assertEquals(
                59, decisions.stream().filter(each -> each.reason().endsWith("goes on")).count());
    }

    @Test
    void runOfAnErrorAlarm_isFollowedUpOnce_byWhateverComesThen() {
        RetrainSpec spec =
                new RetrainSpec(
                        List.of(Cause.ERROR_DRIFT),
                        Duration.ofDays(1),
                        4,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Duration.ofDays(10)),
                        Optional.empty(),
                        Optional.empty());
        List<String> started = new ArrayList<>();
        Trigger trigger =
                new Trigger(
                        log(),
                        new InMemoryModelRegistry(),
                        new RunStarter() {
                            @Override
                            public void start(String run, String input) {
                                started.add(run);
                            }

                            @Override
                            public boolean isRunning(String run) {
                                return false;
                            }
                        },
                        (_, _, _, _, _) -> Optional.empty(),
                        (run, event) -> "{}");
        List<Decision> decisions = new ArrayList<>();
        decisions.add(
                trigger.decide(SHOP, spec, new AlarmRaised("a", "ErrorDrift", NOON), "first"));
        for (int day : List.of(3, 10, 20, 30)) {
            Instant at = NOON.plus(Duration.ofDays(day));
            decisions.add(trigger.decide(SHOP, spec, new Scheduled(at), "day " + day));
        }

        assertEquals(
                List.of(true, false, true, false, false),
                decisions.stream().map(Decision::starts).toList());
        assertEquals(
                "the schedule, to follow up run " + decisions.getFirst().run().orElseThrow(),
                decisions.get(2).reason());
    }

    private static <T> List<T> all(List<Callable<T>> calls)
            throws InterruptedException, ExecutionException {
        List<T> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
            for (Future<T> each : threads.invokeAll(calls)) {
                results.add(each.get());
            }
        }
        return results;
    }
}
