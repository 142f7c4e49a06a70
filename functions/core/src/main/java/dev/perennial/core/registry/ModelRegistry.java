package dev.perennial.core.registry;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Keeps versions, aliases and runs. Every change is one atomic write; a reader never sees half of
 * one.
 */
public interface ModelRegistry {
    /**
     * Registers what a run made under the pipeline's next number. A run that has registered already
     * gets its version again and nothing is written: a retry is harmless.
     *
     * @param describe gives the version's record for a number; called again with a higher one if
     *     another run was faster
     */
    ModelVersion register(String pipeline, String run, IntFunction<ModelVersion> describe);

    Optional<ModelVersion> version(String pipeline, int version);

    /** All versions of a pipeline, oldest first. */
    List<ModelVersion> versions(String pipeline);

    Optional<Alias> alias(String pipeline, String name);

    /** Every change of an alias, oldest first. */
    List<Alias> history(String pipeline, String name);

    /**
     * The champion that a run has to beat. If the run itself was promoted already, as when one of
     * its steps is tried again, that is the one before it: no run competes with itself.
     */
    default Optional<Alias> championBefore(String pipeline, String run) {
        Optional<Alias> now = alias(pipeline, Alias.CHAMPION);
        if (now.isEmpty() || !now.get().run().equals(run)) {
            return now;
        }
        return history(pipeline, Alias.CHAMPION).reversed().stream()
                .filter(change -> !change.run().equals(run))
                .findFirst();
    }

    /**
     * Versions that were champions before the one that a run has to beat, the one that left last
     * first. Those that a person left, and didn't go back to, are not among them.
     */
    default List<Integer> formerChampions(String pipeline, String run) {
        Set<Integer> left = new HashSet<>();
        championBefore(pipeline, run).map(Alias::version).ifPresent(left::add);
        Set<Integer> wanted = new HashSet<>();
        Set<Integer> former = new LinkedHashSet<>();
        for (Alias change : history(pipeline, Alias.CHAMPION).reversed()) {
            if (change.byPerson()) {
                if (!wanted.contains(change.previousVersion())) {
                    left.add(change.previousVersion());
                }
                wanted.add(change.version());
            }
            if (!change.run().equals(run)) {
                former.add(change.version());
            }
        }
        former.removeAll(left);
        return List.copyOf(former);
    }

    /**
     * The version that was champion before the one that serves. When a person goes back to a
     * version, that undoes all that came after it, so one step back after the other goes further
     * back and never returns to a version that was left. A run that makes a former champion
     * champion again undoes nothing.
     *
     * @param history every change of the champion, oldest first
     */
    static Optional<Integer> championToGoBackTo(List<Alias> history) {
        Deque<Integer> champions = new ArrayDeque<>();
        for (Alias change : history) {
            if (change.byPerson() && champions.contains(change.version())) {
                while (champions.getLast() != change.version()) {
                    champions.removeLast();
                }
            } else {
                champions.addLast(change.version());
            }
        }
        champions.pollLast();
        return Optional.ofNullable(champions.peekLast());
    }

    /**
     * Points an alias to a version. The same change asked for again by the same run is no error.
     *
     * @param expectedRevision the revision this change was decided on; 0 if the alias didn't exist
     * @throws StaleAliasException if the alias changed since; nothing is changed then
     * @throws UnknownVersionException if there is no such version
     */
    Alias point(
            String pipeline,
            String name,
            int version,
            int expectedRevision,
            Instant at,
            String by,
            String run,
            String reason);

    /** Writes a run's record, replacing what was known of it. */
    void record(RunRecord run);

    Optional<RunRecord> run(String pipeline, String run);

    /** All runs of a pipeline, in the order of their names. */
    List<RunRecord> runs(String pipeline);

    /** Names of all pipelines with a run or a version, sorted. */
    List<String> pipelines();
}
