package dev.perennial.local.lambda;

import java.io.StringWriter;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;

/**
 * What functions log through Lambda's own logger, kept apart by call. The runtime client puts its
 * logger into the same place.
 */
final class LambdaOutput {
    private static final String CORE = "com.amazonaws.services.lambda.runtime.";
    private static final ScopedValue<StringWriter> OF_THIS_CALL = ScopedValue.newInstance();

    private LambdaOutput() {}

    interface Call {
        byte[] run() throws Throwable;
    }

    /** Puts the logger into a class loader's copy of Lambda's interfaces, if it has one. */
    static void install(ClassLoader loader) {
        try {
            Class<?> logger = Class.forName(CORE + "LambdaLogger", true, loader);
            Field place =
                    Class.forName(CORE + "LambdaRuntime", true, loader).getDeclaredField("logger");
            place.setAccessible(true);
            place.set(
                    null,
                    Proxy.newProxyInstance(
                            loader,
                            new Class<?>[] {logger},
                            (_, _, arguments) -> {
                                take(arguments[0]);
                                return null;
                            }));
        } catch (ClassNotFoundException _) {
            // Functions that don't log this way.
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException(
                    "Lambda's logger isn't where the runtime client puts it", changed);
        }
    }

    /** Runs a call; what it logs goes to {@code into}. */
    static byte[] of(Call call, StringWriter into) throws Throwable {
        return ScopedValue.where(OF_THIS_CALL, into).call(call::run);
    }

    private static void take(Object message) {
        if (OF_THIS_CALL.isBound()) {
            OF_THIS_CALL
                    .get()
                    .append(
                            message instanceof byte[] bytes
                                    ? new String(bytes, StandardCharsets.UTF_8)
                                    : String.valueOf(message));
        }
    }
}
