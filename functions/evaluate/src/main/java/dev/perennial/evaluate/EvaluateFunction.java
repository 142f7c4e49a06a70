package dev.perennial.evaluate;

import dev.perennial.aws.Services;
import dev.perennial.aws.Step;
import dev.perennial.aws.StepApplication;
import dev.perennial.core.step.Evaluate;
import org.springframework.boot.SpringBootConfiguration;

/** Lambda's entry to {@link EvaluateStep}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class EvaluateFunction extends StepApplication<Evaluate.Input, Evaluate.Output> {
    public EvaluateFunction() {
        super("evaluate", Evaluate.Input.class);
    }

    @Override
    protected Step<Evaluate.Input, Evaluate.Output> step(Services services) {
        return new EvaluateStep(services.artifacts(), services.registry());
    }
}
