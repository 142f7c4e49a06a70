package dev.perennial.core.feature;

import dev.perennial.core.text.Shortened;
import java.nio.file.Path;
import java.util.Optional;

/** Where files arrive. */
public interface Inbox {
    /**
     * Brings a file.
     *
     * @return false if it is not there any more: somebody has dealt with it
     */
    boolean fetch(Arrival arrival, Path target);

    /** Takes a file away that was dealt with. */
    void remove(Arrival arrival);

    /**
     * A file that arrived.
     *
     * @param key where it lies; may hold any character
     * @param version of the object; empty where the store keeps none
     */
    record Arrival(String key, Optional<String> version) {
        private static final int SHOWN = 200;

        /** The part behind the last slash. */
        public String name() {
            return Shortened.shown(key.substring(key.lastIndexOf('/') + 1), SHOWN);
        }
    }
}
