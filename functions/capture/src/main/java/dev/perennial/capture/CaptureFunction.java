package dev.perennial.capture;

import dev.perennial.aws.EmbeddedMetrics;
import dev.perennial.aws.Failures;
import dev.perennial.aws.FunctionApplication;
import dev.perennial.aws.Services;
import dev.perennial.core.registry.Alias;
import java.io.InputStream;
import java.util.Map;
import java.util.function.Function;
import org.springframework.boot.SpringBootConfiguration;

/** Lambda's entry to {@link CaptureHandler}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class CaptureFunction extends FunctionApplication {
    @Override
    protected Function<InputStream, byte[]> function(Map<String, String> environment) {
        Services services = Services.of(environment);
        String pipeline = Services.required(environment, "PIPELINE");
        return new CaptureHandler(
                services.artifacts(),
                services.live(),
                pipeline,
                EmbeddedMetrics.ofThisFunction(),
                Failures.log(pipeline));
    }

    @Override
    protected void prime(Map<String, String> environment) {
        Services.briefly(
                environment, services -> services.registry().alias("priming", Alias.CHAMPION));
    }
}
