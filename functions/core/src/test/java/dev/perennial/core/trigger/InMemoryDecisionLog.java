package dev.perennial.core.trigger;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A log that forgets, for tests. One lock makes every change atomic. */
public final class InMemoryDecisionLog implements DecisionLog {
    private record Event(String pipeline, String key) {}

    private record Delivery(Event event, String name) {}

    private final Map<Event, Decision> standing = new HashMap<>();
    private final Map<String, Starts> starts = new HashMap<>();
    private final Set<Event> announced = new HashSet<>();
    private final Map<Delivery, Decision> all = new LinkedHashMap<>();

    @Override
    public synchronized Optional<Decision> standing(String pipeline, String event) {
        return Optional.ofNullable(standing.get(new Event(pipeline, event)));
    }

    @Override
    public synchronized Starts starts(String pipeline) {
        return starts.getOrDefault(pipeline, Starts.NONE);
    }

    @Override
    public synchronized boolean stand(Decision decision, Starts next, long expectedRevision) {
        Event event = new Event(decision.pipeline(), decision.event());
        boolean moved = starts(decision.pipeline()).revision() != expectedRevision;
        if (standing.containsKey(event) || (decision.starts() && moved)) {
            return false;
        }
        standing.put(event, decision);
        if (decision.starts()) {
            starts.put(decision.pipeline(), next);
        }
        note(decision);
        return true;
    }

    @Override
    public synchronized void note(Decision copy) {
        all.put(new Delivery(new Event(copy.pipeline(), copy.event()), copy.delivery()), copy);
    }

    @Override
    public synchronized boolean isAnnounced(String pipeline, String event) {
        return announced.contains(new Event(pipeline, event));
    }

    @Override
    public synchronized void announced(String pipeline, String event) {
        announced.add(new Event(pipeline, event));
    }

    @Override
    public synchronized List<Decision> latest(String pipeline, int most) {
        List<Decision> found = new ArrayList<>(all.values());
        found.removeIf(each -> !each.pipeline().equals(pipeline));
        found.sort(Comparator.comparing(Decision::at).reversed());
        return found.stream().limit(most).toList();
    }
}
