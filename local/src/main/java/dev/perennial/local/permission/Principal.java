package dev.perennial.local.permission;

import dev.perennial.local.permission.Statement.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Somebody with a role, and what the role's policies say.
 *
 * @param logicalId of the function or state machine in the template
 * @param arn of the assumed role, as messages name it
 */
record Principal(String logicalId, String arn, List<Rule> rules) {
    /** A statement, ready to be asked. */
    record Rule(Statement statement, List<Wildcards> actions, List<Wildcards> resources) {
        static Rule of(Statement statement) {
            return new Rule(
                    statement,
                    statement.actions().stream().map(Wildcards::ofAction).toList(),
                    statement.resources().stream().map(Wildcards::ofResource).toList());
        }

        Optional<Match> match(Call call) {
            if (statement.conditions().stream().anyMatch(each -> !each.holds(call.context()))) {
                return Optional.empty();
            }
            Optional<Wildcards> action =
                    actions.stream().filter(each -> each.matches(call.action())).findFirst();
            OptionalInt resource =
                    IntStream.range(0, resources.size())
                            .filter(each -> resources.get(each).matches(call.resource()))
                            .findFirst();
            return action.isPresent() && resource.isPresent()
                    ? Optional.of(new Match(statement, action.get().text(), resource.getAsInt()))
                    : Optional.empty();
        }
    }

    /**
     * A statement that is about a call, and by which of its patterns.
     *
     * @param resource its index
     */
    record Match(Statement statement, String action, int resource) {}

    static Principal of(String logicalId, String arn, List<Statement> statements) {
        return new Principal(logicalId, arn, statements.stream().map(Rule::of).toList());
    }

    /**
     * By which statement a call is allowed.
     *
     * @throws AccessDeniedException if a statement denies it, or none allows it
     */
    Match allow(Call call) {
        List<Match> allowing = new ArrayList<>();
        for (Rule rule : rules) {
            Optional<Match> match = rule.match(call);
            if (match.isPresent() && rule.statement().effect() == Effect.DENY) {
                throw denied(call, "with an explicit deny in an identity-based policy");
            }
            match.ifPresent(allowing::add);
        }
        if (allowing.isEmpty()) {
            throw denied(
                    call,
                    "because no identity-based policy allows the %s action"
                            .formatted(call.action()));
        }
        return allowing.getFirst();
    }

    private AccessDeniedException denied(Call call, String why) {
        return new AccessDeniedException(
                "User: %s is not authorized to perform: %s on resource: %s %s"
                        .formatted(arn, call.action(), call.resource(), why));
    }
}
