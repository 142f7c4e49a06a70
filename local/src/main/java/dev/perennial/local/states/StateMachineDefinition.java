package dev.perennial.local.states;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A definition that the executor implements completely; nothing else can be made into one. */
public final class StateMachineDefinition {
    private final String source;
    private final State.Flow flow;
    private final Optional<Duration> timeout;

    StateMachineDefinition(String source, State.Flow flow, Optional<Duration> timeout) {
        this.source = source;
        this.flow = flow;
        this.timeout = timeout;
    }

    /**
     * Reads Amazon States Language in which all substitutions were made.
     *
     * @param resources the task resources that can be run, see {@link TaskRunner#resources()}
     * @throws UnsupportedDefinitionException with every problem: what is wrong, unknown, or can't
     *     be run here
     */
    public static StateMachineDefinition parse(String json, Set<String> resources) {
        return new DefinitionParser(resources).parse(json);
    }

    /** The text this was parsed from. */
    public String source() {
        return source;
    }

    State.Flow flow() {
        return flow;
    }

    /** How long an execution may take; empty if there is no limit. */
    public Optional<Duration> timeout() {
        return timeout;
    }
}
