package dev.perennial.local.states;

import java.util.Locale;

/** The kinds of state. */
public enum StateType {
    PASS,
    TASK,
    CHOICE,
    WAIT,
    MAP,
    PARALLEL,
    SUCCEED,
    FAIL;

    static StateType of(State state) {
        return switch (state) {
            case State.Pass pass -> PASS;
            case State.Task task -> TASK;
            case State.Choice choice -> CHOICE;
            case State.Wait wait -> WAIT;
            case State.ForEach each -> MAP;
            case State.Parallel parallel -> PARALLEL;
            case State.Succeed succeed -> SUCCEED;
            case State.Fail fail -> FAIL;
        };
    }

    /** As the definition writes it, e.g. {@code Task}. */
    String inDefinition() {
        return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
}
