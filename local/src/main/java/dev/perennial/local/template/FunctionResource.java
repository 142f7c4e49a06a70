package dev.perennial.local.template;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Lambda function, with the template's globals merged into it.
 *
 * @param codeUri its deployment zip, absolute
 * @param memoryMegabytes all that its process may hold, heap and native
 * @param timeout of one event
 * @param ephemeralMegabytes what it may write to its temporary folder; not enforced here
 * @param alias under which its version is published
 * @param isSnapshotted whether SnapStart keeps its process
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
        Optional<String> alias,
        boolean isSnapshotted,
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

    /** The version that runs: what was published, if anything is. */
    public String version() {
        return alias.isPresent() ? Names.VERSION : "$LATEST";
    }

    /** ARNs of what is published of it. */
    public List<String> qualifiedArns() {
        return Names.qualified(arn(), alias);
    }
}
