package dev.perennial.core.feature;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An online store in memory. */
public final class InMemoryOnlineStore implements OnlineStore {
    private final Map<String, Map<EntityKey, OnlineRow>> views = new HashMap<>();

    @Override
    public synchronized int put(String view, List<OnlineRow> rows) {
        Map<EntityKey, OnlineRow> known = views.computeIfAbsent(view, _ -> new HashMap<>());
        int newer = 0;
        for (OnlineRow row : rows) {
            OnlineRow present = known.get(row.key());
            if (present == null || present.version().compareTo(row.version()) <= 0) {
                known.put(row.key(), row);
                newer++;
            }
        }
        return newer;
    }

    @Override
    public synchronized Map<EntityKey, OnlineRow> get(String view, Collection<EntityKey> keys) {
        Map<EntityKey, OnlineRow> found = new HashMap<>();
        for (EntityKey key : keys) {
            OnlineRow row = views.getOrDefault(view, Map.of()).get(key);
            if (row != null) {
                found.put(key, row);
            }
        }
        return found;
    }
}
