package dev.perennial.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.cloud.function.adapter.aws.FunctionInvoker;
import org.springframework.cloud.function.context.FunctionRegistration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ResolvableType;
import tools.jackson.databind.JsonNode;

/**
 * The codec, alone and behind Spring Cloud Function with its traps: nothing may be lost, wrapped or
 * run twice.
 */
class StepFunctionTest {
    record In(
            String run,
            int count,
            List<String> items,
            Optional<String> payload,
            Optional<String> headers) {}

    record Out(String run, int count, List<String> items, Optional<String> payload) {}

    private static final String EVENT =
            "{'run':'r','count':2,'items':['a','b'],'payload':'p','headers':'h'}"
                    .replace('\'', '"');

    static StepFunction<In, Out> function() {
        return function(in -> new Out(in.run(), in.count(), in.items(), in.payload()), _ -> {});
    }

    private static StepFunction<In, Out> function(Step<In, Out> step, Consumer<String> log) {
        return new StepFunction<>(
                "sample", In.class, step, Meter.of(Map.of()), new EmbeddedMetrics(log));
    }

    @Test
    void eachCall_isALineWithItsRun_andMetricsOfTheStep() {
        List<String> log = new ArrayList<>();

        answer(function(in -> new Out(in.run(), 1, List.of(), Optional.empty()), log::add), EVENT);
        assertThrows(
                IllegalStateException.class,
                () ->
                        answer(
                                function(
                                        _ -> {
                                            throw new IllegalStateException("row 3: Ada Lovelace");
                                        },
                                        log::add),
                                EVENT));

        JsonNode succeeded = Json.tree("line", log.getFirst().getBytes(StandardCharsets.UTF_8));
        assertEquals("INFO", succeeded.path("level").asString());
        assertEquals("r", succeeded.path("run").asString());
        assertEquals("sample", succeeded.path("step").asString());
        assertTrue(succeeded.path("StepMilliseconds").asDouble() > 0);
        JsonNode failed = Json.tree("line", log.getLast().getBytes(StandardCharsets.UTF_8));
        assertEquals("ERROR", failed.path("level").asString());
        assertEquals("java.lang.IllegalStateException", failed.path("errorType").asString());
        assertFalse(log.getLast().contains("Ada"), "an error's words may quote a row");
    }

    /** A finding of 1,234 rows may not say 1.234 where somebody's machine is German. */
    @Test
    void application_writesNumbersAlike_whateverTheMachinesLanguage() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            new StepApplication<In, Out>("sample", In.class) {
                @Override
                protected Step<In, Out> step(Services services) {
                    throw new IllegalStateException("never asked for here");
                }
            }.initialize(new GenericApplicationContext());

            assertEquals("1,234.5", "%,.1f".formatted(1234.5));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void event_comesBackWhole_withItsUsage() {
        JsonNode answer = answer(function(), EVENT);

        assertEquals("r", answer.get("run").asString());
        assertEquals(2, answer.get("items").size());
        assertEquals("p", answer.get("payload").asString());
        assertEquals("sample", answer.get("usage").get("step").asString());
        assertTrue(answer.get("usage").get("billedMillis").asLong() > 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "[{\"run\":\"r\",\"count\":2,\"items\":[]}]",
                "\"text\"",
                "{",
                "{\"run\":\"r\"}",
                "{\"run\":null,\"count\":2,\"items\":[]}",
                "{\"run\":\"r\",\"count\":2,\"items\":[],\"more\":1}",
                "{\"payload\":{\"run\":\"r\",\"count\":2,\"items\":[]},\"headers\":{}}"
            })
    void anythingElse_isRefused_namingTheStep(String event) {
        MalformedJsonException refused =
                assertThrows(MalformedJsonException.class, () -> answer(function(), event));

        assertTrue(refused.getMessage().startsWith("input of sample: "), refused.getMessage());
    }

    @Test
    void moreThanStepFunctionsCanHandOver_isRefused() {
        String huge = EVENT.replace("\"r\"", "\"" + "r".repeat(1 << 20) + "\"");

        assertThrows(MalformedJsonException.class, () -> answer(function(), huge));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "[{\"run\":\"r\",\"count\":2,\"items\":[]}]",
                "{\"payload\":{},\"headers\":{}}",
                "{\"run\":\"r\",\"count\":2,\"items\":[],\"more\":1}"
            })
    void behindTheFramework_theTrapsAreStillRefused(String event) {
        assertThrows(MalformedJsonException.class, () -> throughTheFramework(event));
    }

    @Test
    void behindTheFramework_theEventComesBackWhole() throws Exception {
        JsonNode answer = Json.tree("answer", throughTheFramework(EVENT));

        assertEquals(2, answer.get("items").size());
        assertEquals("p", answer.get("payload").asString());
    }

    /** Registers as {@link StepApplication} does. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    public static class SampleApplication
            implements ApplicationContextInitializer<GenericApplicationContext> {
        @Override
        public void initialize(GenericApplicationContext context) {
            context.registerBean(
                    "step",
                    FunctionRegistration.class,
                    () ->
                            new FunctionRegistration<>(function(), "step")
                                    .type(
                                            ResolvableType.forClassWithGenerics(
                                                            Function.class,
                                                            InputStream.class,
                                                            byte[].class)
                                                    .getType()));
        }
    }

    /** The adapter's own entry, which Lambda's runtime calls. */
    private static byte[] throughTheFramework(String event) throws Exception {
        System.setProperty("MAIN_CLASS", SampleApplication.class.getName());
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        new FunctionInvoker("step").handleRequest(stream(event), answer, null);
        return answer.toByteArray();
    }

    private static JsonNode answer(StepFunction<In, Out> function, String event) {
        return Json.tree("answer", function.apply(stream(event)));
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
