package dev.perennial.aws;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.core.run.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one codec between Lambda and a step. Spring Cloud Function's own conversion runs a POJO
 * function once per element of an array, takes {@code payload} and {@code headers} for an envelope
 * and drops unknown keys; so it only ever sees bytes. To the step's output the key {@code usage} is
 * added: what this call is billed for.
 */
final class StepFunction<I, O> implements Function<InputStream, byte[]> {
    /** Step Functions hands over at most 262,144 bytes; more is no step's input. */
    private static final int MAX_INPUT = 1 << 20;

    private final String name;
    private final Class<I> input;
    private final Step<I, O> step;
    private final Meter meter;

    StepFunction(String name, Class<I> input, Step<I, O> step, Meter meter) {
        this.name = name;
        this.input = input;
        this.step = step;
        this.meter = meter;
    }

    @Override
    public byte[] apply(InputStream event) {
        Meter.Reading begin = meter.start();
        I parsed = Json.read("input of " + name, bytes(event), input);
        JsonNode output = Json.toTree(step.apply(parsed));
        if (!(output instanceof ObjectNode object)) {
            throw new IllegalStateException(
                    "%s gave %s, expected an object".formatted(name, output.getNodeType()));
        }
        Usage usage = meter.stop(name, begin);
        object.set("usage", Json.toTree(usage));
        return Json.write(object);
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
