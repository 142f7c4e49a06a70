package dev.perennial.local.template;

import java.nio.file.Path;
import java.util.Map;

/**
 * A standard workflow.
 *
 * @param definition its file, absolute
 * @param substitutions what to put for each {@code ${name}} in the definition
 */
public record StateMachineResource(
        String logicalId, Path definition, Map<String, String> substitutions) {
    public StateMachineResource {
        substitutions = Map.copyOf(substitutions);
    }

    public String name() {
        return Names.of(ResourceType.STATE_MACHINE, logicalId);
    }

    public String arn() {
        return Names.arn(ResourceType.STATE_MACHINE, logicalId);
    }
}
