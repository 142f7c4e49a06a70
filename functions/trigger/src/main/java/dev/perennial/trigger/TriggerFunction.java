package dev.perennial.trigger;

import dev.perennial.aws.EmbeddedMetrics;
import dev.perennial.aws.EventBridgeBus;
import dev.perennial.aws.FunctionApplication;
import dev.perennial.aws.Services;
import dev.perennial.core.trigger.Trigger;
import java.io.InputStream;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.boot.SpringBootConfiguration;

/** Lambda's entry to {@link TriggerHandler}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class TriggerFunction extends FunctionApplication {
    private static final System.Logger LOG = System.getLogger(TriggerFunction.class.getName());

    @Override
    protected Function<InputStream, byte[]> function(Map<String, String> environment) {
        Services services = Services.of(environment);
        Consumer<String> problems = problem -> LOG.log(System.Logger.Level.ERROR, problem);
        return new TriggerHandler(
                services.artifacts(),
                Services.required(environment, "PIPELINE"),
                new Trigger(
                        services.decisions(),
                        services.registry(),
                        Services.runs(environment),
                        TriggerHandler::input),
                new DriftNews(
                        services.decisions(),
                        services.monitor(),
                        services.artifacts(),
                        Services.required(environment, "BUCKET"),
                        EventBridgeBus.ofThisFunction(),
                        EmbeddedMetrics.ofThisFunction(),
                        problems));
    }
}
