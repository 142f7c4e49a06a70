package dev.perennial.validate;

import dev.perennial.aws.Services;
import dev.perennial.aws.Step;
import dev.perennial.aws.StepApplication;
import dev.perennial.core.step.Validate;
import org.springframework.boot.SpringBootConfiguration;

/** Lambda's entry to {@link ValidateStep}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class ValidateFunction extends StepApplication<Validate.Input, Validate.Output> {
    public ValidateFunction() {
        super("validate", Validate.Input.class);
    }

    @Override
    protected Step<Validate.Input, Validate.Output> step(Services services) {
        return new ValidateStep(services.artifacts(), services.registry());
    }
}
