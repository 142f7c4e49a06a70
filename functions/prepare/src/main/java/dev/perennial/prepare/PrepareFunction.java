package dev.perennial.prepare;

import dev.perennial.aws.Services;
import dev.perennial.aws.Step;
import dev.perennial.aws.StepApplication;
import dev.perennial.core.step.Prepare;
import org.springframework.boot.SpringBootConfiguration;

/** Lambda's entry to {@link PrepareStep}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class PrepareFunction extends StepApplication<Prepare.Input, Prepare.Output> {
    public PrepareFunction() {
        super("prepare", Prepare.Input.class);
    }

    @Override
    protected Step<Prepare.Input, Prepare.Output> step(Services services) {
        return new PrepareStep(services.artifacts());
    }
}
