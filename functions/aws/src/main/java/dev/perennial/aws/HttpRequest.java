package dev.perennial.aws;

import dev.perennial.core.serving.RefusedRequestException;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Function;

/**
 * What a caller sent to a Function URL.
 *
 * @param contentType as sent, "" if there is none
 * @param at when the URL took it; of a direct invocation, when it began
 * @param body as sent, no encoding around it
 */
public record HttpRequest(String method, String path, String contentType, Instant at, byte[] body) {
    /**
     * Lets only POST pass.
     *
     * @param what should be posted, for the message
     * @throws RefusedRequestException 405 for any other method
     */
    public void requirePost(String what) {
        if (!method.equals("POST")) {
            throw new RefusedRequestException(
                    RefusedRequestException.METHOD_NOT_ALLOWED,
                    "%s is not answered here; POST %s".formatted(method, what));
        }
    }

    /**
     * Reads the body by its media type; without one it is JSON.
     *
     * @throws RefusedRequestException 415 for any other than JSON and CSV
     */
    public <T> T read(Function<byte[], T> json, Function<byte[], T> csv) {
        String type = contentType.toLowerCase(Locale.ROOT).replaceAll(";.*", "").strip();
        return switch (type) {
            case "application/json", "" -> json.apply(body);
            case "text/csv" -> csv.apply(body);
            default ->
                    throw new RefusedRequestException(
                            RefusedRequestException.UNSUPPORTED_MEDIA_TYPE,
                            "'%s' is not read here; send application/json or text/csv"
                                    .formatted(type));
        };
    }
}
