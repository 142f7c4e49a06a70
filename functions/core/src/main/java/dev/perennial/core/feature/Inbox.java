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
        private static final int SHOWN = 160;
        private static final int ENDING = 20;

        /** The part behind the last slash; of a long one its beginning and its end. */
        public String name() {
            String name = key.substring(key.lastIndexOf('/') + 1);
            if (name.length() <= SHOWN + ENDING) {
                return name;
            }
            int end = name.length() - ENDING;
            int from = Character.isLowSurrogate(name.charAt(end)) ? end + 1 : end;
            return Shortened.shown(name, SHOWN) + name.substring(from);
        }
    }
}
