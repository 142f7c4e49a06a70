package dev.perennial.local.lambda;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The main class of a worker: AWS's runtime client, and a thread that ends the process when whoever
 * started it is gone, however it went. Its standard input is a pipe that nobody writes to; the
 * system closes it. (The runtime client alone ends only if it is waiting for an event, not in the
 * midst of one.) Travels as a single class file, so that nothing else of ours is on a function's
 * class path.
 */
public final class Guardian {
    /** How the names of workers' folders begin. */
    static final String FOLDER_PREFIX = "perennial-";

    private Guardian() {}

    public static void main(String[] arguments) throws Throwable {
        Thread watch = new Thread(Guardian::endWithParent, "guardian");
        watch.setDaemon(true);
        watch.start();
        // The runtime client may notice first, and exit.
        Runtime.getRuntime().addShutdownHook(new Thread(Guardian::clear, "clear"));
        AWSLambda.main(arguments);
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // nobody writes; a byte would mean nothing
            }
        } catch (IOException closed) {
            // the same as its end
        }
        clear();
        Runtime.getRuntime().halt(137);
    }

    /** The parent would have removed this worker's temporary files; libraries are among them. */
    private static synchronized void clear() {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        if (!String.valueOf(folder.getFileName()).startsWith(FOLDER_PREFIX)) {
            return; // not one that was made for a worker
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException leftBehind) {
            // The function may be writing just now; what is left lies in the system's temporary
            // folder.
        }
    }
}
