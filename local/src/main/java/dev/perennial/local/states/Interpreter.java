package dev.perennial.local.states;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Walks through the states of one execution. */
final class Interpreter {
    private record Step(JsonNode output, Optional<String> next) {}

    private interface Work {
        JsonNode result(StateVisit visit) throws StateFailure, InterruptedException;
    }

    private interface Attempt {
        JsonNode run(TaskCall call, Optional<Duration> limit)
                throws StateFailure, InterruptedException;
    }

    private final Surroundings surroundings;
    private final ExecutionFacts facts;
    private final Journal journal;
    private final JsonataFunctions functions;
    private final TaskTokens tokens;
    private final TaskAttempt attempts;

    Interpreter(
            Surroundings surroundings,
            TaskTokens tokens,
            ExecutionFacts facts,
            Journal journal,
            Activity activity) {
        this.surroundings = surroundings;
        this.tokens = tokens;
        this.facts = facts;
        this.journal = journal;
        this.functions = new JsonataFunctions(surroundings.clock(), surroundings.random());
        this.attempts =
                new TaskAttempt(
                        surroundings.tasks(),
                        surroundings.waiting(),
                        surroundings.clock(),
                        activity);
    }

    /** Walks beside others: that one waits doesn't mean that the execution does. */
    private Interpreter branch() {
        return new Interpreter(surroundings, tokens, facts, journal, new Activity());
    }

    JsonNode run(State.Flow flow, JsonNode input, Variables variables, Optional<MapItem> item)
            throws StateFailure, InterruptedException {
        Step step = new Step(input, Optional.of(flow.startAt()));
        while (step.next().isPresent()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            State state = flow.states().get(step.next().get());
            if (state == null) {
                throw new IllegalStateException(
                        "a parsed definition has no dangling target: " + step.next());
            }
            step = visit(state, step.output(), variables, item);
        }
        return step.output();
    }

    private Step visit(State state, JsonNode input, Variables variables, Optional<MapItem> item)
            throws StateFailure, InterruptedException {
        Instant entered = surroundings.clock().instant();
        StateVisit visit =
                new StateVisit(
                        state.name(),
                        input,
                        entered,
                        0,
                        variables,
                        item,
                        Optional.empty(),
                        facts,
                        functions);
        journal.note(at ->
                new ExecutionEvent.StateEntered(
                        at, state.name(), StateType.of(state), visit.mapIndex(), input));
        return switch (state) {
            case State.Pass s -> leave(s, visit, s.effects(), visit.before(), input, s.next());
            case State.Succeed s ->
                    leave(s, visit, s.effects(), visit.before(), input, Optional.empty());
            case State.Fail s -> throw failed(s, visit);
            case State.Choice s -> choose(s, visit);
            case State.Wait s -> {
                surroundings
                        .waiting()
                        .pause(FieldValues.left(s.until(), visit, surroundings.clock()));
                yield leave(s, visit, s.effects(), visit.before(), input, s.next());
            }
            case State.Task s ->
                    attempt(s, visit, s.recovery(), v -> task(s, v), s.effects(), s.next());
            case State.ForEach s ->
                    attempt(s, visit, s.recovery(), v -> forEach(s, v), s.effects(), s.next());
            case State.Parallel s ->
                    attempt(s, visit, s.recovery(), v -> parallel(s, v), s.effects(), s.next());
        };
    }

    private Step choose(State.Choice state, StateVisit visit) throws StateFailure {
        for (State.Rule rule : state.rules()) {
            JsonNode met = rule.condition().fill(visit.before());
            if (!met.isBoolean()) {
                throw FieldValues.unexpected("Condition", "boolean", met);
            }
            if (met.booleanValue()) {
                return leave(
                        state,
                        visit,
                        rule.effects(),
                        visit.before(),
                        visit.input(),
                        Optional.of(rule.next()));
            }
        }
        if (state.otherwise().isEmpty()) {
            throw new StateFailure(
                    StateFailure.NO_CHOICE_MATCHED,
                    "No rule of state '%s' matched, and it has no Default".formatted(state.name()));
        }
        return leave(
                state, visit, state.effects(), visit.before(), visit.input(), state.otherwise());
    }

    private static StateFailure failed(State.Fail state, StateVisit visit) throws StateFailure {
        return new StateFailure(
                FieldValues.text(state.error(), "Error", visit),
                FieldValues.text(state.cause(), "Cause", visit));
    }

    private JsonNode task(State.Task state, StateVisit visit)
            throws StateFailure, InterruptedException {
        if (!State.Task.awaitsToken(state.resource())) {
            return task(state, visit, attempts::run);
        }
        TaskToken token = tokens.issue();
        try {
            Optional<Duration> heartbeat =
                    FieldValues.seconds(state.heartbeatSeconds(), "HeartbeatSeconds", visit);
            return task(
                    state,
                    visit.holding(token),
                    (call, limit) -> attempts.run(call, token, limit, heartbeat));
        } finally {
            tokens.close(token);
        }
    }

    private JsonNode task(State.Task state, StateVisit visit, Attempt attempt)
            throws StateFailure, InterruptedException {
        JsonNode arguments = filled(state.arguments(), visit);
        FieldValues.limit(arguments, "Arguments", state.name());
        Optional<Duration> longest =
                FieldValues.seconds(state.timeoutSeconds(), "TimeoutSeconds", visit);
        TaskCall call =
                new TaskCall(
                        State.Task.called(state.resource()),
                        arguments,
                        facts.arn(),
                        state.name(),
                        visit.retryCount());
        try {
            return attempt.run(call, longest);
        } catch (StateFailure e) {
            journal.note(at ->
                    new ExecutionEvent.TaskFailed(
                            at,
                            state.name(),
                            visit.mapIndex(),
                            state.resource(),
                            e.error(),
                            e.reason()));
            throw e;
        }
    }

    private JsonNode forEach(State.ForEach state, StateVisit visit)
            throws StateFailure, InterruptedException {
        JsonNode items = filled(state.items(), visit);
        if (!items.isArray()) {
            throw FieldValues.unexpected("Items", "array", items);
        }
        int atOnce =
                state.maxConcurrency().isPresent()
                        ? FieldValues.whole(
                                state.maxConcurrency().get(), "MaxConcurrency", 0, visit)
                        : 0;
        List<Branches.Branch> branches = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            MapItem item = new MapItem(i, items.get(i));
            JsonNode input =
                    state.itemSelector().isPresent()
                            ? state.itemSelector().get().fill(visit.of(item).before())
                            : item.value();
            FieldValues.limit(input, "ItemSelector", state.name());
            branches.add(() ->
                    branch().run(
                                    state.processor(),
                                    input,
                                    visit.variables().inner(),
                                    Optional.of(item)));
        }
        return array(Branches.run(branches, atOnce));
    }

    private JsonNode parallel(State.Parallel state, StateVisit visit)
            throws StateFailure, InterruptedException {
        JsonNode input = filled(state.arguments(), visit);
        FieldValues.limit(input, "Arguments", state.name());
        return array(
                Branches.run(
                        state.branches().stream()
                                .<Branches.Branch>map(flow ->
                                        () ->
                                                branch().run(
                                                                flow,
                                                                input,
                                                                visit.variables().inner(),
                                                                visit.item()))
                                .toList(),
                        0));
    }

    /** Does the work, again where a Retry says so, elsewhere where a Catch says so. */
    private Step attempt(
            State state,
            StateVisit first,
            State.Recovery recovery,
            Work work,
            State.Effects effects,
            Optional<String> next)
            throws StateFailure, InterruptedException {
        int[] used = new int[recovery.retriers().size()];
        StateVisit visit = first;
        while (true) {
            JsonNode result;
            try {
                result = work.result(visit);
                FieldValues.limit(result, "result", state.name());
            } catch (StateFailure e) {
                if (!retry(visit, recovery.retriers(), used, e)) {
                    return handle(state, visit, recovery.catchers(), e);
                }
                visit = visit.retried();
                continue;
            }
            // Outside of the try: AWS's emulators agree that a failing Output or Assign is not
            // caught.
            return leave(state, visit, effects, visit.after(result), result, next);
        }
    }

    private boolean retry(
            StateVisit visit, List<Retrier> retriers, int[] used, StateFailure failure)
            throws InterruptedException {
        for (int i = 0; i < used.length; i++) {
            Retrier retrier = retriers.get(i);
            if (!ErrorNames.cover(retrier.errors(), failure.error())) {
                continue;
            }
            if (used[i] == retrier.maxAttempts()) {
                return false;
            }
            used[i]++;
            Duration delay = retrier.delay(used[i], surroundings.random());
            journal.note(at ->
                    new ExecutionEvent.TaskRetried(
                            at,
                            visit.state(),
                            visit.mapIndex(),
                            visit.retryCount() + 1,
                            delay,
                            failure.error()));
            surroundings.waiting().pause(delay);
            return true;
        }
        return false;
    }

    private Step handle(
            State state, StateVisit visit, List<State.Catcher> catchers, StateFailure failure)
            throws StateFailure {
        for (State.Catcher catcher : catchers) {
            if (ErrorNames.cover(catcher.errors(), failure.error())) {
                ObjectNode error =
                        Json.NODES
                                .objectNode()
                                .put("Error", failure.error())
                                .put("Cause", failure.reason());
                return leave(
                        state,
                        visit,
                        catcher.effects(),
                        visit.caught(error),
                        error,
                        Optional.of(catcher.next()));
            }
        }
        throw failure;
    }

    /** Evaluates Output and Assign against the old variables, then sets the new ones. */
    private Step leave(
            State state,
            StateVisit visit,
            State.Effects effects,
            Template.Evaluator evaluator,
            JsonNode otherwise,
            Optional<String> next)
            throws StateFailure {
        JsonNode output =
                effects.output().isPresent() ? effects.output().get().fill(evaluator) : otherwise;
        FieldValues.limit(output, "output", state.name());
        Map<String, JsonNode> assigned = new LinkedHashMap<>();
        for (Map.Entry<String, Template> variable : effects.assign().entrySet()) {
            JsonNode value = variable.getValue().fill(evaluator);
            assigned.put(variable.getKey(), value);
        }
        FieldValues.limit(Json.NODES.objectNode().setAll(assigned), "Assign", state.name());
        visit.variables().assign(assigned);
        journal.note(at ->
                new ExecutionEvent.StateExited(
                        at, state.name(), StateType.of(state), visit.mapIndex(), output, assigned));
        return new Step(output, next);
    }

    private static JsonNode filled(Optional<Template> template, StateVisit visit)
            throws StateFailure {
        return template.isPresent() ? template.get().fill(visit.before()) : visit.input();
    }

    private static ArrayNode array(List<JsonNode> items) {
        return Json.NODES.arrayNode().addAll(items);
    }
}
