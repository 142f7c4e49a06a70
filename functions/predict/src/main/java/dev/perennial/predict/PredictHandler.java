package dev.perennial.predict;

import dev.perennial.aws.HttpRequest;
import dev.perennial.aws.HttpResponse;
import dev.perennial.core.json.Json;
import dev.perennial.core.serving.PredictionRequest;
import dev.perennial.core.serving.RefusedRequestException;
import dev.perennial.predict.ServedModel.Predicted;
import java.util.UUID;
import java.util.function.Function;

/**
 * Answers one request. A caller's mistake is a 4xx that says where it is; there is no other answer
 * to bad input.
 */
final class PredictHandler implements Function<HttpRequest, HttpResponse> {
    private final Champion champion;
    private final Capturing capturing;

    PredictHandler(Champion champion, Capturing capturing) {
        this.champion = champion;
        this.capturing = capturing;
    }

    @Override
    public HttpResponse apply(HttpRequest http) {
        try {
            Predicted predicted =
                    champion.answer(
                            http.at(),
                            model ->
                                    model.predict(
                                            read(http, model),
                                            http.at(),
                                            () -> UUID.randomUUID().toString()));
            capturing.capture(predicted.captured(), http.at());
            return HttpResponse.json(200, Json.write(predicted.response()));
        } catch (RefusedRequestException refused) {
            return HttpResponse.error(refused.status(), refused.getMessage());
        } catch (NoModelException none) {
            return HttpResponse.error(HttpResponse.UNAVAILABLE, none.getMessage());
        }
    }

    private static PredictionRequest read(HttpRequest http, ServedModel model) {
        http.requirePost("rows");
        return http.read(model.reader()::json, model.reader()::csv);
    }
}
