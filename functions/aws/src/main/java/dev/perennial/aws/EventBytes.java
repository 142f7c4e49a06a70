package dev.perennial.aws;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What Lambda hands over. */
public final class EventBytes {
    private EventBytes() {}

    /**
     * The whole event; Lambda lets none in that is larger than 6 MiB.
     *
     * @throws UncheckedIOException if it breaks off
     */
    public static byte[] of(InputStream event) {
        try {
            return event.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException("the event can't be read", broken);
        }
    }
}
