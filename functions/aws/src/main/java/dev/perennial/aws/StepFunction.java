package dev.perennial.aws;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.core.run.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one codec between Lambda and a step. Spring Cloud Function's own conversion runs a POJO
 * function once per element of an array, takes {@code payload} and {@code headers} for an envelope
 * and drops unknown keys; so it only ever sees bytes. To the step's output the key {@code usage} is
 * added: what this call is billed for. Each call whose input can be read is a line of the log, with
 * metrics of the step.
 */
final class StepFunction<I, O> implements Function<InputStream, byte[]> {
    /** Step Functions hands over at most 262,144 bytes; more is no step's input. */
    private static final int MAX_INPUT = 1 << 20;

    private final String name;
    private final Class<I> input;
    private final Step<I, O> step;
    private final Meter meter;
    private final EmbeddedMetrics metrics;

    StepFunction(
            String name, Class<I> input, Step<I, O> step, Meter meter, EmbeddedMetrics metrics) {
        this.name = name;
        this.input = input;
        this.step = step;
        this.meter = meter;
        this.metrics = metrics;
    }

    @Override
    public byte[] apply(InputStream event) {
        Meter.Reading begin = meter.start();
        byte[] bytes = bytes(event);
        I parsed = Json.read("input of " + name, bytes, input);
        JsonNode identity = Json.tree("input of " + name, bytes);
        ObjectNode output;
        try {
            output = output(parsed);
        } catch (RuntimeException failed) {
            say(begin.at(), identity, meter.stop(name, begin), Optional.of(failed));
            throw failed;
        }
        Usage usage = meter.stop(name, begin);
        say(begin.at(), identity, usage, Optional.empty());
        output.set("usage", Json.toTree(usage));
        return Json.write(output);
    }

    private ObjectNode output(I parsed) {
        JsonNode output = Json.toTree(step.apply(parsed));
        if (output instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalStateException(
                "%s gave %s, expected an object".formatted(name, output.getNodeType()));
    }

    /**
     * An error's own words stay out: they may quote a row, and Lambda logs them where the data's
     * owner decides how long.
     */
    private void say(Instant at, JsonNode input, Usage usage, Optional<RuntimeException> failed) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("level", failed.isPresent() ? "ERROR" : "INFO");
        fields.put("run", input.path("run").asString(""));
        fields.put("message", name + (failed.isPresent() ? " failed" : " succeeded"));
        failed.ifPresent(error -> fields.put("errorType", error.getClass().getName()));
        metrics.put(
                at,
                Map.of("pipeline", input.path("pipeline").asString(""), "step", name),
                Map.of(
                        "StepMilliseconds",
                        (double) usage.billedMillis(),
                        "StepPeakMegabytes",
                        (double) usage.peakMegabytes()),
                fields);
    }

    private byte[] bytes(InputStream event) {
        try {
            byte[] bytes = event.readNBytes(MAX_INPUT + 1);
            if (bytes.length > MAX_INPUT) {
                throw new MalformedJsonException(
                        "input of " + name,
                        "more than %,d bytes".formatted(MAX_INPUT),
                        new IOException("too long"));
            }
            return bytes;
        } catch (IOException broken) {
            throw new MalformedJsonException("input of " + name, "can't be read", broken);
        }
    }
}
