package dev.perennial.trigger;

import dev.perennial.aws.EventBridgeBus;
import dev.perennial.aws.Failures;
import dev.perennial.aws.FunctionApplication;
import dev.perennial.aws.Services;
import dev.perennial.core.trigger.RunStarter;
import dev.perennial.core.trigger.Trigger;
import java.io.InputStream;
import java.util.Map;
import java.util.function.Function;
import org.springframework.boot.SpringBootConfiguration;

/** Lambda's entry to {@link TriggerHandler}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class TriggerFunction extends FunctionApplication {
    @Override
    protected Function<InputStream, byte[]> function(Map<String, String> environment) {
        Services services = Services.of(environment);
        String pipeline = Services.required(environment, "PIPELINE");
        NewestLook looks = new NewestLook(services.monitor(), services.artifacts());
        RunStarter runs = Services.runs(environment);
        return new TriggerHandler(
                services.artifacts(),
                pipeline,
                new Trigger(
                        services.decisions(),
                        services.registry(),
                        runs,
                        new Weighing(
                                services.artifacts(),
                                services.registry(),
                                services.probes(),
                                looks),
                        TriggerHandler::input),
                new DriftNews(
                        services.decisions(),
                        looks,
                        Services.required(environment, "BUCKET"),
                        EventBridgeBus.ofThisFunction(),
                        Failures.ofThisFunction(pipeline)),
                new Probing(services.registry(), services.decisions(), runs, looks));
    }

    @Override
    protected void prime(Map<String, String> environment) {
        Services.touch(environment);
    }
}
