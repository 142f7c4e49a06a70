package dev.perennial.ask;

import dev.perennial.aws.Step;
import dev.perennial.core.promotion.Question;
import dev.perennial.core.promotion.Questions;
import dev.perennial.core.spec.PromotionSpec;
import dev.perennial.core.step.Ask;
import java.time.Instant;

/** Opens or closes a run's question. What answers it sends the token back to the state machine. */
final class AskStep implements Step<Ask.Input, Ask.Output> {
    private final Questions questions;

    AskStep(Questions questions) {
        this.questions = questions;
    }

    @Override
    public Ask.Output apply(Ask.Input input) {
        if (input.closes().orElse(false)) {
            questions.close(input.pipeline(), input.run());
            return new Ask.Output(false);
        }
        Instant askedAt = input.askedAt().orElseThrow();
        questions.ask(
                new Question(
                        input.pipeline(),
                        input.run(),
                        input.version().orElseThrow(),
                        input.mode().orElseThrow(),
                        input.share().orElse(0.0),
                        input.confidence().orElse(PromotionSpec.STANDARD.confidence()),
                        input.championRevision().orElseThrow(),
                        askedAt,
                        askedAt.plusSeconds(input.withinSeconds().orElseThrow()),
                        input.token().orElseThrow()));
        return new Ask.Output(true);
    }
}
