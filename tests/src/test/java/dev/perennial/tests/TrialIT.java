package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.local.Home;
import dev.perennial.local.Hosting;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.replay.History;
import dev.perennial.local.replay.Policy;
import dev.perennial.local.replay.Replay;
import dev.perennial.local.replay.Replayed;
import dev.perennial.local.replay.Replayed.Event;
import dev.perennial.local.replay.Replayed.Predicted;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A challenger's trial through everything that takes part in it, in simulated time and with the
 * permissions of the template.
 */
class TrialIT {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    /** A Thursday; from here on the label means the opposite. */
    private static final Instant TURN = Instant.parse("2026-02-05T00:00:00Z");

    private static final Instant END = TURN.plus(Duration.ofDays(18));
    private static final List<String> SHOPS = List.of("north", "south", "west", "east", "harbour");

    private static final String SPEC =
            """
            name: shops
            task: binary
            time: at
            key: [shop]
            label: {column: bought, positive: "yes", delay: PT1H, expires: P2D}
            features:
              - {name: x, type: number}
            window: P30D
            split: {validation: P2D, test: P2D}
            data: {minRows: 500}
            train: {trainer: xgboost, candidates: 1, seed: 3, rounds: 20, earlyStopping: 5, threads: 1}
            gates:
              - {metric: auc, min: 0.1}
            drift: {check: PT6H}
            retrain: {on: [schedule], maxPerDay: 1, budget: 5 USD per P30D}
            promotion: {mode: canary, share: 0.5, within: P5D}
            """;

    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));

    @TempDir Path folder;

    private Path rows() throws Exception {
        Random random = new Random(5);
        StringBuilder csv = new StringBuilder("at,shop,x,bought\n");
        for (Instant at = BEGIN; at.isBefore(END); at = at.plus(Duration.ofHours(1))) {
            for (String shop : SHOPS) {
                double x = random.nextGaussian();
                boolean bought = 2 * x + random.nextGaussian() > 0 ^ !at.isBefore(TURN);
                csv.append("%s,%s,%.4f,%s%n".formatted(at, shop, x, bought ? "yes" : "no"));
            }
        }
        return Files.writeString(folder.resolve("rows.csv"), csv);
    }

    private Replayed replay() throws Exception {
        PipelineSpec spec = SpecReader.read("spec.yaml", SPEC);
        Map<String, Path> files = Map.of("rows.csv", rows());
        try (Home home = Home.take(folder.resolve("home"));
                LocalCloud cloud =
                        Hostings.open(home, "shops", "rate(6 hours)", TURN, Hosting.PROCESSES)) {
            Replayed replayed =
                    new Replay(cloud, spec, History.read(spec, files), _ -> {})
                            .run(Policy.SPEC, SPEC, files, TURN);
            alarmIsDecidedOn_andAnnounced(cloud);
            return replayed;
        }
    }

    /** The recorded event, as the rule delivers it. */
    private void alarmIsDecidedOn_andAnnounced(LocalCloud cloud) throws Exception {
        String event =
                Files.readString(ROOT.resolve("events/trigger-alarm.json"))
                        .replace("1997-07-25T01:00:00", END.toString().replace("Z", ""));
        Invocation decided =
                cloud.invoke("TriggerFunction", event.getBytes(StandardCharsets.UTF_8));
        JsonNode decision =
                Json.tree(
                        "decision", assertInstanceOf(Invocation.Returned.class, decided).payload());
        assertTrue(
                decision.path("reason").asString("").contains("retrain.on has schedule"),
                decision::toString);
        JsonNode last =
                Json.tree(
                        "the last event",
                        Files.readAllLines(folder.resolve("home/events.jsonl"))
                                .getLast()
                                .getBytes(StandardCharsets.UTF_8));
        assertEquals("perennial.drift.detected", last.path("detail-type").asString(""));
        assertTrue(last.path("detail").path("report").has("key"), last::toString);
    }

    /**
     * The world turns on a Thursday. The run of the first Sunday learns a little of it, that of the
     * second enough to win; each trains on what was known by then.
     */
    @Test
    void challengerOfATurnedWorld_answersItsCallers_winsOnLiveLabels_andTakesOver()
            throws Exception {
        Replayed replayed = replay();

        List<Event> promotions =
                replayed.events().stream().filter(each -> each.what().equals("promotion")).toList();
        assertTrue(!promotions.isEmpty(), () -> replayed.events().toString());
        Event promotion = promotions.getFirst();
        assertTrue(promotion.why().contains("live labels: version "), promotion.why());
        assertTrue(promotion.why().contains(" won against version 1"), promotion.why());
        assertTrue(
                promotion.time().isAfter(TURN.plus(Duration.ofDays(3)).plus(Duration.ofHours(15))),
                "not before the trial had fifteen hours: " + promotion.time());
        assertEquals(
                promotions.size(), replayed.promotions(), "every promotion was won on live labels");

        int winner = Integer.parseInt(promotion.why().replaceAll("version (\\d+) in.*", "$1"));
        Map<String, Set<Integer>> seen = new HashMap<>();
        for (Predicted each : replayed.predictions()) {
            String shop = SHOPS.get(each.row() % SHOPS.size());
            if (each.version() == winner && each.time().isBefore(promotion.time())) {
                seen.computeIfAbsent(shop, _ -> new TreeSet<>()).add(winner);
            }
            if (each.version() == 1) {
                assertTrue(
                        !each.time().isAfter(promotion.time()), "the old champion still answers");
            }
        }
        assertTrue(
                !seen.isEmpty() && seen.size() < SHOPS.size(),
                "some callers saw the challenger, and not all: " + seen);
        for (String shop : seen.keySet()) {
            Instant first = first(replayed, shop, winner);
            assertTrue(
                    replayed.predictions().stream()
                            .filter(each -> SHOPS.get(each.row() % SHOPS.size()).equals(shop))
                            .filter(each -> !each.time().isBefore(first))
                            .filter(each -> each.time().isBefore(promotion.time()))
                            .allMatch(each -> each.version() == winner),
                    shop + " saw one model during the trial");
        }
    }

    private static Instant first(Replayed replayed, String shop, int version) {
        return replayed.predictions().stream()
                .filter(each -> SHOPS.get(each.row() % SHOPS.size()).equals(shop))
                .filter(each -> each.version() == version)
                .map(Predicted::time)
                .findFirst()
                .orElseThrow();
    }
}
