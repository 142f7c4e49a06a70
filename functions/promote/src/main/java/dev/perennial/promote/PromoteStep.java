package dev.perennial.promote;

import dev.perennial.aws.Step;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.step.Promote;

/**
 * One conditional write: if the champion changed since the evaluation, nothing changes and the step
 * fails.
 */
final class PromoteStep implements Step<Promote.Input, Promote.Output> {
    private final ModelRegistry registry;

    PromoteStep(ModelRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Promote.Output apply(Promote.Input input) {
        Alias champion =
                registry.point(
                        input.pipeline(),
                        Alias.CHAMPION,
                        input.version(),
                        input.championRevision(),
                        input.at(),
                        input.by().orElse("training"),
                        input.run(),
                        input.reason());
        return new Promote.Output(
                champion.version(), champion.previousVersion(), champion.revision());
    }
}
