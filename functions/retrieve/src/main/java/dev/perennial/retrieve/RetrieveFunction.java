package dev.perennial.retrieve;

import dev.perennial.aws.Services;
import dev.perennial.aws.Step;
import dev.perennial.aws.StepApplication;
import dev.perennial.core.step.Retrieve;
import org.springframework.boot.SpringBootConfiguration;

/** Lambda's entry to {@link RetrieveStep}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class RetrieveFunction extends StepApplication<Retrieve.Input, Retrieve.Output> {
    public RetrieveFunction() {
        super("retrieve", Retrieve.Input.class);
    }

    @Override
    protected Step<Retrieve.Input, Retrieve.Output> step(Services services) {
        return new RetrieveStep(services.artifacts(), services.registry());
    }
}
