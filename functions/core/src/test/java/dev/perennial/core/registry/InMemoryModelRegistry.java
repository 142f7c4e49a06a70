package dev.perennial.core.registry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;

/** A registry that forgets, for tests. One lock makes every change atomic. */
public final class InMemoryModelRegistry implements ModelRegistry {
    private record AliasKey(String pipeline, String name) {}

    private final Map<String, List<ModelVersion>> versions = new TreeMap<>();
    private final Map<AliasKey, List<Alias>> aliases = new HashMap<>();
    private final Map<String, Map<String, RunRecord>> runs = new TreeMap<>();

    @Override
    public synchronized ModelVersion register(
            String pipeline, String run, IntFunction<ModelVersion> describe) {
        List<ModelVersion> present = versions(pipeline);
        Optional<ModelVersion> registered =
                present.stream().filter(version -> version.run().equals(run)).findFirst();
        if (registered.isPresent()) {
            return registered.get();
        }
        ModelVersion version = describe.apply(present.size() + 1);
        versions.computeIfAbsent(pipeline, _ -> new ArrayList<>()).add(version);
        return version;
    }

    @Override
    public synchronized Optional<ModelVersion> version(String pipeline, int version) {
        return versions(pipeline).stream().filter(each -> each.version() == version).findFirst();
    }

    @Override
    public synchronized List<ModelVersion> versions(String pipeline) {
        return List.copyOf(versions.getOrDefault(pipeline, List.of()));
    }

    @Override
    public synchronized Optional<Alias> alias(String pipeline, String name) {
        return history(pipeline, name).stream().max(Comparator.comparingInt(Alias::revision));
    }

    @Override
    public synchronized List<Alias> history(String pipeline, String name) {
        return List.copyOf(aliases.getOrDefault(new AliasKey(pipeline, name), List.of()));
    }

    @Override
    public synchronized Alias point(
            String pipeline,
            String name,
            int version,
            int expectedRevision,
            Instant at,
            String by,
            String run,
            String reason) {
        if (version(pipeline, version).isEmpty()) {
            throw new UnknownVersionException(pipeline, version);
        }
        Optional<Alias> present = alias(pipeline, name);
        int revision = present.map(Alias::revision).orElse(0);
        boolean repeated =
                present.filter(alias -> alias.run().equals(run) && alias.version() == version)
                        .isPresent();
        if (repeated && revision == expectedRevision + 1) {
            return present.get();
        }
        if (revision != expectedRevision) {
            throw new StaleAliasException(pipeline, name, expectedRevision);
        }
        Alias changed =
                new Alias(
                        pipeline,
                        name,
                        version,
                        revision + 1,
                        present.map(Alias::version).orElse(0),
                        at,
                        by,
                        run,
                        reason);
        aliases.computeIfAbsent(new AliasKey(pipeline, name), _ -> new ArrayList<>()).add(changed);
        return changed;
    }

    @Override
    public synchronized void record(RunRecord run) {
        runs.computeIfAbsent(run.pipeline(), _ -> new TreeMap<>()).put(run.run(), run);
    }

    @Override
    public synchronized Optional<RunRecord> run(String pipeline, String run) {
        return Optional.ofNullable(runs.getOrDefault(pipeline, Map.of()).get(run));
    }

    @Override
    public synchronized List<RunRecord> runs(String pipeline) {
        return List.copyOf(runs.getOrDefault(pipeline, Map.of()).values());
    }

    @Override
    public synchronized List<String> pipelines() {
        TreeSet<String> names = new TreeSet<>(versions.keySet());
        names.addAll(runs.keySet());
        return List.copyOf(names);
    }
}
