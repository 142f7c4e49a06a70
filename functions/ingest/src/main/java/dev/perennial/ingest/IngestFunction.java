package dev.perennial.ingest;

import dev.perennial.aws.EmbeddedMetrics;
import dev.perennial.aws.Failures;
import dev.perennial.aws.FunctionApplication;
import dev.perennial.aws.Services;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import org.springframework.boot.SpringBootConfiguration;

/** Lambda's entry to {@link IngestHandler}. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class IngestFunction extends FunctionApplication {
    @Override
    protected Function<InputStream, byte[]> function(Map<String, String> environment) {
        Services services = Services.of(environment);
        String pipeline = Services.required(environment, "PIPELINE");
        InstantSource clock = InstantSource.system();
        return new IngestHandler(
                services.artifacts(),
                new Ingestion(
                        services.artifacts(),
                        Services.features(environment),
                        Services.inbox(environment),
                        clock),
                pipeline,
                EmbeddedMetrics.ofThisFunction(),
                Failures.log(pipeline),
                clock);
    }
}
