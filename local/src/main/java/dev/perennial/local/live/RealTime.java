package dev.perennial.local.live;

import dev.perennial.local.event.AsynchronousInvocations;
import dev.perennial.local.event.Incidents;
import dev.perennial.local.event.Scheduler;
import dev.perennial.local.metric.Alarms;
import dev.perennial.local.metric.FunctionLogs;
import dev.perennial.local.queue.QueuePoller;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The driver for real time: one thread for what is due by the clock, one for each queue, and one
 * for each event that a function works on.
 */
final class RealTime {
    /** How long metrics may lie in a log; also how long a queue is waited for at a time. */
    private static final Duration BEAT = Duration.ofSeconds(1);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final InstantSource clock;
    private final Scheduler scheduler;
    private final Alarms alarms;
    private final FunctionLogs logs;
    private final AsynchronousInvocations asynchronous;
    private final Incidents incidents;
    private final Semaphore arrivals = new Semaphore(0);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final ExecutorService attempts = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Thread> threads = new ArrayList<>();

    /** What a thread does again and again. */
    private interface Turn {
        void take() throws InterruptedException;
    }

    RealTime(
            InstantSource clock,
            Scheduler scheduler,
            Alarms alarms,
            FunctionLogs logs,
            AsynchronousInvocations asynchronous,
            List<QueuePoller> pollers,
            Incidents incidents) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.alarms = alarms;
        this.logs = logs;
        this.asynchronous = asynchronous;
        this.incidents = incidents;
        asynchronous.onArrival(arrivals::release);
        threads.add(thread("live clock", this::beat));
        for (QueuePoller poller : pollers) {
            threads.add(thread("live queue", () -> poller.poll(BEAT)));
        }
        threads.forEach(Thread::start);
    }

    private Thread thread(String name, Turn turn) {
        return Thread.ofPlatform().daemon().name(name).unstarted(() -> repeat(name, turn));
    }

    private void repeat(String name, Turn turn) {
        while (!isStopping()) {
            try {
                turn.take();
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException failed) {
                if (isStopping()) {
                    return; // the SDK's own way to say that it was interrupted
                }
                incidents.failed(name, failed.toString());
                pause();
            }
        }
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void pause() {
        try {
            var _ = stopping.await(BEAT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void beat() throws InterruptedException {
        logs.follow();
        Instant now = clock.instant();
        scheduler.tick(now);
        if (alarms.isDue(now)) {
            alarms.evaluate(now);
        }
        for (Optional<Runnable> attempt = asynchronous.take();
                attempt.isPresent();
                attempt = asynchronous.take()) {
            attempts.execute(guarded(attempt.get()));
        }
        if (arrivals.tryAcquire(untilNext().toMillis(), TimeUnit.MILLISECONDS)) {
            arrivals.drainPermits();
        }
    }

    private Duration untilNext() {
        Duration wait = BEAT;
        for (Optional<Instant> due : List.of(scheduler.due(), asynchronous.due())) {
            if (due.isPresent()) {
                Duration until = Duration.between(clock.instant(), due.get());
                wait = until.compareTo(wait) < 0 ? until : wait;
            }
        }
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    private Runnable guarded(Runnable attempt) {
        return () -> {
            try {
                attempt.run();
            } catch (RuntimeException failed) {
                incidents.failed("asynchronous event", failed.toString());
            }
        };
    }

    void stop() throws InterruptedException {
        stopping.countDown();
        asynchronous.onArrival(() -> {});
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            thread.join();
        }
        // Only now: what is interrupted goes back to the pending events, and nobody may take it
        // again.
        attempts.shutdownNow();
        if (!attempts.awaitTermination(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            incidents.failed("stopping", "a function still runs");
        }
    }
}
