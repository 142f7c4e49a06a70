package dev.perennial.local.states;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Runs the items of a Map or the branches of a Parallel on virtual threads; the first failure stops
 * the others.
 */
final class Branches {
    interface Branch {
        JsonNode run() throws StateFailure, InterruptedException;
    }

    private final List<? extends Branch> branches;
    private final @Nullable JsonNode[] results;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final List<Thread> workers = new ArrayList<>();

    private Branches(List<? extends Branch> branches) {
        this.branches = branches;
        this.results = new JsonNode[branches.size()];
    }

    /**
     * Gives the results in the order of the branches, which also start in this order.
     *
     * @param atOnce how many may run at the same time; 0 means all
     */
    static List<JsonNode> run(List<? extends Branch> branches, int atOnce)
            throws StateFailure, InterruptedException {
        int threads = atOnce == 0 ? branches.size() : Math.min(atOnce, branches.size());
        return new Branches(branches).run(threads);
    }

    private List<JsonNode> run(int threads) throws StateFailure, InterruptedException {
        for (int i = 0; i < threads; i++) {
            workers.add(Thread.ofVirtual().unstarted(this::work));
        }
        workers.forEach(Thread::start);
        try {
            join();
        } catch (InterruptedException e) {
            workers.forEach(Thread::interrupt);
            joinUninterrupted();
            throw e;
        }
        switch (failure.get()) {
            case null -> {}
            case StateFailure e -> throw e;
            case Error e -> throw e;
            case Throwable e ->
                    throw new StateFailure(
                            StateFailure.RUNTIME, "a branch ended unexpectedly: " + e);
        }
        List<JsonNode> all = new ArrayList<>();
        Arrays.asList(results).forEach(r -> all.add(r == null ? Json.NODES.nullNode() : r));
        return all;
    }

    private void work() {
        try {
            for (int i = next.getAndIncrement();
                    i < branches.size() && failure.get() == null;
                    i = next.getAndIncrement()) {
                results[i] = branches.get(i).run();
            }
        } catch (Throwable e) {
            // An interrupted sibling of a failed branch is not a failure of its own: the first one
            // counts.
            if (failure.compareAndSet(null, e)) {
                workers.stream()
                        .filter(worker -> worker != Thread.currentThread())
                        .forEach(Thread::interrupt);
            }
        }
    }

    private void join() throws InterruptedException {
        for (Thread worker : workers) {
            worker.join();
        }
    }

    private void joinUninterrupted() {
        boolean interrupted = false;
        for (Thread worker : workers) {
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
