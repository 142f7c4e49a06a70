package dev.perennial.predict;

import dev.perennial.aws.EmbeddedMetrics;
import dev.perennial.aws.Failures;
import dev.perennial.aws.FunctionApplication;
import dev.perennial.aws.HttpFunction;
import dev.perennial.aws.Services;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import org.springframework.boot.SpringBootConfiguration;

/** Lambda's entry to {@link PredictHandler}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class PredictFunction extends FunctionApplication {
    private static final System.Logger LOG = System.getLogger(PredictFunction.class.getName());

    @Override
    protected Function<InputStream, byte[]> function(Map<String, String> environment) {
        Services services = Services.of(environment);
        String pipeline = Services.required(environment, "PIPELINE");
        Failures failures =
                new Failures(
                        pipeline,
                        EmbeddedMetrics.ofThisFunction(),
                        line -> LOG.log(System.Logger.Level.ERROR, line));
        return new HttpFunction(
                new PredictHandler(
                        new Serving(
                                services.artifacts(),
                                services.registry(),
                                services.questions(),
                                pipeline,
                                failures),
                        new Capturing(Services.queue(environment), failures),
                        failures),
                InstantSource.system());
    }
}
