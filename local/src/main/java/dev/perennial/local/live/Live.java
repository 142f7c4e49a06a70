package dev.perennial.local.live;

import dev.perennial.local.event.AsynchronousInvocations;
import dev.perennial.local.event.EventBridgeServer;
import dev.perennial.local.event.EventBus;
import dev.perennial.local.event.Functions;
import dev.perennial.local.event.Incidents;
import dev.perennial.local.event.JsonLines;
import dev.perennial.local.event.Scheduler;
import dev.perennial.local.metric.Alarms;
import dev.perennial.local.metric.FunctionLogs;
import dev.perennial.local.metric.MetricStore;
import dev.perennial.local.permission.Permissions;
import dev.perennial.local.queue.QueuePoller;
import dev.perennial.local.queue.SqsGate;
import dev.perennial.local.queue.SqsServer;
import dev.perennial.local.template.EventResources;
import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.Stack;
import dev.perennial.local.time.SimulatedClock;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a stack does by itself: schedules fire, queues are worked off, events find their functions,
 * alarms go off. Nothing moves until a driver is chosen: {@link #start} for real time, or {@link
 * #advanceTo} for simulated time.
 */
public final class Live implements AutoCloseable {
    private final InstantSource clock;
    private final Settling elsewhere;
    private final Incidents incidents;
    private final Optional<SqsServer> sqs;
    private final Optional<SqsGate> gate;
    private final AsynchronousInvocations asynchronous;
    private final EventBus bus;
    private final EventBridgeServer eventBridge;
    private final MetricStore metrics;
    private final FunctionLogs logs;
    private final Alarms alarms;
    private final Scheduler scheduler;
    private final List<QueuePoller> pollers;
    private @Nullable RealTime realTime;

    /**
     * Starts the servers; SQS among them, if the template has queues, takes seconds.
     *
     * @param clock of schedules, alarms, metrics and queues; a {@link SimulatedClock} for simulated
     *     time
     * @param elsewhere what else has to end before simulated time goes on
     */
    public Live(
            Stack stack,
            LiveFiles files,
            Permissions permissions,
            InstantSource clock,
            Functions functions,
            Settling elsewhere) {
        EventResources events = stack.events();
        Instant now = clock.instant();
        this.clock = clock;
        this.elsewhere = elsewhere;
        incidents = new Incidents(files.incidents(), clock);
        sqs =
                events.queues().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                SqsServer.start(
                                        files.queues(),
                                        incidents,
                                        permissions.owner(),
                                        events.queues(),
                                        clock));
        gate =
                sqs.filter(_ -> permissions.hasMembers())
                        .map(server -> SqsGate.open(server.endpoint(), permissions));
        asynchronous =
                new AsynchronousInvocations(
                        functions,
                        events.asynchronous(),
                        (queue, body, attributes) ->
                                sqs.orElseThrow().send(queue, body, attributes),
                        incidents,
                        files.asynchronous(),
                        clock);
        bus = new EventBus(events.rules(), asynchronous::submit, files.events(), clock);
        eventBridge = EventBridgeServer.start(bus, permissions);
        metrics =
                MetricStore.open(
                        files.metrics(), clock, why -> incidents.failed("metric of a log", why));
        logs =
                new FunctionLogs(
                        files.logs(),
                        stack.functions().stream().map(FunctionResource::logicalId).toList(),
                        files.positions(),
                        metrics::accept);
        AlarmNews news = new AlarmNews(bus, new JsonLines(files.notifications()));
        alarms = new Alarms(events.alarms(), metrics, files.alarms(), now, news::tell);
        scheduler = new Scheduler(events.schedules(), asynchronous, files.schedules(), now);
        pollers =
                events.queueSources().stream()
                        .map(source ->
                                new QueuePoller(
                                        source, sqs.orElseThrow(), functions, incidents, clock))
                        .toList();
    }

    /** The variables that tell functions where SQS and EventBridge are. */
    public Map<String, String> endpoints() {
        Map<String, String> endpoints = new LinkedHashMap<>();
        endpoints.put("AWS_ENDPOINT_URL_EVENTBRIDGE", eventBridge.endpoint().toString());
        gate.map(SqsGate::endpoint)
                .or(() -> sqs.map(SqsServer::endpoint))
                .ifPresent(uri -> endpoints.put("AWS_ENDPOINT_URL_SQS", uri.toString()));
        return endpoints;
    }

    public URI eventBridge() {
        return eventBridge.endpoint();
    }

    public EventBus bus() {
        return bus;
    }

    public MetricStore metrics() {
        return metrics;
    }

    public Alarms alarms() {
        return alarms;
    }

    /** What went wrong where nobody waited for an answer. */
    public Incidents incidents() {
        return incidents;
    }

    /** SQS, if the template has queues. */
    public Optional<SqsServer> sqs() {
        return sqs;
    }

    /** Invokes a function as Lambda's Invoke does with InvocationType Event. */
    public void invokeAsynchronously(String functionArn, byte[] event) {
        asynchronous.submit(functionArn, event);
    }

    /**
     * Lets everything happen when it is due, on threads of its own, until {@link #stop}.
     *
     * @throws IllegalStateException if it has been started already, or time is simulated
     */
    public synchronized void start() {
        if (realTime != null) {
            throw new IllegalStateException("the live side has been started already");
        }
        if (clock instanceof SimulatedClock) {
            throw new IllegalStateException("simulated time is driven by advanceTo");
        }
        realTime = new RealTime(clock, scheduler, alarms, logs, asynchronous, pollers, incidents);
    }

    /**
     * Ends what {@link #start} began. A function that is just working is interrupted: its event is
     * kept and its messages stay in their queue, for the next start.
     */
    public synchronized void stop() {
        if (realTime == null) {
            return;
        }
        try {
            realTime.stop();
            realTime = null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Lets time pass: does what is due in the order of time, schedules before alarms, and after
     * each works off all events and queues until nothing moves. Two replays of the same history do
     * the same.
     *
     * @throws IllegalStateException unless the clock is a {@link SimulatedClock} and it isn't
     *     started
     */
    public synchronized void advanceTo(Instant target) throws InterruptedException {
        if (!(clock instanceof SimulatedClock simulated) || realTime != null) {
            throw new IllegalStateException("only simulated time can be advanced");
        }
        settle();
        for (Optional<Instant> next = due(simulated);
                next.isPresent() && !next.get().isAfter(target);
                next = due(simulated)) {
            Instant now = next.get().isAfter(clock.instant()) ? next.get() : clock.instant();
            boolean timedOut = simulated.advanceTo(now);
            if (scheduler.tick(now) || timedOut || isDue(work(), now)) {
                settle();
            }
            if (isDue(alarms.nextChange(), now) && alarms.evaluate(now)) {
                settle();
            }
        }
        simulated.advanceTo(target);
    }

    /** When a schedule fires next. */
    public Optional<Instant> nextTick() {
        return scheduler.due();
    }

    private Optional<Instant> due(SimulatedClock simulated) {
        return Stream.of(scheduler.due(), alarms.nextChange(), work(), simulated.nextTimer())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    /** When a failed event is tried again, or a failed message can be received again. */
    private Optional<Instant> work() {
        return Stream.concat(
                        asynchronous.due().stream(),
                        pollers.stream().map(QueuePoller::due).flatMap(Optional::stream))
                .min(Comparator.naturalOrder());
    }

    static boolean isDue(Optional<Instant> due, Instant now) {
        return due.isPresent() && !due.get().isAfter(now);
    }

    /** Works until nothing moves at this moment but what waits for an answer or for time. */
    private void settle() throws InterruptedException {
        boolean moved = true;
        while (moved) {
            moved = false;
            while (asynchronous.attempt()) {
                moved = true;
            }
            for (QueuePoller poller : pollers) {
                moved |= poller.drain();
            }
            moved |= elsewhere.settle();
        }
        logs.follow();
    }

    /** Ends it. Pending events and messages are kept for the next start. */
    @Override
    public synchronized void close() {
        stop();
        logs.follow();
        eventBridge.close();
        gate.ifPresent(SqsGate::close);
        sqs.ifPresent(SqsServer::close);
        asynchronous.close();
    }
}
