package dev.perennial.conclude;

import dev.perennial.aws.Services;
import dev.perennial.aws.Step;
import dev.perennial.aws.StepApplication;
import dev.perennial.core.step.Conclude;
import org.springframework.boot.SpringBootConfiguration;

/** Lambda's entry to {@link ConcludeStep}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class ConcludeFunction extends StepApplication<Conclude.Input, Conclude.Output> {
    public ConcludeFunction() {
        super("conclude", Conclude.Input.class);
    }

    @Override
    protected Step<Conclude.Input, Conclude.Output> step(Services services) {
        return new ConcludeStep(services.artifacts(), services.registry());
    }
}
