package dev.perennial.local.template;

/**
 * A rule of the default event bus that invokes a function.
 *
 * @param pattern JSON
 * @param function ARN
 */
public record RuleResource(String name, String pattern, String function) {}
