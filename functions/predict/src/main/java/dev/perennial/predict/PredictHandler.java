package dev.perennial.predict;

import dev.perennial.aws.HttpRequest;
import dev.perennial.aws.HttpResponse;
import dev.perennial.core.json.Json;
import dev.perennial.core.live.LiveMessage;
import dev.perennial.core.live.Role;
import dev.perennial.core.serving.PredictionRequest;
import dev.perennial.core.serving.PredictionResponse;
import dev.perennial.core.serving.PredictionResponse.Answer;
import dev.perennial.core.serving.RefusedRequestException;
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
    private final Capturing capturing;
    private final Failures failures;

    PredictHandler(Serving serving, Capturing capturing, Failures failures) {
        this.serving = serving;
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
        PredictionRequest request = read(http, models.champion());
        int rows = request.rows().rows();
        List<String> ids =
                IntStream.range(0, rows).mapToObj(_ -> UUID.randomUUID().toString()).toList();
        List<Role> roles = Collections.nCopies(rows, Role.SHADOW);
        Optional<Predicted> beside = Optional.empty();
        if (models.challenger().isPresent()) {
            Challenger challenger = models.challenger().get();
            roles =
                    models.champion().entities(request.rows()).stream()
                            .map(challenger::role)
                            .toList();
            beside = beside(http, challenger.model(), ids, roles);
        }
        List<Role> own =
                beside.isEmpty()
                        ? Collections.nCopies(rows, Role.CHAMPION)
                        : roles.stream()
                                .map(role -> role == Role.CANARY ? Role.SHADOW : Role.CHAMPION)
                                .toList();
        Predicted champion = models.champion().predict(request, http.at(), ids, own);
        List<Answer> answers = new ArrayList<>(champion.answers());
        List<LiveMessage> captured = new ArrayList<>(List.of(champion.captured()));
        if (beside.isPresent()) {
            captured.add(beside.get().captured());
            for (int row = 0; row < rows; row++) {
                if (own.get(row) == Role.SHADOW) {
                    answers.set(row, beside.get().answers().get(row));
                }
            }
        }
        return new Answered(
                new PredictionResponse(models.champion().pipeline(), answers), captured);
    }

    /** A challenger costs nobody an answer: where it fails, the champion answers all. */
    private Optional<Predicted> beside(
            HttpRequest http, ServedModel challenger, List<String> ids, List<Role> roles) {
        try {
            return Optional.of(challenger.predict(read(http, challenger), http.at(), ids, roles));
        } catch (RuntimeException failed) {
            failures.tell(
                    http.at(),
                    "ChallengerFailures",
                    ids.size(),
                    "CHALLENGER_FAILED pipeline=%s version=%d rows=%d: %s"
                            .formatted(
                                    challenger.pipeline(),
                                    challenger.version(),
                                    ids.size(),
                                    failed));
            return Optional.empty();
        }
    }

    private static PredictionRequest read(HttpRequest http, ServedModel model) {
        http.requirePost("rows");
        return http.read(model.reader()::json, model.reader()::csv);
    }
}
