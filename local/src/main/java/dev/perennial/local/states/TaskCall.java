package dev.perennial.local.states;

import tools.jackson.databind.JsonNode;

/**
 * One attempt at a Task state.
 *
 * @param arguments the state's Arguments with every expression evaluated; its input if it has no
 *     Arguments
 * @param retryCount how many attempts of this state came before
 */
public record TaskCall(
        String resource, JsonNode arguments, String executionArn, String state, int retryCount) {}
