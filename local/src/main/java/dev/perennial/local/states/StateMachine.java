package dev.perennial.local.states;

import java.time.Instant;

/** A state machine that executions can be started of. */
public record StateMachine(
        String arn,
        String name,
        String roleArn,
        StateMachineDefinition definition,
        Instant created) {}
