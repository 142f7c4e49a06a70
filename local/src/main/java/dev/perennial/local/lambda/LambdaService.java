package dev.perennial.local.lambda;

import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.Stack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lambda on this machine. Each function runs from its zip under AWS's own runtime interface client;
 * a worker runs one event at a time and is kept for the next. Safe for use by many threads.
 */
public final class LambdaService implements Functions {
    private static final String CLOSED = "the local Lambda is closed";

    /**
     * The runtime client compares an event's deadline with the system's clock, so no other will do.
     */
    private static final InstantSource CLOCK = InstantSource.system();

    private final DeclaredFunctions functions;
    private final WorkerLauncher launcher;
    private final Path logs;
    private final Slots slots;
    private final Map<String, Deque<Worker>> idle = new HashMap<>();
    private final Set<Worker> workers = ConcurrentHashMap.newKeySet();
    private final Set<Worker> outdated = ConcurrentHashMap.newKeySet();
    private final Thread atExit = new Thread(this::endAll, "end functions");
    private volatile boolean closed;

    /**
     * Prepares; workers start when they are needed.
     *
     * @param cache where zips are unpacked, once per content
     * @param logs gets one file per function, {@code <LogicalId>.log}
     * @param endpointsAndCredentials what a function finds in its environment beside Lambda's own
     *     variables and the template's
     * @param maxConcurrentWorkers events that run at once, over all functions, and as many of
     *     functions with a URL; the others wait their turn in the order they came. Idle workers
     *     don't count.
     * @throws IllegalStateException if this machine can't run the zips
     */
    public LambdaService(
            Stack stack,
            Path cache,
            Path logs,
            Function<FunctionResource, Map<String, String>> endpointsAndCredentials,
            int maxConcurrentWorkers) {
        this.functions = new DeclaredFunctions(stack);
        this.launcher = new WorkerLauncher(cache, logs, endpointsAndCredentials);
        this.logs = logs;
        this.slots = new Slots(maxConcurrentWorkers);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Workers that don't know of it yet end before their next event. */
    @Override
    public void addVariables(Map<String, String> more) {
        launcher.add(more);
        outdated.addAll(workers);
    }

    /** Interrupting the calling thread kills the worker. */
    @Override
    public Invocation invoke(String functionArnOrName, byte[] payload, Runnable begun)
            throws InterruptedException {
        FunctionResource function = functions.forEvent(functionArnOrName, payload);
        return slots.take(function, begun, "can't run", () -> run(function, payload));
    }

    private Invocation run(FunctionResource function, byte[] payload)
            throws IOException, InterruptedException {
        String requestId = UUID.randomUUID().toString();
        FunctionLog log = new FunctionLog(logs, function);
        log.start(requestId);
        Optional<Invocation> invocation = Optional.empty();
        while (invocation.isEmpty()) { // a warm worker may have ended meanwhile
            Worker worker = take(function);
            try {
                invocation = worker.invoke(requestId, payload);
            } finally {
                giveBack(function, worker);
            }
            if (closed && !(invocation.orElse(null) instanceof Invocation.Returned)) {
                throw new InterruptedException(CLOSED); // killed from here, no fault of its own
            }
        }
        log.end(invocation.get());
        return invocation.get();
    }

    private Worker take(FunctionResource function) throws IOException, InterruptedException {
        for (Worker warm = idle(function); warm != null; warm = idle(function)) {
            if (warm.isAlive() && !outdated.contains(warm)) {
                return warm;
            }
            discard(warm);
        }
        Worker worker = new Worker(function, launcher, CLOCK);
        workers.add(worker);
        if (closed) {
            discard(worker);
            throw new InterruptedException(CLOSED);
        }
        return worker;
    }

    private @Nullable Worker idle(FunctionResource function) {
        synchronized (idle) {
            Deque<Worker> waiting = idle.get(function.logicalId());
            return waiting == null ? null : waiting.poll();
        }
    }

    private void giveBack(FunctionResource function, Worker worker) {
        if (worker.isAlive() && !closed) {
            synchronized (idle) {
                idle.computeIfAbsent(function.logicalId(), _ -> new ArrayDeque<>()).push(worker);
            }
        } else {
            discard(worker);
        }
    }

    private void discard(Worker worker) {
        workers.remove(worker);
        outdated.remove(worker);
        worker.close();
    }

    private void endAll() {
        closed = true;
        workers.forEach(Worker::kill);
        workers.forEach(this::discard);
    }

    /** Kills all workers. Whoever waits for an event that runs just then is interrupted. */
    @Override
    public void close() {
        endAll();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException shuttingDown) {
            // The hook is running or has run: it does the same.
        }
    }
}
