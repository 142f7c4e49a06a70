package dev.perennial.aws;

import java.io.InputStream;
import java.util.Locale;
import java.util.function.Function;
import org.springframework.cloud.function.context.FunctionRegistration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ResolvableType;

/**
 * The Spring Cloud Function application of one step, registered functionally: no component scan, no
 * auto-configuration. The function's name is {@code step}. Clients are made when the application
 * starts, so SnapStart keeps them; they hold no credentials yet.
 */
public abstract class StepApplication<I, O>
        implements ApplicationContextInitializer<GenericApplicationContext> {
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

    /** The step itself. */
    protected abstract Step<I, O> step(Services services);

    @Override
    public final void initialize(GenericApplicationContext context) {
        // Artifacts of the same input are the same bytes wherever a function runs.
        Locale.setDefault(Locale.ROOT);
        context.registerBean(
                "step",
                FunctionRegistration.class,
                () ->
                        new FunctionRegistration<>(
                                        new StepFunction<>(
                                                name,
                                                input,
                                                step(Services.of(System.getenv())),
                                                Meter.ofThisProcess()),
                                        "step")
                                .type(
                                        ResolvableType.forClassWithGenerics(
                                                        Function.class,
                                                        InputStream.class,
                                                        byte[].class)
                                                .getType()));
    }
}
