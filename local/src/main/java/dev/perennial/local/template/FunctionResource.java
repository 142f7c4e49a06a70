package dev.perennial.local.template;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A Lambda function, with the template's globals merged into it.
 *
 * @param codeUri its deployment zip, absolute
 * @param memoryMegabytes all that its process may hold, heap and native
 * @param timeout of one event
 * @param ephemeralMegabytes what it may write to its temporary folder; not enforced here
 * @param hasUrl whether it answers HTTP requests
 */
public record FunctionResource(
        String logicalId,
        Path codeUri,
        String handler,
        String runtime,
        int memoryMegabytes,
        Duration timeout,
        int ephemeralMegabytes,
        Map<String, String> environment,
        boolean hasUrl) {
    public FunctionResource {
        environment = Map.copyOf(environment);
    }

    public String name() {
        return Names.of(ResourceType.FUNCTION, logicalId);
    }

    public String arn() {
        return Names.arn(ResourceType.FUNCTION, logicalId);
    }
}
