package dev.perennial.core.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A log that forgets, for tests. */
public final class InMemoryLiveLog implements LiveLog {
    private final Map<String, List<Entry>> entries = new HashMap<>();

    @Override
    public synchronized long append(String pipeline, LiveBatch batch) {
        List<Entry> known = entries.computeIfAbsent(pipeline, _ -> new ArrayList<>());
        for (Entry each : known) {
            if (each.batch().data().sha256().equals(batch.data().sha256())) {
                return each.sequence();
            }
        }
        known.add(new Entry(known.size() + 1L, batch));
        return known.size();
    }

    @Override
    public synchronized List<Entry> after(String pipeline, long sequence, int most) {
        return entries.getOrDefault(pipeline, List.of()).stream()
                .filter(each -> each.sequence() > sequence)
                .limit(most)
                .toList();
    }
}
