package dev.perennial.predict;

import dev.perennial.aws.EmbeddedMetrics;
import dev.perennial.aws.Failures;
import dev.perennial.aws.FunctionApplication;
import dev.perennial.aws.HttpFunction;
import dev.perennial.aws.HttpRequest;
import dev.perennial.aws.HttpResponse;
import dev.perennial.aws.Services;
import dev.perennial.core.json.Json;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.springframework.boot.SpringBootConfiguration;
import tools.jackson.databind.node.ObjectNode;

/** Lambda's entry to {@link PredictHandler}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class PredictFunction extends FunctionApplication {
    @Override
    protected Function<InputStream, byte[]> function(Map<String, String> environment) {
        String pipeline = Services.required(environment, "PIPELINE");
        Failures failures = Failures.ofThisFunction(pipeline);
        Services services = Services.of(environment);
        return new HttpFunction(
                new PredictHandler(
                        serving(services, pipeline, failures),
                        new OnlineFeatures(Services.featuresForCallers(environment)::get, failures),
                        new Capturing(
                                Services.queue(environment), Services.spare(environment), failures),
                        failures),
                InstantSource.system());
    }

    /**
     * Predicts and explains the emptiest row with the champion of now, if there is one, and
     * captures nothing. The champion is given up again: by the time of the first event there may be
     * another.
     *
     * @throws NoModelException if there is no champion yet
     * @throws IllegalStateException if the row isn't answered
     */
    @Override
    protected void prime(Map<String, String> environment) {
        String pipeline = Services.required(environment, "PIPELINE");
        Failures failures =
                new Failures(pipeline, new EmbeddedMetrics(_ -> {}), Failures.log(pipeline));
        Services.briefly(
                environment,
                services -> {
                    try (Serving serving = serving(services, pipeline, failures)) {
                        Instant now = Instant.now();
                        ObjectNode row =
                                serving.answer(
                                        now, models -> models.champion().reader().emptiestRow(now));
                        HttpResponse response =
                                new PredictHandler(
                                                serving,
                                                new OnlineFeatures((_, _) -> Map.of(), failures),
                                                new Capturing(
                                                        _ -> {}, services.artifacts(), failures),
                                                failures)
                                        .apply(
                                                new HttpRequest(
                                                        "POST",
                                                        "/",
                                                        "application/json",
                                                        now,
                                                        Json.write(
                                                                Map.of(
                                                                        "rows",
                                                                        List.of(row),
                                                                        "explain",
                                                                        true))));
                        if (response.status() != 200) {
                            throw new IllegalStateException(
                                    new String(response.body(), StandardCharsets.UTF_8));
                        }
                    }
                });
    }

    private static Serving serving(Services services, String pipeline, Failures failures) {
        return new Serving(
                services.artifacts(),
                services.registry(),
                services.questions(),
                pipeline,
                failures);
    }
}
