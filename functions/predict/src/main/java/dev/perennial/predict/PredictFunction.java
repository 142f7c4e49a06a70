package dev.perennial.predict;

import dev.perennial.aws.EmbeddedMetrics;
import dev.perennial.aws.Failures;
import dev.perennial.aws.FunctionApplication;
import dev.perennial.aws.HttpFunction;
import dev.perennial.aws.Services;
import dev.perennial.core.json.Json;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;

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
                        new Capturing(Services.queue(environment), services.artifacts(), failures),
                        failures),
                InstantSource.system());
    }

    /**
     * Predicts a row in which everything is missing with the champion of now, if there is one, and
     * captures nothing. The champion is given up again: by the time of the first event there may be
     * another.
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
                        new HttpFunction(
                                        new PredictHandler(
                                                serving,
                                                new Capturing(
                                                        _ -> {}, services.artifacts(), failures),
                                                failures),
                                        InstantSource.system())
                                .apply(new ByteArrayInputStream(emptyRow(serving)));
                    }
                });
    }

    /**
     * A request as Function URLs send it.
     *
     * @throws NoModelException if there is no champion yet
     */
    private static byte[] emptyRow(Serving serving) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        serving.answer(Instant.now(), models -> models.champion().reader().columns())
                .forEach(column -> row.put(column, null));
        byte[] body = Json.write(Map.of("rows", List.of(row), "explain", true));
        return Json.write(
                Map.of(
                        "requestContext",
                        Map.of("http", Map.of("method", "POST")),
                        "headers",
                        Map.of("content-type", "application/json"),
                        "body",
                        new String(body, StandardCharsets.UTF_8)));
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
