package dev.perennial.local.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Rows;
import dev.perennial.core.json.Json;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.Keys;
import dev.perennial.local.Home;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.Stack;
import dev.perennial.local.template.TemplateReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What SnapStart keeps of predict. AWS's runtime client starts and primes it and asks to be
 * restored; only then the world is changed. Two processes stand for two restored from one snapshot:
 * nothing here can copy a process, so what they may not share is what they must not show.
 */
class RestoreIT {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));
    private static final String PIPELINE = "shop";
    private static final String REQUEST =
            "{\"rows\": [{\"shop\": \"north\", \"size\": 1, \"price\": 11}], \"explain\": true}";

    @TempDir Path folder;

    private static Stack stack() {
        return TemplateReader.read(ROOT.resolve("template.yaml"), Map.of("Pipeline", PIPELINE));
    }

    private static FunctionResource predict(Stack stack) {
        return stack.functions().stream()
                .filter(each -> each.logicalId().equals("PredictFunction"))
                .findFirst()
                .orElseThrow();
    }

    /** As in a stack's first deployment. */
    @Test
    void predict_primedBeforeThereIsAChampion_saysSo_andServesTheFirst() throws Exception {
        Stack stack = stack();
        try (Home home = Home.take(folder.resolve("home"));
                LocalCloud cloud =
                        LocalCloud.open(home, stack, InstantSource.system(), (_, _) -> {});
                Primed primed = new Primed(predict(stack), cloud, folder.resolve("first"))) {
            primed.awaitSnapshot();
            int champion = promote(cloud, 1);

            JsonNode answer = primed.restoreAndAsk();

            assertTrue(primed.log().contains("NOT_PRIMED"), primed::log);
            assertEquals(
                    champion,
                    answer.path("predictions").path(0).path("version").asInt(),
                    answer::toString);
        }
    }

    @Test
    void predict_restoredTwice_answersWithTheChampionOfNow_andIdsOfItsOwn() throws Exception {
        Stack stack = stack();
        FunctionResource predict = predict(stack);
        assertTrue(predict.isSnapshotted());
        try (Home home = Home.take(folder.resolve("home"));
                LocalCloud cloud =
                        LocalCloud.open(home, stack, InstantSource.system(), (_, _) -> {})) {
            int primedWith = promote(cloud, 1);
            try (Primed first = new Primed(predict, cloud, folder.resolve("first"));
                    Primed second = new Primed(predict, cloud, folder.resolve("second"))) {
                first.awaitSnapshot();
                second.awaitSnapshot();
                int now = promote(cloud, 2);

                JsonNode one = first.restoreAndAsk();
                JsonNode other = second.restoreAndAsk();

                assertNotEquals(primedWith, now);
                assertTrue(
                        new String(
                                        cloud.artifacts()
                                                .read(
                                                        cloud.registry()
                                                                .version(PIPELINE, now)
                                                                .orElseThrow()
                                                                .model()),
                                        StandardCharsets.ISO_8859_1)
                                .contains("TreeEnsembleRegressor"));
                assertEquals(
                        "log odds of yes",
                        one.path("predictions").path(0).path("explanation").path("of").asString(),
                        one::toString);
                assertEquals(
                        now,
                        one.path("predictions").path(0).path("version").asInt(),
                        one::toString);
                assertEquals(now, other.path("predictions").path(0).path("version").asInt());
                assertNotEquals(
                        one.path("predictions").path(0).path("id").asString(),
                        other.path("predictions").path(0).path("id").asString());
                assertFalse(first.log().contains("NOT_PRIMED"), first::log);
                assertFalse(second.log().contains("NOT_PRIMED"), second::log);
            }
        }
    }

    /** The label is whether exactly one of two features is large: no linear model comes near. */
    private static String onlyTreesSolveIt(int seed) {
        return Rows.lines(1_500, seed).stream()
                .map(line -> {
                    String[] cells = line.split(",", -1);
                    if (line.equals(Rows.HEADER)) {
                        return line;
                    }
                    boolean isBig = !cells[2].isEmpty() && !cells[2].startsWith("-");
                    boolean isDear = Double.parseDouble(cells[3]) > 12.5;
                    cells[4] = isBig != isDear ? "yes" : "no";
                    return String.join(",", cells);
                })
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static int promote(LocalCloud cloud, int seed) throws InterruptedException {
        byte[] data = onlyTreesSolveIt(seed).getBytes(StandardCharsets.UTF_8);
        cloud.artifacts()
                .replace(
                        Keys.spec(PIPELINE),
                        Rows.spec(PIPELINE).getBytes(StandardCharsets.UTF_8),
                        "application/yaml");
        String source = "test-" + Digest.of(data).abbreviated();
        cloud.artifacts().put(Keys.source(source) + "data.csv", data, "text/csv");
        cloud.run("run-" + seed, "{\"source\":\"%s\"}".formatted(source));
        return cloud.registry().alias(PIPELINE, Alias.CHAMPION).orElseThrow().version();
    }

    /** A process that has been primed and waits to be restored. */
    private static final class Primed implements RuntimeApi.Listener, AutoCloseable {
        private final Path logs;
        private final CountDownLatch snapshot = new CountDownLatch(1);
        private final CountDownLatch restored = new CountDownLatch(1);
        private final LinkedBlockingQueue<RuntimeApi.Event> events = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
        private final RuntimeApi api;
        private final Process process;

        Primed(FunctionResource function, LocalCloud cloud, Path folder) throws IOException {
            logs = folder.resolve("logs");
            api = new RuntimeApi(this);
            process =
                    new WorkerLauncher(
                                    folder.resolve("cache"),
                                    logs,
                                    _ -> cloud.environment(function.logicalId()))
                            .start(function, api.address(), Files.createDirectories(folder));
        }

        void awaitSnapshot() throws InterruptedException {
            assertTrue(snapshot.await(60, TimeUnit.SECONDS), "it never asked to be restored");
        }

        JsonNode restoreAndAsk() throws InterruptedException {
            restored.countDown();
            events.add(
                    new RuntimeApi.Event(
                            "request",
                            "arn",
                            Instant.now().plusSeconds(30).toEpochMilli(),
                            REQUEST.getBytes(StandardCharsets.UTF_8)));
            String answer = answers.poll(30, TimeUnit.SECONDS);
            return Json.tree("answer", String.valueOf(answer).getBytes(StandardCharsets.UTF_8));
        }

        String log() {
            try {
                return Files.readString(logs.resolve("PredictFunction.log"));
            } catch (IOException missing) {
                throw new UncheckedIOException(missing);
            }
        }

        @Override
        public void restore() throws InterruptedException {
            snapshot.countDown();
            restored.await();
        }

        @Override
        public RuntimeApi.Event next() throws InterruptedException {
            return events.take();
        }

        @Override
        public void returned(String requestId, byte[] payload) {
            answers.add(new String(payload, StandardCharsets.UTF_8));
        }

        @Override
        public void failed(String requestId, String type, byte[] body) {
            answers.add(new String(body, StandardCharsets.UTF_8));
        }

        @Override
        public void initFailed(String type, byte[] body) {
            answers.add(new String(body, StandardCharsets.UTF_8));
        }

        @Override
        public void close() {
            process.destroyForcibly();
            api.close();
        }
    }
}
