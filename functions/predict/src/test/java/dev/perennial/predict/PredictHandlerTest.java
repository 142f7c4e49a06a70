package dev.perennial.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.aws.DirectInvocationException;
import dev.perennial.aws.EmbeddedMetrics;
import dev.perennial.aws.Failures;
import dev.perennial.aws.HttpFunction;
import dev.perennial.aws.HttpRequest;
import dev.perennial.aws.HttpResponse;
import dev.perennial.aws.Snapshots;
import dev.perennial.core.Rows;
import dev.perennial.core.SampleRun;
import dev.perennial.core.feature.EntityKey;
import dev.perennial.core.feature.InMemoryOnlineStore;
import dev.perennial.core.feature.OnlineRow;
import dev.perennial.core.json.Json;
import dev.perennial.core.live.LiveColumns;
import dev.perennial.core.live.LiveMessage;
import dev.perennial.core.live.QueueUnavailableException;
import dev.perennial.core.live.Role;
import dev.perennial.core.promotion.InMemoryQuestions;
import dev.perennial.core.promotion.Question;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.spec.Calibration;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.PromotionSpec.Mode;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import dev.perennial.model.Calibrator;
import dev.perennial.model.ErrorModel;
import dev.perennial.model.OnnxModel;
import dev.perennial.model.Predictor;
import dev.perennial.model.Preparation;
import dev.perennial.model.SearchSpace;
import dev.perennial.model.Targets;
import dev.perennial.model.TrainedModel;
import dev.perennial.model.Trainer;
import dev.perennial.model.TrainingMatrix;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PredictHandlerTest {
    private static final String ROW = "{'shop':'north','size':0.5,'price':12.5}";

    private SampleRun run = SampleRun.good();
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-04-01T00:00:00Z"));
    private final List<String> alarms = new ArrayList<>();
    private final List<String> metrics = new ArrayList<>();
    private final List<LiveMessage> captured = new ArrayList<>();
    private final InMemoryOnlineStore online = new InMemoryOnlineStore();
    private final InMemoryQuestions questions = new InMemoryQuestions();
    private final Failures failures =
            new Failures(SampleRun.PIPELINE, new EmbeddedMetrics(metrics::add), alarms::add);
    private boolean queueIsDown;
    private PredictHandler handler = handler();

    private PredictHandler handler() {
        return new PredictHandler(
                new Serving(
                        run.artifacts(), run.registry(), questions, SampleRun.PIPELINE, failures),
                new OnlineFeatures(this::look, failures),
                new Capturing(this::take, run.artifacts(), failures),
                failures);
    }

    private Map<EntityKey, OnlineRow> look(String view, Collection<EntityKey> keys) {
        return online.get(view, keys);
    }

    private void take(LiveMessage message) {
        if (queueIsDown) {
            throw new QueueUnavailableException("down", List.of(message), new IOException("down"));
        }
        captured.add(LiveMessage.fromJson(message.toJson()));
    }

    /** A model of the sample rows; another seed is another model. */
    private ArtifactRef model(long seed) {
        PipelineSpec spec = run.pipeline();
        Table rows = Snapshots.table(run.artifacts(), run.snapshot(), spec.schema());
        Targets targets = Targets.of(spec, rows);
        Preparation preparation = Preparation.fit(spec.features(), rows, targets);
        TrainingMatrix matrix = preparation.matrix(rows, targets, 1);
        var candidate = SearchSpace.draw(spec.train()).get((int) seed);
        TrainedModel model =
                Trainer.of(candidate.trainer())
                        .train(candidate, spec.train(), matrix, matrix.range(0, 200));
        return run.put(
                "model-" + seed + ".onnx",
                OnnxModel.write(
                        preparation,
                        model,
                        Calibrator.fit(Calibration.NONE, model.predict(matrix), matrix.targets()),
                        targets.classes(),
                        ErrorModel.fit(spec.train(), matrix, model.predict(matrix))));
    }

    private void champion(int seed) {
        ArtifactRef model = model(seed);
        run.champion("run-of-" + seed, model, model);
    }

    private HttpResponse post(String rows) {
        return send("POST", "application/json", "{'rows':[" + rows + "]}");
    }

    private HttpResponse send(String method, String contentType, String body) {
        return handler.apply(
                new HttpRequest(
                        method,
                        "/",
                        contentType,
                        now.get(),
                        body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    private static JsonNode body(HttpResponse response) {
        return Json.tree("response", response.body());
    }

    private int version() {
        return body(post(ROW)).get("predictions").get(0).get("version").asInt();
    }

    private void wait(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    @Test
    void regressionThatKnowsItsErrors_saysSo_andCapturesIt() {
        List<String> lines = new ArrayList<>(List.of(Rows.HEADER));
        for (String line : Rows.lines(600, 1).subList(1, 601)) {
            lines.add(line.substring(0, line.lastIndexOf(',') + 1) + line.split(",")[3]);
        }
        run =
                new SampleRun(
                        Rows.spec("shop")
                                .replace("task: binary", "task: regression")
                                .replace("positive: \"yes\"", "delay: PT0S")
                                .replace("{metric: auc, min: 0.6}", "{metric: r2, min: 0.5}"),
                        String.join("\n", lines) + "\n");
        handler = handler();
        champion(0);

        JsonNode answer = body(post(ROW)).get("predictions").get(0);

        double expected = answer.get("expectedError").doubleValue();
        assertTrue(expected >= 0 && expected < 5, answer::toString);
        Table rows = captured.getFirst().rows();
        assertEquals(
                answer.get("prediction").doubleValue(),
                rows.number(LiveColumns.PREDICTION).values()[0]);
        assertEquals(expected, rows.number(LiveColumns.EXPECTED_ERROR).values()[0]);
    }

    @Test
    void rows_areAnswered_asTheFileItselfPredicts() {
        champion(0);
        Table rows =
                Snapshots.table(run.artifacts(), run.snapshot(), run.pipeline().schema())
                        .range(0, 200);
        List<String> lines = Rows.lines(1_500, 1).subList(1, 201);
        List<String> json =
                lines.stream()
                        .map(line -> line.split(",", -1))
                        .map(cells ->
                                "{'shop':%s,'size':%s,'price':%s}"
                                        .formatted(
                                                cells[1].isEmpty() ? "null" : "'" + cells[1] + "'",
                                                cells[2].isEmpty() ? "null" : cells[2],
                                                cells[3]))
                        .toList();

        JsonNode answer = body(post(String.join(",", json)));

        assertEquals(SampleRun.PIPELINE, answer.get("pipeline").asString());
        try (Predictor predictor = Predictor.open(run.artifacts().read(model(0)), 1)) {
            double[][] expected = predictor.predict(rows);
            Set<String> ids = new HashSet<>();
            for (int row = 0; row < 200; row++) {
                JsonNode one = answer.get("predictions").get(row);
                assertEquals(
                        expected[row][1],
                        one.get("probability").get("yes").asDouble(),
                        "row " + row);
                assertEquals(
                        expected[row][1] > expected[row][0] ? "yes" : "no",
                        one.get("prediction").asString());
                assertTrue(ids.add(one.get("id").asString()));
            }
        }
        String csv =
                Rows.HEADER.replace(",bought", "")
                        + "\n"
                        + String.join(
                                "\n",
                                lines.stream()
                                        .map(line -> line.replaceAll(",(yes|no)$", ""))
                                        .toList())
                        + "\n";
        JsonNode ofCsv = body(send("POST", "text/csv; charset=utf-8", csv));
        for (int row = 0; row < 200; row++) {
            assertEquals(
                    answer.get("predictions").get(row).get("probability"),
                    ofCsv.get("predictions").get(row).get("probability"));
        }
    }

    @Test
    void explanation_addsUpToTheLogOdds_byFeature() {
        champion(0);

        JsonNode answer =
                body(send("POST", "application/json", "{'rows':[" + ROW + "],'explain':true}"))
                        .get("predictions")
                        .get(0);

        JsonNode explanation = answer.get("explanation");
        assertEquals("log odds of yes", explanation.get("of").asString());
        double sum = explanation.get("baseline").asDouble();
        for (String feature : List.of("shop", "size", "price")) {
            sum += explanation.get("contributions").get(feature).asDouble();
        }
        double probability = answer.get("probability").get("yes").asDouble();
        assertEquals(Math.log(probability / (1 - probability)), sum, 1e-5);
        assertEquals(
                400,
                send(
                                "POST",
                                "application/json",
                                "{'rows':[" + ROW + "," + ROW + "],'explain':true}")
                        .status());
        assertFalse(body(post(ROW)).get("predictions").get(0).has("explanation"));
    }

    @Test
    void promotionAndRollback_reachCallersWithinSeconds_andNotEveryCallAsks() {
        champion(0);
        assertEquals(1, version());

        champion(1);
        wait(Serving.LOOK_AGAIN.minusMillis(1));
        assertEquals(1, version());
        wait(Duration.ofMillis(1));
        assertEquals(2, version());

        rollback();
        wait(Serving.LOOK_AGAIN);
        assertEquals(1, version());
        assertEquals(List.of(), alarms);
    }

    @Test
    void versionThatIsDamagedOrNoModel_leavesTheLastGoodOneServing_andShouts() {
        champion(0);
        assertEquals(1, version());
        ArtifactRef second = model(1);
        run.champion("second", second, second);
        run.damage(second);
        wait(Serving.LOOK_AGAIN);

        assertEquals(1, version());
        assertTrue(alarms.getLast().contains("MODEL_NOT_LOADED"), alarms::toString);
        assertTrue(alarms.getLast().contains("serving=version 1"), alarms::toString);

        wait(Serving.LOOK_AGAIN);
        assertEquals(1, version());
        assertEquals(1, alarms.size(), "it is tried again after a minute, not each time");

        ArtifactRef nonsense = run.put("nonsense.onnx", new byte[] {1, 2, 3});
        run.champion("third", nonsense, nonsense);
        wait(Serving.LOOK_AGAIN);
        assertEquals(1, version());
        assertEquals(2, alarms.size());

        champion(2);
        wait(Serving.LOOK_AGAIN);
        assertEquals(4, version());
    }

    @Test
    void championWhoseArtifactIsDeleted_goesOnServing_andItsSuccessorToo() {
        champion(0);
        assertEquals(1, version());
        run.artifacts()
                .delete(run.registry().version(SampleRun.PIPELINE, 1).orElseThrow().model().key());
        ArtifactRef second = model(1);
        run.champion("second", second, second);
        run.artifacts().delete(second.key());
        wait(Serving.LOOK_AGAIN);

        assertEquals(1, version());
        assertTrue(alarms.getLast().contains("MODEL_NOT_LOADED"), alarms::toString);
        assertTrue(metrics.getLast().contains("\"ModelFailures\":1.0"), metrics::toString);
    }

    @Test
    void clockThatIsSetBack_doesNotKeepAnOldVersion() {
        champion(0);
        assertEquals(1, version());
        champion(1);
        wait(Duration.ofDays(-1));

        assertEquals(2, version());
    }

    @Test
    void noChampionYet_isSaid_andIsNoServerError() {
        HttpResponse response = post(ROW);

        assertEquals(503, response.status());
        assertTrue(body(response).get("error").asString().contains("no champion"));
        champion(0);
        wait(Serving.LOOK_AGAIN);
        assertEquals(200, post(ROW).status());
    }

    @Test
    void wrongRequests_areTheCallersFault_withTheReason() {
        champion(0);

        assertEquals(405, send("GET", "", "").status());
        assertEquals(415, send("POST", "image/png", "").status());
        assertEquals(400, send("POST", "application/json", "{").status());
        assertEquals(400, send("POST", "text/csv", "price\n1\n").status());
        HttpResponse response = post("{'shop':'north','size':'big','price':1}");
        assertEquals(400, response.status());
        assertEquals(
                "row 0, column 'size': expected a number or null, found a text",
                body(response).get("error").asString());
    }

    @Test
    void valuesOutsideTheDeclaredLimits_areAnswered_andNamed() {
        champion(0);

        JsonNode answer =
                body(
                        post(
                                "{'shop':'north','size':10.5,'price':1},"
                                        + "{'shop':'north','size':null,'price':-0.5},"
                                        + ROW));

        assertEquals(3, answer.get("predictions").size());
        assertEquals(
                List.of(
                        "row 0, column 'size': 10.5 is above the spec's max 10.0",
                        "row 1, column 'price': -0.5 is below the spec's min 0.0"),
                answer.get("warnings").valueStream().map(JsonNode::asString).toList());
        assertEquals(0, body(post(ROW)).get("warnings").size());
    }

    @Test
    void answers_areCaptured_withWhatWasAsked() {
        champion(0);

        JsonNode answer = body(post(ROW)).get("predictions").get(0);

        LiveMessage message = captured.getFirst();
        assertEquals(1, message.version().getAsInt());
        assertEquals(answer.get("id").asString(), message.rows().category(LiveColumns.ID).text(0));
        assertEquals("CHAMPION", message.rows().category(LiveColumns.ROLE).text(0));
        assertEquals(now.get(), EventTime.instant(message.rows().time(LiveColumns.AT).micros()[0]));
        assertEquals(12.5, message.rows().number("price").values()[0]);
        answer.get("probability")
                .properties()
                .forEach(each ->
                        assertEquals(
                                each.getValue().asDouble(),
                                message.rows()
                                        .number(LiveColumns.PROBABILITY + each.getKey())
                                        .values()[0]));
    }

    /** Version 2 predicts beside version 1 from the next look on. */
    private void challenger(Mode mode, double share) {
        ArtifactRef model = model(1);
        run.champion("challenging", model, model);
        rollback();
        ask(mode, share);
    }

    /** Version 1 is champion again. */
    private void rollback() {
        Alias alias = run.registry().alias(SampleRun.PIPELINE, Alias.CHAMPION).orElseThrow();
        run.registry()
                .point(
                        SampleRun.PIPELINE,
                        Alias.CHAMPION,
                        1,
                        alias.revision(),
                        now.get(),
                        "test",
                        "",
                        "rollback");
    }

    private void ask(Mode mode, double share) {
        questions.ask(
                new Question(
                        SampleRun.PIPELINE,
                        "challenging",
                        2,
                        mode,
                        share,
                        0.95,
                        1,
                        now.get(),
                        now.get().plus(Duration.ofDays(1)),
                        "token"));
        wait(Serving.LOOK_AGAIN);
    }

    private static List<String> texts(LiveMessage message, String column) {
        return IntStream.range(0, message.rows().rows())
                .mapToObj(row -> message.rows().category(column).text(row))
                .toList();
    }

    @Test
    void shadow_predictsTheSameRows_andAnswersNobody() {
        champion(0);
        JsonNode before = body(post(ROW)).get("predictions").get(0);
        challenger(Mode.SHADOW, 0);
        captured.clear();

        JsonNode answer = body(post(ROW + "," + ROW)).get("predictions");

        assertEquals(1, answer.get(0).get("version").asInt());
        assertEquals(before.get("probability"), answer.get(0).get("probability"));
        assertEquals(2, captured.size());
        LiveMessage champion = captured.get(0);
        LiveMessage shadow = captured.get(1);
        assertEquals(1, champion.version().getAsInt());
        assertEquals(2, shadow.version().getAsInt());
        assertEquals(List.of("CHAMPION", "CHAMPION"), texts(champion, LiveColumns.ROLE));
        assertEquals(List.of("SHADOW", "SHADOW"), texts(shadow, LiveColumns.ROLE));
        assertEquals(texts(champion, LiveColumns.ID), texts(shadow, LiveColumns.ID));
        assertNotEquals(
                champion.rows().number(LiveColumns.PROBABILITY + "yes").values()[0],
                shadow.rows().number(LiveColumns.PROBABILITY + "yes").values()[0]);
        assertEquals(List.of(), alarms);
    }

    @Test
    void canary_answersItsShareOfCallers_eachOfThemAlwaysByOneModel() {
        run = new SampleRun(Rows.spec(SampleRun.PIPELINE) + "key: [shop]\n", Rows.csv(1_500, 1));
        handler = handler();
        champion(0);
        challenger(Mode.CANARY, 0.4);
        List<String> shops = List.of("north", "south", "west", "east", "centre", "harbour");
        String rows =
                String.join(",", shops.stream().map(shop -> ROW.replace("north", shop)).toList());
        captured.clear();

        JsonNode first = body(post(rows)).get("predictions");
        wait(Duration.ofHours(1));
        JsonNode second = body(post(rows)).get("predictions");

        Set<Integer> versions = new HashSet<>();
        for (int row = 0; row < shops.size(); row++) {
            int version = first.get(row).get("version").asInt();
            versions.add(version);
            assertEquals(version, second.get(row).get("version").asInt(), shops.get(row));
            boolean canary = version == 2;
            assertEquals(
                    canary ? "SHADOW" : "CHAMPION",
                    texts(captured.get(0), LiveColumns.ROLE).get(row));
            assertEquals(
                    canary ? "CANARY" : "SHADOW",
                    texts(captured.get(1), LiveColumns.ROLE).get(row));
        }
        assertEquals(Set.of(1, 2), versions);
    }

    @Test
    void share_isThatOfManyCallers() {
        champion(0);
        try (ServedModel model =
                new ServedModel(run.pipeline(), 2, run.artifacts().read(model(1)))) {
            Challenger challenger = new Challenger(model, 0.1);
            long canaries =
                    IntStream.range(0, 20_000)
                            .filter(caller -> challenger.role("caller-" + caller) == Role.CANARY)
                            .count();

            assertEquals(0.1, canaries / 20_000.0, 4 * Math.sqrt(0.1 * 0.9 / 20_000));
        }
    }

    @Test
    void trialThatIsOver_leavesTheChampionAlone() {
        champion(0);
        challenger(Mode.SHADOW, 0);
        post(ROW);
        wait(Duration.ofDays(1));
        captured.clear();
        post(ROW);
        assertEquals(1, captured.size(), "its time is over");

        wait(Duration.ofDays(-1));
        captured.clear();
        post(ROW);
        assertEquals(2, captured.size());
        questions.close(SampleRun.PIPELINE, "challenging");
        wait(Serving.LOOK_AGAIN);
        captured.clear();
        post(ROW);
        assertEquals(1, captured.size(), "its question is answered");
    }

    @Test
    void challengerThatCannotBeLoaded_costsNobodyAnAnswer_andIsCounted() {
        champion(0);
        challenger(Mode.SHADOW, 0);
        post(ROW);
        questions.close(SampleRun.PIPELINE, "challenging");
        wait(Serving.LOOK_AGAIN);
        post(ROW);
        run.damage(run.registry().version(SampleRun.PIPELINE, 2).orElseThrow().model());
        ask(Mode.SHADOW, 0);
        captured.clear();

        assertEquals(200, post(ROW).status());

        assertEquals(1, captured.size());
        assertTrue(alarms.getLast().contains("CHALLENGER_NOT_LOADED"), alarms::toString);
        assertTrue(metrics.getLast().contains("\"ChallengerFailures\":1.0"), metrics::toString);
    }

    @Test
    void queueThatIsDown_failsNoPrediction_andNothingIsLost() {
        champion(0);
        queueIsDown = true;

        HttpResponse response = post(ROW + "," + ROW);

        assertEquals(200, response.status());
        assertTrue(metrics.getFirst().contains("\"CaptureFailures\":2.0"), metrics.getFirst());
        String line = alarms.getFirst();
        String key = line.substring(line.indexOf("live/"));
        LiveMessage kept = LiveMessage.fromJson(run.artifacts().current(key).orElseThrow());
        assertEquals(2, kept.rows().rows());
        assertFalse(line.contains("north"), "the log holds no row: " + line);
    }

    @Test
    void functionUrlEvents_andDirectOnes_areAnsweredAlike() {
        champion(0);
        HttpFunction function = new HttpFunction(handler, now::get);
        String request = "{\"rows\":[" + ROW.replace('\'', '"') + "]}";
        byte[] event =
                Json.write(
                        java.util.Map.of(
                                "version",
                                "2.0",
                                "rawPath",
                                "/",
                                "headers",
                                java.util.Map.of("Content-Type", "application/json"),
                                "requestContext",
                                java.util.Map.of("http", java.util.Map.of("method", "POST")),
                                "body",
                                java.util.Base64.getEncoder()
                                        .encodeToString(request.getBytes(StandardCharsets.UTF_8)),
                                "isBase64Encoded",
                                true));

        JsonNode response = Json.tree("response", function.apply(new ByteArrayInputStream(event)));
        JsonNode direct =
                Json.tree(
                        "answer",
                        function.apply(
                                new ByteArrayInputStream(
                                        request.getBytes(StandardCharsets.UTF_8))));

        assertEquals(200, response.get("statusCode").asInt());
        JsonNode inside =
                Json.tree("body", response.get("body").asString().getBytes(StandardCharsets.UTF_8));
        assertEquals(
                direct.get("predictions").get(0).get("probability"),
                inside.get("predictions").get(0).get("probability"));
        assertNotEquals(
                direct.get("predictions").get(0).get("id"),
                inside.get("predictions").get(0).get("id"));
        assertTrue(
                assertThrows(
                                DirectInvocationException.class,
                                () ->
                                        function.apply(
                                                new ByteArrayInputStream(
                                                        "{}".getBytes(StandardCharsets.UTF_8))))
                        .getMessage()
                        .startsWith("400 "));
    }

    @Test
    void aFeatureThatIsLeftOut_isLookedUp_andTheAnswerSaysWhereAndHowOld() {
        String view =
                """
                name: stock
                key: [shop]
                time: at
                columns: [{name: left, type: number}]
                timeToLive: P1D
                """;
        String spec =
                SpecReader.bundle(
                        Rows.spec("shop")
                                .replace("features:", "key: [shop]\nfeatures:")
                                .replaceFirst(
                                        "- \\{name: size.*",
                                        "- {view: stock, columns: [{column: left, as: size}]}"),
                        List.of(view));
        run = new SampleRun(spec, Rows.csv(1_500, 1));
        handler = handler();
        champion(1);
        Instant at = now.get().minus(Duration.ofMinutes(5));
        online.put(
                "stock",
                List.of(
                        new OnlineRow(
                                new EntityKey(List.of("north")),
                                at,
                                new OnlineRow.Version("1"),
                                Map.of("left", 0.5),
                                Optional.empty())));

        JsonNode given = body(post("{'shop':'north','size':0.5,'price':12.5}"));
        JsonNode looked =
                body(
                        post(
                                "{'shop':'north','price':12.5},{'shop':'south','price':12.5},{'shop':'north','size':null,'price':12.5}"));

        JsonNode first = looked.get("predictions").get(0);
        assertEquals(given.get("predictions").get(0).get("probability"), first.get("probability"));
        assertEquals("stock", first.get("features").get(0).get("view").asString());
        assertEquals("size", first.get("features").get(0).get("columns").get(0).asString());
        assertEquals(300, first.get("features").get(0).get("ageSeconds").asInt());
        assertEquals(at.toString(), first.get("features").get(0).get("at").asString());
        JsonNode second = looked.get("predictions").get(1);
        assertEquals(
                "the view knows nothing of it",
                second.get("features").get(0).get("missing").asString());
        JsonNode third = looked.get("predictions").get(2);
        assertTrue(third.path("features").isMissingNode(), "null is no question");
        assertTrue(given.get("predictions").get(0).path("features").isMissingNode());
        double[] captured = this.captured.getLast().rows().number("size").values();
        assertEquals(0.5, captured[0], "what was predicted with is what drift is measured on");

        HttpResponse csv =
                send("POST", "text/csv", "price,shop,at\n12.5,north,2026-03-31T23:56:00Z\n");
        assertEquals(
                60,
                body(csv)
                        .get("predictions")
                        .get(0)
                        .get("features")
                        .get(0)
                        .get("ageSeconds")
                        .asInt());
    }
}
