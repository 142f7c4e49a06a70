package dev.perennial.aws;

import java.io.InputStream;
import java.util.Map;
import java.util.function.Function;

/** The application of one step of the state machine. */
public abstract class StepApplication<I, O> extends FunctionApplication {
    private final String name;
    private final Class<I> input;

    /**
     * @param name of the step, as in the state machine
     * @param input what the step takes
     */
    protected StepApplication(String name, Class<I> input) {
        this.name = name;
        this.input = input;
    }

    @Override
    protected void prime(Map<String, String> environment) {
        Services.briefly(environment, this::prime);
    }

    /**
     * As {@link FunctionApplication#prime(Map)}.
     *
     * @param services for this alone
     */
    protected void prime(Services services) {}

    /** The step itself. */
    protected abstract Step<I, O> step(Services services);

    @Override
    protected final Function<InputStream, byte[]> function(Map<String, String> environment) {
        return new StepFunction<>(
                name,
                input,
                step(Services.of(environment)),
                Meter.of(environment),
                EmbeddedMetrics.ofThisFunction());
    }
}
