package dev.perennial.capture;

import dev.perennial.aws.EmbeddedMetrics;
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
    private static final System.Logger LOG = System.getLogger(CaptureFunction.class.getName());

    @Override
    protected Function<InputStream, byte[]> function(Map<String, String> environment) {
        Services services = Services.of(environment);
        return new CaptureHandler(
                services.artifacts(),
                services.live(),
                Services.required(environment, "PIPELINE"),
                EmbeddedMetrics.ofThisFunction(),
                problem -> LOG.log(System.Logger.Level.ERROR, problem));
    }

    @Override
    protected void prime(Map<String, String> environment) {
        Services.briefly(
                environment, services -> services.registry().alias("priming", Alias.CHAMPION));
    }
}
