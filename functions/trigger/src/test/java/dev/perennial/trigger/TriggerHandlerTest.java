package dev.perennial.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.aws.MissingSpecException;
import dev.perennial.core.Rows;
import dev.perennial.core.json.Json;
import dev.perennial.core.registry.InMemoryModelRegistry;
import dev.perennial.core.store.InMemoryArtifactStore;
import dev.perennial.core.store.Keys;
import dev.perennial.core.trigger.InMemoryDecisionLog;
import dev.perennial.core.trigger.RunStarter;
import dev.perennial.core.trigger.Trigger;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TriggerHandlerTest {
    private static final String ALARM =
            "{'id':'%s','source':'aws.cloudwatch','detail-type':'CloudWatch Alarm State Change','detail':{'alarmName':'ErrorDriftAlarm',"
                    + "'state':{'value':'%s','timestamp':'2026-03-01T12:00:00.000+0000'},"
                    + "'configuration':{'metrics':[{'metricStat':{'metric':{'name':'%s'}}}]}}}";

    private final InMemoryArtifactStore artifacts = new InMemoryArtifactStore();
    private final Map<String, String> started = new LinkedHashMap<>();
    private final RunStarter runs =
            new RunStarter() {
                @Override
                public void start(String run, String input) {
                    started.put(run, input);
                }

                @Override
                public boolean isRunning(String run) {
                    return false;
                }
            };
    private final TriggerHandler handler =
            new TriggerHandler(
                    artifacts,
                    "shop",
                    new Trigger(
                            new InMemoryDecisionLog(),
                            new InMemoryModelRegistry(),
                            runs,
                            TriggerHandler::input));

    @BeforeEach
    void deploy() {
        artifacts.replace(
                Keys.spec("shop"),
                Rows.spec("shop").getBytes(StandardCharsets.UTF_8),
                "application/yaml");
    }

    private JsonNode decide(String event) {
        byte[] json = event.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return Json.tree("decision", handler.apply(new ByteArrayInputStream(json)));
    }

    @Test
    void scheduleStartsARun_thatTrainsAsOfItsTime() {
        JsonNode decision =
                decide(
                        "{'trigger':'schedule','time':'2026-03-01T02:00:00Z','delivery':'execution-1'}");

        String run = decision.get("run").asString();
        assertTrue(run.startsWith("schedule-20260301T020000Z-"), run);
        assertTrue(started.get(run).contains("\"until\":\"2026-03-01T02:00:00Z\""));
        assertFalse(
                decide(
                                "{'trigger':'schedule','time':'2026-03-01T02:00:00Z','delivery':'execution-2'}")
                        .has("run"),
                "a copy");
        assertEquals(1, started.size());
    }

    @Test
    void alarmAsCloudWatchSendsIt_startsARun_ifItsMetricIsACause() {
        assertTrue(decide(ALARM.formatted("e1", "ALARM", "ErrorDrift")).has("run"));

        JsonNode other =
                decide(
                        ALARM.formatted("e2", "ALARM", "Beauty")
                                .replace("ErrorDriftAlarm", "BeautyAlarm"));
        assertTrue(other.get("reason").asString().contains("starts no run"), other::toString);
    }

    @Test
    void personsWish_isNotHeldUpByTheCooldown() {
        decide("{'trigger':'schedule','time':'2026-03-01T02:00:00Z','delivery':'a'}");

        JsonNode decision =
                decide(
                        "{'trigger':'person','time':'2026-03-01T02:01:00Z','token':'t','who':'Ada','why':'a fix came'}");

        assertEquals("a fix came", decision.get("reason").asString());
        assertTrue(decision.get("run").asString().startsWith("person-"));
    }

    @Test
    void anythingElse_isRefusedByName() {
        for (String[] wrong :
                new String[][] {
                    {"{}", "neither the schedule's"},
                    {"{'source':'aws.s3','detail':{}}", "neither the schedule's"},
                    {ALARM.formatted("e", "OK", "ErrorDrift"), "went to OK"},
                    {
                        ALARM.formatted("e", "ALARM", "ErrorDrift").replace("2026-03-01T", "x"),
                        "is no time"
                    },
                }) {
            UnknownEventException refused =
                    assertThrows(UnknownEventException.class, () -> decide(wrong[0]));
            assertTrue(refused.getMessage().contains(wrong[1]), refused.getMessage());
        }
        assertEquals(0, started.size());
    }

    @Test
    void withoutSpec_nothingStarts_andTheMessageSaysWhatIsMissing() {
        TriggerHandler elsewhere =
                new TriggerHandler(
                        artifacts,
                        "nowhere",
                        new Trigger(
                                new InMemoryDecisionLog(),
                                new InMemoryModelRegistry(),
                                runs,
                                TriggerHandler::input));

        assertThrows(
                MissingSpecException.class,
                () ->
                        elsewhere.apply(
                                new ByteArrayInputStream(
                                        "{\"trigger\":\"schedule\",\"time\":\"2026-03-01T02:00:00Z\"}"
                                                .getBytes(StandardCharsets.UTF_8))));
    }
}
