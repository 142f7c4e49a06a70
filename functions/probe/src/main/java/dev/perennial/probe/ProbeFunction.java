package dev.perennial.probe;

import dev.perennial.aws.Services;
import dev.perennial.aws.Step;
import dev.perennial.aws.StepApplication;
import dev.perennial.core.step.Probe;
import org.springframework.boot.SpringBootConfiguration;

/** Lambda's entry to {@link ProbeStep}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class ProbeFunction extends StepApplication<Probe.Input, Probe.Output> {
    public ProbeFunction() {
        super("probe", Probe.Input.class);
    }

    @Override
    protected Step<Probe.Input, Probe.Output> step(Services services) {
        return new ProbeStep(services.artifacts(), services.registry(), services.probes());
    }
}
