package dev.perennial.promote;

import dev.perennial.aws.Services;
import dev.perennial.aws.Step;
import dev.perennial.aws.StepApplication;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.step.Promote;
import org.springframework.boot.SpringBootConfiguration;

/** Lambda's entry to {@link PromoteStep}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class PromoteFunction extends StepApplication<Promote.Input, Promote.Output> {
    public PromoteFunction() {
        super("promote", Promote.Input.class);
    }

    @Override
    protected Step<Promote.Input, Promote.Output> step(Services services) {
        return new PromoteStep(services.registry());
    }

    @Override
    protected void prime(Services services) {
        services.registry().alias("priming", Alias.CHAMPION);
    }
}
