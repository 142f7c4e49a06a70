package dev.perennial.ask;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.core.json.Json;
import dev.perennial.core.promotion.InMemoryQuestions;
import dev.perennial.core.promotion.Question;
import dev.perennial.core.spec.PromotionSpec.Mode;
import dev.perennial.core.step.Ask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AskStepTest {
    private static final Instant ASKED = Instant.parse("2026-03-10T01:00:00Z");
    private static final String IDENTITY =
            "'run':'run-1','pipeline':'shop','startedAt':'2026-03-10T00:00:00Z'";
    private static final String OPENS =
            "{"
                    + IDENTITY
                    + ",'version':3,'mode':'CANARY','share':0.1,'confidence':0.9,'championRevision':4,'askedAt':'2026-03-10T01:00:00Z'"
                    + ",'withinSeconds':3600,'token':'T'}";
    private static final String CLOSES = "{" + IDENTITY + ",'closes':true}";

    private final InMemoryQuestions questions = new InMemoryQuestions();
    private final AskStep step = new AskStep(questions);

    /** As the state machine writes it. */
    private static Ask.Input input(String json) {
        return Json.read(
                "input of ask",
                json.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                Ask.Input.class);
    }

    @Test
    void question_isOpen_untilItsTimeIsOver() {
        assertEquals(new Ask.Output(true), step.apply(input(OPENS)));

        assertEquals(
                List.of(
                        new Question(
                                "shop",
                                "run-1",
                                3,
                                Mode.CANARY,
                                0.1,
                                0.9,
                                4,
                                ASKED,
                                ASKED.plus(Duration.ofHours(1)),
                                "T")),
                questions.open("shop"));
    }

    @Test
    void shareIsNone_whereNobodyNamesIt() {
        step.apply(
                input(
                        OPENS.replace(
                                "'mode':'CANARY','share':0.1,'confidence':0.9",
                                "'mode':'APPROVAL'")));

        assertEquals(0, questions.open("shop").getFirst().share());
    }

    @Test
    void closing_leavesNoQuestion_andMayBeDoneTwice() {
        step.apply(input(OPENS));

        assertEquals(new Ask.Output(false), step.apply(input(CLOSES)));
        assertEquals(new Ask.Output(false), step.apply(input(CLOSES)));

        assertEquals(List.of(), questions.open("shop"));
    }

    @Test
    void sampleEvent_opensAQuestion() throws IOException {
        step.apply(input(Files.readString(Path.of("../../events/ask.json"))));

        assertEquals(
                Instant.parse("2026-11-24T04:12:51.201Z"),
                questions.open("electricity").getFirst().until());
    }
}
