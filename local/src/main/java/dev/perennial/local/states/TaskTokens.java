package dev.perennial.local.states;

import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** The tokens that were handed out by this process, each for one attempt at a task. */
final class TaskTokens {
    private static final int BYTES = 32;
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{" + 2 * BYTES + "}");

    private final RandomGenerator random;
    private final Map<String, TaskToken> open = new HashMap<>();
    private final Set<String> closed = new HashSet<>();

    TaskTokens(RandomGenerator random) {
        this.random = random;
    }

    synchronized TaskToken issue() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        TaskToken token = new TaskToken(HexFormat.of().formatHex(bytes));
        open.put(token.value(), token);
        return token;
    }

    synchronized void close(TaskToken token) {
        open.remove(token.value());
        closed.add(token.value());
    }

    /**
     * Finds the attempt that waits.
     *
     * @throws RequestRefusedException InvalidToken, TaskDoesNotExist, TaskTimedOut
     */
    synchronized TaskToken find(String value) {
        if (!FORM.matcher(value).matches()) {
            throw new RequestRefusedException(
                    "InvalidToken", "Invalid Token: '" + value + "' was not handed out here");
        }
        if (closed.contains(value)) {
            throw ended();
        }
        TaskToken token = open.get(value);
        if (token == null) {
            throw new RequestRefusedException(
                    "TaskDoesNotExist", "Task does not exist: no task has the token " + value);
        }
        return token;
    }

    static RequestRefusedException ended() {
        return new RequestRefusedException(
                "TaskTimedOut",
                "Task Timed Out: the token was answered before, or its task has ended; each attempt has its own");
    }
}
