package dev.perennial.monitor;

import dev.perennial.aws.EmbeddedMetrics;
import dev.perennial.aws.Failures;
import dev.perennial.aws.FunctionApplication;
import dev.perennial.aws.Services;
import java.io.InputStream;
import java.util.Map;
import java.util.function.Function;
import org.springframework.boot.SpringBootConfiguration;

/** Lambda's entry to {@link MonitorHandler}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class MonitorFunction extends FunctionApplication {
    @Override
    protected Function<InputStream, byte[]> function(Map<String, String> environment) {
        Services services = Services.of(environment);
        String pipeline = Services.required(environment, "PIPELINE");
        return new MonitorHandler(
                services.artifacts(),
                services.live(),
                services.monitor(),
                services.questions(),
                Services.answers(),
                new Champions(services.artifacts(), services.registry(), pipeline),
                pipeline,
                EmbeddedMetrics.ofThisFunction(),
                Failures.ofThisFunction(pipeline));
    }

    @Override
    protected void prime(Map<String, String> environment) {
        Services.touch(environment);
    }
}
