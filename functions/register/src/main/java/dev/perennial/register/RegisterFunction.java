package dev.perennial.register;

import dev.perennial.aws.Services;
import dev.perennial.aws.Step;
import dev.perennial.aws.StepApplication;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.step.Register;
import org.springframework.boot.SpringBootConfiguration;

/** Lambda's entry to {@link RegisterStep}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class RegisterFunction extends StepApplication<Register.Input, Register.Output> {
    public RegisterFunction() {
        super("register", Register.Input.class);
    }

    @Override
    protected Step<Register.Input, Register.Output> step(Services services) {
        return new RegisterStep(services.artifacts(), services.registry());
    }

    @Override
    protected void prime(Services services) {
        services.registry().alias("priming", Alias.CHAMPION);
    }
}
