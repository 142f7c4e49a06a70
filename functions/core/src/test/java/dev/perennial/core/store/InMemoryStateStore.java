package dev.perennial.core.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A store that forgets. */
public final class InMemoryStateStore implements StateStore {
    private final Map<String, Present> present = new HashMap<>();

    @Override
    public Optional<Present> present(String pipeline) {
        return Optional.ofNullable(present.get(pipeline));
    }

    @Override
    public boolean replace(String pipeline, Present next) {
        if (present(pipeline).map(Present::revision).orElse(0L) != next.revision() - 1) {
            return false;
        }
        present.put(pipeline, next);
        return true;
    }
}
