package dev.perennial.ask;

import dev.perennial.aws.Services;
import dev.perennial.aws.Step;
import dev.perennial.aws.StepApplication;
import dev.perennial.core.step.Ask;
import org.springframework.boot.SpringBootConfiguration;

/** Lambda's entry to {@link AskStep}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class AskFunction extends StepApplication<Ask.Input, Ask.Output> {
    public AskFunction() {
        super("ask", Ask.Input.class);
    }

    @Override
    protected Step<Ask.Input, Ask.Output> step(Services services) {
        return new AskStep(services.questions());
    }
}
