package dev.perennial.aws;

import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.springframework.cloud.function.context.FunctionRegistration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ResolvableType;

/**
 * The Spring Cloud Function application of one Lambda function, registered functionally: no
 * component scan, no auto-configuration. Spring only ever sees bytes. Clients are made when the
 * application starts, so SnapStart keeps them; they hold no credentials yet.
 */
public abstract class FunctionApplication
        implements ApplicationContextInitializer<GenericApplicationContext> {
    /** What Lambda's SPRING_CLOUD_FUNCTION_DEFINITION names. */
    static final String NAME = "step";

    /**
     * The function itself, made once.
     *
     * @param environment the function's variables
     */
    protected abstract Function<InputStream, byte[]> function(Map<String, String> environment);

    @Override
    public final void initialize(GenericApplicationContext context) {
        // Artifacts of the same input are the same bytes wherever a function runs.
        Locale.setDefault(Locale.ROOT);
        context.registerBean(
                NAME,
                FunctionRegistration.class,
                () ->
                        new FunctionRegistration<>(function(System.getenv()), NAME)
                                .type(
                                        ResolvableType.forClassWithGenerics(
                                                        Function.class,
                                                        InputStream.class,
                                                        byte[].class)
                                                .getType()));
    }
}
