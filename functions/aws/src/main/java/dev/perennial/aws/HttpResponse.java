package dev.perennial.aws;

import dev.perennial.core.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a Function URL answers. */
public record HttpResponse(int status, String contentType, byte[] body) {
    /** Answered to who asked too early, or while something is down. */
    public static final int UNAVAILABLE = 503;

    /** Says in a sentence why there is no better answer. */
    public static HttpResponse error(int status, @Nullable String why) {
        return json(status, Json.write(Map.of("error", String.valueOf(why))));
    }

    public static HttpResponse json(int status, byte[] body) {
        return new HttpResponse(status, "application/json", body);
    }
}
