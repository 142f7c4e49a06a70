package dev.perennial.refit;

import dev.perennial.aws.Services;
import dev.perennial.aws.Step;
import dev.perennial.aws.StepApplication;
import dev.perennial.core.evaluation.Refitted;
import dev.perennial.core.step.Refit;
import org.springframework.boot.SpringBootConfiguration;

/** Lambda's entry to {@link RefitStep}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class RefitFunction extends StepApplication<Refit.Input, Refitted> {
    public RefitFunction() {
        super("refit", Refit.Input.class);
    }

    @Override
    protected Step<Refit.Input, Refitted> step(Services services) {
        return new RefitStep(services.artifacts());
    }
}
