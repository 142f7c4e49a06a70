package dev.perennial.local.permission;

import java.util.List;
import java.util.Map;

/**
 * A statement of an identity-based policy.
 *
 * @param where in which file and line it begins
 * @param effect what it says of the calls it is about
 * @param actions patterns such as {@code s3:Get*}
 * @param resources patterns of ARNs
 * @param conditions all have to hold
 */
public record Statement(
        String where,
        Effect effect,
        List<String> actions,
        List<String> resources,
        List<Condition> conditions) {
    public Statement {
        actions = List.copyOf(actions);
        resources = List.copyOf(resources);
        conditions = List.copyOf(conditions);
    }

    /** Allow or deny; a denial goes before anything that is allowed. */
    public enum Effect {
        ALLOW,
        DENY
    }

    /** How a condition compares. */
    public enum Operator {
        STRING_EQUALS,
        STRING_LIKE
    }

    /**
     * Holds if the call has the key, and its value is one of these.
     *
     * @param key such as {@code s3:prefix}; its case doesn't matter
     */
    public record Condition(Operator operator, String key, List<String> values) {
        public Condition {
            values = List.copyOf(values);
        }

        boolean holds(Map<String, String> context) {
            return context.entrySet().stream()
                    .filter(each -> each.getKey().equalsIgnoreCase(key))
                    .anyMatch(each ->
                            values.stream().anyMatch(value -> says(value, each.getValue())));
        }

        private boolean says(String wanted, String found) {
            return switch (operator) {
                case STRING_EQUALS -> wanted.equals(found);
                case STRING_LIKE -> Wildcards.of(wanted).matches(found);
            };
        }
    }
}
