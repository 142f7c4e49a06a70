package dev.perennial.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.aws.EmbeddedMetrics;
import dev.perennial.aws.Failures;
import dev.perennial.core.Rows;
import dev.perennial.core.feature.EntityKey;
import dev.perennial.core.feature.InMemoryOnlineStore;
import dev.perennial.core.feature.OnlineRow;
import dev.perennial.core.serving.PredictionResponse.LookedUp;
import dev.perennial.core.serving.RequestReader;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnlineFeaturesTest {
    private static final Instant NOW = Instant.parse("2026-04-01T00:00:00Z");
    private static final String VIEW =
            """
            name: stock
            key: [shop]
            time: at
            columns: [{name: left, type: number}, {name: supplier, type: category}]
            timeToLive: PT1H
            """;

    private final InMemoryOnlineStore store = new InMemoryOnlineStore();
    private final List<String> log = new ArrayList<>();
    private final List<String> metrics = new ArrayList<>();
    private final Failures failures =
            new Failures("shop", new EmbeddedMetrics(metrics::add), log::add);

    private static PipelineSpec spec(String match) {
        return SpecReader.read(
                "spec.yaml",
                SpecReader.bundle(
                        Rows.spec("shop")
                                .replace(
                                        "features:",
                                        "key: [shop]\nfeatures:\n  - {view: stock, columns: [left, supplier], match: %s}"
                                                .formatted(match)),
                        List.of(VIEW)));
    }

    private void know(String shop, Instant at, @Nullable Object left) {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("left", left);
        values.put("supplier", "acme");
        store.put(
                "stock",
                List.of(
                        new OnlineRow(
                                new EntityKey(List.of(shop)),
                                at,
                                new OnlineRow.Version(at.toString()),
                                values,
                                Optional.empty())));
    }

    private OnlineFeatures.Filled fill(PipelineSpec spec, String row) {
        String body = "{\"rows\":[" + row.replace('\'', '"') + "]}";
        return new OnlineFeatures(store::get, failures)
                .fill(
                        spec,
                        new RequestReader(spec).json(body.getBytes(StandardCharsets.UTF_8)),
                        NOW);
    }

    @ParameterizedTest
    @CsvSource({
        "atOrBefore, PT0S, ''",
        "atOrBefore, PT1H, ''",
        "atOrBefore, PT1H1S, older than PT1H",
        "atOrBefore, PT-1S, later than the row",
        "before, PT0S, later than the row",
        "before, PT1S, ''",
    })
    void onlyWhatAJoinWouldFind_isTaken(String match, Duration age, String missing) {
        know("north", NOW.minus(age), 7.0);

        var filled = fill(spec(match), "{'shop':'north','size':1,'price':2}");

        LookedUp looked = filled.lookedUp().getFirst().getFirst();
        double left = filled.request().rows().number("left").values()[0];
        if (missing.isEmpty()) {
            assertEquals(7, left);
            assertEquals("acme", filled.request().rows().category("supplier").text(0));
            assertEquals(age.toSeconds(), looked.ageSeconds().orElseThrow());
        } else {
            assertEquals(Double.NaN, left);
            assertTrue(looked.missing().orElseThrow().contains(missing), looked.toString());
        }
    }

    @Test
    void whatTheCallerSays_stays_evenNull() {
        know("north", NOW, 7.0);

        var filled =
                fill(
                        spec("atOrBefore"),
                        "{'shop':'north','size':1,'price':2,'left':null,'supplier':'mine'},"
                                + "{'shop':'north','size':1,'price':2,'left':3}");

        assertEquals(Double.NaN, filled.request().rows().number("left").values()[0]);
        assertEquals("mine", filled.request().rows().category("supplier").text(0));
        assertEquals(List.of(), filled.lookedUp().getFirst());
        assertEquals(3, filled.request().rows().number("left").values()[1]);
        assertEquals("acme", filled.request().rows().category("supplier").text(1));
        assertEquals(List.of("supplier"), filled.lookedUp().getLast().getFirst().columns());
    }

    @Test
    void theRowsOwnTime_countsWhereItSaysOne() {
        know("north", NOW.minusSeconds(7_200), 7.0);

        var filled =
                fill(
                        spec("atOrBefore"),
                        "{'shop':'north','size':1,'price':2,'at':'2026-03-31T22:30:00Z'}");

        assertEquals(7, filled.request().rows().number("left").values()[0]);
        assertEquals(1_800, filled.lookedUp().getFirst().getFirst().ageSeconds().orElseThrow());
    }

    @Test
    void aStoreThatDoesNotAnswer_isToldAndCounted_andCostsNoPrediction() {
        PipelineSpec spec = spec("atOrBefore");
        String body = "{\"rows\":[{\"shop\":\"north\",\"size\":1,\"price\":2}]}";

        var filled =
                new OnlineFeatures(
                                (_, _) -> {
                                    throw new IllegalStateException("down");
                                },
                                failures)
                        .fill(
                                spec,
                                new RequestReader(spec).json(body.getBytes(StandardCharsets.UTF_8)),
                                NOW);

        assertEquals(
                Optional.of("the feature store did not answer"),
                filled.lookedUp().getFirst().getFirst().missing());
        assertTrue(log.getFirst().startsWith("FEATURES_NOT_LOOKED_UP view=stock entities=1"));
        assertTrue(metrics.getFirst().contains("FeatureLookupFailures"));
    }
}
