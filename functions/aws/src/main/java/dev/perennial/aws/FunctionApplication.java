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

    /**
     * What is done before SnapStart keeps the process, see {@link Priming}: calls that change
     * nothing, with clients that are closed after.
     *
     * @param environment the function's variables
     */
    protected void prime(Map<String, String> environment) {}

    /**
     * Makes a function without Spring, for a host that runs several in one JVM. Only types of the
     * JDK cross, so the host may have loaded other copies of all others.
     *
     * <p>Sets the JVM's default locale, as every function's process does. The SDK's clients don't
     * see the environment given here: the host sets their system properties ({@code
     * aws.accessKeyId}, {@code aws.secretAccessKey}, {@code aws.region}, {@code aws.endpointUrlS3}
     * …).
     *
     * @param mainClass what the variable MAIN_CLASS names
     * @param environment the function's variables; the process's own aren't looked at
     * @throws IllegalArgumentException if that is no application with a public constructor
     * @throws IllegalStateException if the environment lacks a variable that the function needs
     */
    public static Function<InputStream, byte[]> open(
            String mainClass, Map<String, String> environment) {
        useOneLocale();
        return application(mainClass).function(Map.copyOf(environment));
    }

    private static FunctionApplication application(String mainClass) {
        try {
            return Class.forName(mainClass)
                    .asSubclass(FunctionApplication.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException wrong) {
            throw new IllegalArgumentException(
                    "MAIN_CLASS %s is no function's application: %s".formatted(mainClass, wrong),
                    wrong);
        }
    }

    /** Artifacts of the same input are the same bytes wherever a function runs. */
    private static void useOneLocale() {
        Locale.setDefault(Locale.ROOT);
    }

    @Override
    public final void initialize(GenericApplicationContext context) {
        useOneLocale();
        if (Meter.SNAP_START.equals(System.getenv(Meter.INITIALIZATION_TYPE))) {
            Priming.beforeSnapshot(() -> prime(System.getenv()));
        }
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
