package dev.perennial.train;

import dev.perennial.aws.Services;
import dev.perennial.aws.Step;
import dev.perennial.aws.StepApplication;
import dev.perennial.core.step.Train;
import org.springframework.boot.SpringBootConfiguration;

/** Lambda's entry to {@link TrainStep}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class TrainFunction extends StepApplication<Train.Input, Train.Output> {
    public TrainFunction() {
        super("train", Train.Input.class);
    }

    @Override
    protected Step<Train.Input, Train.Output> step(Services services) {
        return new TrainStep(services.artifacts());
    }
}
