package dev.perennial.local.cli;

import dev.perennial.local.states.ExecutionEvent;
import dev.perennial.local.states.ExecutionListener;
import dev.perennial.local.states.StateType;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;

/** Shows each step with its time while a run goes on. */
final class Progress implements ExecutionListener {
    private static final Set<StateType> SHOWN =
            Set.of(StateType.TASK, StateType.MAP, StateType.SUCCEED, StateType.FAIL);

    private final PrintWriter err;
    private final ColorScheme colors;
    private final Map<String, Instant> entered = new HashMap<>();

    /** By state, the error of its last attempt, until the state is left or tried again. */
    private final Map<String, String> failures = new LinkedHashMap<>();

    Progress(PrintWriter err, ColorScheme colors) {
        this.err = err;
        this.colors = colors;
    }

    @Override
    public synchronized void onEvent(String executionArn, ExecutionEvent event) {
        switch (event) {
            case ExecutionEvent.StateEntered state -> entered(state);
            case ExecutionEvent.StateExited state when SHOWN.contains(state.type()) ->
                    exited(state);
            case ExecutionEvent.TaskFailed failed ->
                    failures.put(key(failed.state(), failed.mapIndex().orElse(-1)), failed.error());
            case ExecutionEvent.TaskRetried retry -> {
                failures.remove(key(retry.state(), retry.mapIndex().orElse(-1)));
                say(
                        "yellow",
                        "  ↻ %s: %s, retry %d in %.1f s"
                                .formatted(
                                        retry.state(),
                                        retry.error(),
                                        retry.retry(),
                                        retry.delay().toMillis() / 1_000.0));
            }
            case ExecutionEvent.ExecutionEnded _ ->
                    failures.forEach((state, error) ->
                            say("red", "  ✗ %s: %s".formatted(state.replace("#-1", ""), error)));
            default -> {}
        }
        err.flush();
    }

    private void entered(ExecutionEvent.StateEntered state) {
        entered.put(key(state.state(), state.mapIndex().orElse(-1)), state.at());
    }

    private void exited(ExecutionEvent.StateExited state) {
        int index = state.mapIndex().orElse(-1);
        Instant begin = entered.getOrDefault(key(state.state(), index), state.at());
        double seconds = Duration.between(begin, state.at()).toMillis() / 1_000.0;
        if (state.type() == StateType.SUCCEED || state.type() == StateType.FAIL) {
            return;
        }
        String name = index < 0 ? state.state() : "  %s %d".formatted(state.state(), index);
        String error = failures.remove(key(state.state(), index));
        String line = String.format(Locale.ROOT, "%-28s %6.2f s", name, seconds);
        if (error == null) {
            say("green", "  ✓ " + line);
        } else {
            say("red", "  ✗ " + line + "  " + error);
        }
    }

    private void say(String color, String text) {
        Ansi ansi = colors.ansi();
        String mark = text.substring(0, 3);
        err.println(ansi.string("@|" + color + " " + mark + "|@") + text.substring(3));
    }

    private static String key(String state, int index) {
        return state + "#" + index;
    }
}
