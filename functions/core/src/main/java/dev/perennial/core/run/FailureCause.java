package dev.perennial.core.run;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The cause of a failure as Step Functions hands it over. For a function's failure that is Lambda's
 * JSON, the message before a long stack trace; the state machine cuts it, and may say something
 * before it.
 */
public final class FailureCause {
    private static final Pattern MESSAGE =
            Pattern.compile("\\{[^{}\\[\\]]*?\"errorMessage\"\\s*:\\s*\"");

    private FailureCause() {}

    /** What a person wants to read of it: the function's own message; all of any other cause. */
    public static String sentence(String cause) {
        Matcher message = MESSAGE.matcher(cause);
        if (!message.find()) {
            return cause;
        }
        int end = end(cause, message.end());
        String literal = "\"" + cause.substring(message.end(), end) + "\"";
        boolean cut = end >= cause.length() || cause.charAt(end) != '"';
        try {
            String said = Json.tree("cause", literal.getBytes(StandardCharsets.UTF_8)).asString();
            return cause.substring(0, message.start()) + said + (cut ? "…" : "");
        } catch (MalformedJsonException other) {
            return cause;
        }
    }

    /** Where a JSON string's closing quote is, or where what is left of it ends. */
    private static int end(String text, int begin) {
        int at = begin;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\') {
                int next = at + (text.startsWith("\\u", at) ? 6 : 2);
                if (next > text.length()) {
                    return at;
                }
                at = next;
            } else {
                at++;
            }
        }
        return at;
    }
}
