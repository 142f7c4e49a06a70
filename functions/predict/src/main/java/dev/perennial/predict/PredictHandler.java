package dev.perennial.predict;

import dev.perennial.aws.HttpRequest;
import dev.perennial.aws.HttpResponse;
import dev.perennial.core.json.Json;
import dev.perennial.core.serving.PredictionRequest;
import dev.perennial.core.serving.PredictionResponse;
import dev.perennial.core.serving.RefusedRequestException;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Answers one request. A caller's mistake is a 4xx that says where it is; there is no other answer
 * to bad input.
 */
final class PredictHandler implements Function<HttpRequest, HttpResponse> {
    private static final int UNAVAILABLE = 503;

    private final Champion champion;

    PredictHandler(Champion champion) {
        this.champion = champion;
    }

    @Override
    public HttpResponse apply(HttpRequest http) {
        try {
            PredictionResponse response =
                    champion.answer(model ->
                            model.predict(read(http, model), () -> UUID.randomUUID().toString()));
            return HttpResponse.json(200, Json.write(response));
        } catch (RefusedRequestException refused) {
            return error(refused.status(), refused.getMessage());
        } catch (NoModelException none) {
            return error(UNAVAILABLE, none.getMessage());
        }
    }

    private static PredictionRequest read(HttpRequest http, ServedModel model) {
        if (!http.method().equals("POST")) {
            throw new RefusedRequestException(
                    RefusedRequestException.METHOD_NOT_ALLOWED,
                    "%s is not answered here; POST rows".formatted(http.method()));
        }
        String type = http.contentType().toLowerCase(Locale.ROOT).replaceAll(";.*", "").strip();
        return switch (type) {
            case "application/json", "" -> model.reader().json(http.body());
            case "text/csv" -> model.reader().csv(http.body());
            default ->
                    throw new RefusedRequestException(
                            RefusedRequestException.UNSUPPORTED_MEDIA_TYPE,
                            "'%s' is not read here; send application/json or text/csv"
                                    .formatted(type));
        };
    }

    private static HttpResponse error(int status, @org.jspecify.annotations.Nullable String why) {
        return HttpResponse.json(status, Json.write(Map.of("error", String.valueOf(why))));
    }
}
