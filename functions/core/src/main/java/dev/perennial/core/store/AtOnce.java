package dev.perennial.core.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** Calls of a store that wait side by side. */
public final class AtOnce {
    /** Fewer than the connections that a client keeps. */
    private static final int CALLS = 32;

    private AtOnce() {}

    /**
     * Applies a function to all items, up to {@value #CALLS} at once, and gives the results in the
     * items' order. The first failure in that order is thrown; calls that began go on to their end.
     */
    public static <T, R> List<R> map(List<T> items, Function<T, R> call) {
        if (items.size() == 1) {
            return List.of(call.apply(items.getFirst()));
        }
        Semaphore room = new Semaphore(CALLS);
        List<Future<R>> futures = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (T item : items) {
                futures.add(
                        threads.submit(() -> {
                            room.acquire();
                            try {
                                return call.apply(item);
                            } finally {
                                room.release();
                            }
                        }));
            }
        }
        List<R> results = new ArrayList<>();
        for (Future<R> future : futures) {
            results.add(result(future));
        }
        return results;
    }

    private static <R> R result(Future<R> future) {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (failed.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the store was asked", interrupted);
        }
    }
}
