package dev.perennial.local.states;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One state of a definition. Closed: the interpreter handles each kind. {@code next} is empty where
 * the state ends.
 */
sealed interface State {
    String name();

    record Pass(String name, Effects effects, Optional<String> next) implements State {}

    /**
     * @param resource as the definition names it, with its service integration pattern
     * @param heartbeatSeconds only of one that awaits its token
     */
    record Task(
            String name,
            String resource,
            Optional<Template> arguments,
            Optional<Template> timeoutSeconds,
            Optional<Template> heartbeatSeconds,
            Effects effects,
            Recovery recovery,
            Optional<String> next)
            implements State {
        private static final String WAIT_FOR_TOKEN = ".waitForTaskToken";

        static boolean awaitsToken(String resource) {
            return resource.endsWith(WAIT_FOR_TOKEN);
        }

        /** The resource that is called, without the pattern. */
        static String called(String resource) {
            return awaitsToken(resource)
                    ? resource.substring(0, resource.length() - WAIT_FOR_TOKEN.length())
                    : resource;
        }
    }

    record Choice(String name, List<Rule> rules, Optional<String> otherwise, Effects effects)
            implements State {}

    record Wait(String name, Until until, Effects effects, Optional<String> next)
            implements State {}

    record ForEach(
            String name,
            Optional<Template> items,
            Optional<Template> itemSelector,
            Optional<Template> maxConcurrency,
            Flow processor,
            Effects effects,
            Recovery recovery,
            Optional<String> next)
            implements State {}

    record Parallel(
            String name,
            Optional<Template> arguments,
            List<Flow> branches,
            Effects effects,
            Recovery recovery,
            Optional<String> next)
            implements State {}

    record Succeed(String name, Effects effects) implements State {}

    record Fail(String name, Optional<Template> error, Optional<Template> cause) implements State {}

    /**
     * States that lead to each other: the whole machine, a Map's processor or a branch of a
     * Parallel.
     */
    record Flow(String startAt, Map<String, State> states) {}

    /** What a state leaves behind. Both are evaluated against the variables as they were before. */
    record Effects(Map<String, Template> assign, Optional<Template> output) {
        static final Effects NONE = new Effects(Map.of(), Optional.empty());
    }

    record Rule(Template condition, String next, Effects effects) {}

    /** When a Wait ends. */
    sealed interface Until {
        record Seconds(Template value) implements Until {}

        record Timestamp(Template value) implements Until {}
    }

    record Recovery(List<Retrier> retriers, List<Catcher> catchers) {}

    record Catcher(List<String> errors, String next, Effects effects) {}
}
