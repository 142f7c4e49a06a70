package dev.perennial.local.lambda;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import java.io.IOException;

/**
 * The main class of a worker: AWS's runtime client, and a thread that ends the process when whoever
 * started it is gone, however it went. Its standard input is a pipe that nobody writes to; the
 * system closes it. (The runtime client alone ends only if it is waiting for an event, not in the
 * midst of one.) Travels as a single class file, so that nothing else of ours is on a function's
 * class path.
 */
public final class Guardian {
    private Guardian() {}

    public static void main(String[] arguments) throws Throwable {
        Thread watch = new Thread(Guardian::endWithParent, "guardian");
        watch.setDaemon(true);
        watch.start();
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
        Runtime.getRuntime().halt(137);
    }
}
