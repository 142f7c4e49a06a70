package dev.perennial.local.template;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A standard workflow.
 *
 * @param definition its file, absolute
 * @param substitutions what to put for each {@code ${name}} in the definition
 * @param alias under which its version is published
 */
public record StateMachineResource(
        String logicalId,
        Path definition,
        Map<String, String> substitutions,
        Optional<String> alias) {
    public StateMachineResource {
        substitutions = Map.copyOf(substitutions);
    }

    public String name() {
        return Names.of(ResourceType.STATE_MACHINE, logicalId);
    }

    public String arn() {
        return Names.arn(ResourceType.STATE_MACHINE, logicalId);
    }

    /** ARNs of what is published of it. */
    public List<String> qualifiedArns() {
        return Names.qualified(arn(), alias);
    }
}
