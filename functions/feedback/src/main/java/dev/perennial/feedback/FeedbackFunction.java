package dev.perennial.feedback;

import dev.perennial.aws.FunctionApplication;
import dev.perennial.aws.HttpFunction;
import dev.perennial.aws.Services;
import dev.perennial.core.store.Keys;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import org.springframework.boot.SpringBootConfiguration;

/** Lambda's entry to {@link FeedbackHandler}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class FeedbackFunction extends FunctionApplication {
    @Override
    protected Function<InputStream, byte[]> function(Map<String, String> environment) {
        return new HttpFunction(
                new FeedbackHandler(
                        Services.of(environment).artifacts(),
                        Services.required(environment, "PIPELINE"),
                        Services.queue(environment)),
                InstantSource.system());
    }

    @Override
    protected void prime(Map<String, String> environment) {
        String key = Keys.spec(Services.required(environment, "PIPELINE"));
        Services.briefly(environment, services -> services.artifacts().current(key));
    }
}
