package dev.perennial.predict;

import dev.perennial.aws.Failures;
import dev.perennial.aws.HttpRequest;
import dev.perennial.aws.HttpResponse;
import dev.perennial.core.json.Json;
import dev.perennial.core.live.LiveMessage;
import dev.perennial.core.live.Role;
import dev.perennial.core.serving.PredictionRequest;
import dev.perennial.core.serving.PredictionResponse;
import dev.perennial.core.serving.PredictionResponse.Answer;
import dev.perennial.core.serving.RefusedRequestException;
import dev.perennial.core.serving.RequestReader;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.predict.OnlineFeatures.Filled;
import dev.perennial.predict.ServedModel.Predicted;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Answers one request. A caller's mistake is a 4xx that says where it is; there is no other answer
 * to bad input. While a challenger is tried, both versions predict every row, so that they can be
 * compared on the same ones; each caller is answered by one of them.
 */
final class PredictHandler implements Function<HttpRequest, HttpResponse> {
    private final Serving serving;
    private final OnlineFeatures features;
    private final Capturing capturing;
    private final Failures failures;

    PredictHandler(
            Serving serving, OnlineFeatures features, Capturing capturing, Failures failures) {
        this.serving = serving;
        this.features = features;
        this.capturing = capturing;
        this.failures = failures;
    }

    /**
     * What a request comes to.
     *
     * @param captured what the live side is to know of it, a message per version
     */
    private record Answered(PredictionResponse response, List<LiveMessage> captured) {}

    @Override
    public HttpResponse apply(HttpRequest http) {
        try {
            Answered answered = serving.answer(http.at(), models -> answer(http, models));
            answered.captured().forEach(message -> capturing.capture(message, http.at()));
            return HttpResponse.json(200, Json.write(answered.response()));
        } catch (RefusedRequestException refused) {
            return HttpResponse.error(refused.status(), refused.getMessage());
        } catch (NoModelException none) {
            return HttpResponse.error(HttpResponse.UNAVAILABLE, none.getMessage());
        }
    }

    private Answered answer(HttpRequest http, Serving.Models models) {
        http.requirePost("rows");
        ServedModel champion = models.champion();
        RequestReader reader =
                models.challenger()
                        .map(challenger -> champion.reader().beside(challenger.model().reader()))
                        .orElse(champion.reader());
        PredictionRequest request = http.read(reader::json, reader::csv);
        List<String> ids =
                IntStream.range(0, request.rows().rows())
                        .mapToObj(_ -> UUID.randomUUID().toString())
                        .toList();
        Optional<Beside> beside =
                models.challenger().flatMap(each -> beside(http, champion, each, ids));
        List<Role> roles =
                beside.map(Beside::championsRoles)
                        .orElse(Collections.nCopies(ids.size(), Role.CHAMPION));
        CategoryColumn entities =
                beside.map(Beside::entities).orElseGet(() -> champion.entities(request.rows()));
        Filled filled = champion.filled(features, request, http.at());
        Predicted predicted = champion.predict(filled, http.at(), ids, roles, entities);
        List<Answer> answers = new ArrayList<>(predicted.answers());
        List<LiveMessage> captured = new ArrayList<>(List.of(predicted.captured()));
        if (beside.isPresent()) {
            captured.add(beside.get().predicted().captured());
            for (int row = 0; row < ids.size(); row++) {
                if (roles.get(row) == Role.SHADOW) {
                    answers.set(row, beside.get().predicted().answers().get(row));
                }
            }
        }
        return new Answered(
                new PredictionResponse(
                        champion.pipeline(), answers, champion.warnings(filled.request().rows())),
                captured);
    }

    /**
     * What a challenger predicted.
     *
     * @param roles one per row
     * @param entities whom each row is of, by the challenger's spec
     */
    private record Beside(Predicted predicted, List<Role> roles, CategoryColumn entities) {
        List<Role> championsRoles() {
            return roles.stream()
                    .map(role -> role == Role.CANARY ? Role.SHADOW : Role.CHAMPION)
                    .toList();
        }
    }

    /** A challenger costs nobody an answer: where it fails, the champion answers all. */
    private Optional<Beside> beside(
            HttpRequest http, ServedModel champion, Challenger challenger, List<String> ids) {
        ServedModel model = challenger.model();
        try {
            RequestReader reader = model.reader().beside(champion.reader());
            PredictionRequest request = http.read(reader::json, reader::csv);
            CategoryColumn entities = model.entities(request.rows());
            List<Role> roles =
                    IntStream.range(0, ids.size())
                            .mapToObj(row -> challenger.role(entities.text(row)))
                            .toList();
            return Optional.of(
                    new Beside(
                            model.predict(
                                    model.filled(features, request, http.at()),
                                    http.at(),
                                    ids,
                                    roles,
                                    entities),
                            roles,
                            entities));
        } catch (RuntimeException failed) {
            failures.tell(
                    http.at(),
                    "ChallengerFailures",
                    ids.size(),
                    "CHALLENGER_FAILED pipeline=%s version=%d rows=%d: %s"
                            .formatted(model.pipeline(), model.version(), ids.size(), failed));
            return Optional.empty();
        }
    }
}
