package dev.perennial.local.states;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Reads StartAt and States, and checks that every state can be reached and every target exists. */
final class FlowParser {
    private final Set<String> resources;
    private final List<String> problems;
    private final Set<String> names = new HashSet<>();

    FlowParser(Set<String> resources, List<String> problems) {
        this.resources = resources;
        this.problems = problems;
    }

    /**
     * @param outer variables that an enclosing flow assigns: readable here, not assignable
     */
    State.Flow parse(FieldReader reader, Set<String> outer) {
        String startAt = reader.requiredText("StartAt");
        Map<String, JsonNode> members = reader.members("States");
        if (members.isEmpty()) {
            reader.problem("States", "should hold at least one state");
        }
        Set<String> assigned = new HashSet<>(outer);
        members.values().forEach(state -> assigned.addAll(assignedBy(state)));
        Map<String, State> states = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : members.entrySet()) {
            String name = member.getKey();
            FieldReader fields =
                    new FieldReader("State '" + name + "'", member.getValue(), problems);
            checkName(fields, name);
            new StateParser(this, resources, fields, outer, assigned)
                    .parse(name)
                    .ifPresent(state -> states.put(name, state));
        }
        checkTargets(reader, startAt, members.keySet(), states);
        return new State.Flow(startAt, states);
    }

    private void checkName(FieldReader fields, String name) {
        if (name.isEmpty() || name.length() > 80) {
            problems.add(fields.where() + " should have a name of 1 to 80 characters");
        }
        if (!names.add(name)) {
            problems.add(
                    fields.where() + " has a name that another state of this state machine has");
        }
    }

    /** Names that a state's own Assign, its rules' and its catchers' can set. */
    private static Set<String> assignedBy(JsonNode state) {
        Set<String> assigned = new HashSet<>();
        Stream.concat(
                        Stream.of(state),
                        Stream.of("Choices", "Catch").flatMap(f -> state.path(f).valueStream()))
                .forEach(owner -> assigned.addAll(owner.path("Assign").propertyNames()));
        return assigned;
    }

    private void checkTargets(
            FieldReader reader, String startAt, Set<String> declared, Map<String, State> states) {
        if (!startAt.isEmpty() && !declared.contains(startAt)) {
            reader.problem("StartAt", "names '" + startAt + "', which is not a state here");
        }
        for (State state : states.values()) {
            for (String target : targets(state)) {
                if (!declared.contains(target)) {
                    problems.add(
                            "State '%s': there is no state '%s' to go to"
                                    .formatted(state.name(), target));
                }
            }
        }
        Set<String> reached = reach(startAt, states);
        // An unreadable state leads nowhere known, so reachability can only be judged when all were
        // read.
        if (states.size() == declared.size() && declared.contains(startAt)) {
            declared.stream()
                    .filter(name -> !reached.contains(name))
                    .forEach(name ->
                            problems.add(
                                    "State '%s' cannot be reached from '%s'"
                                            .formatted(name, startAt)));
        }
    }

    private static Set<String> reach(String startAt, Map<String, State> states) {
        Set<String> reached = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(startAt));
        while (!open.isEmpty()) {
            State state = states.get(open.pop());
            if (state != null && reached.add(state.name())) {
                open.addAll(targets(state));
            }
        }
        return reached;
    }

    private static List<String> targets(State state) {
        return switch (state) {
            case State.Pass pass -> pass.next().stream().toList();
            case State.Wait wait -> wait.next().stream().toList();
            case State.Task task -> targets(task.next(), task.recovery());
            case State.ForEach each -> targets(each.next(), each.recovery());
            case State.Parallel parallel -> targets(parallel.next(), parallel.recovery());
            case State.Choice choice ->
                    Stream.concat(
                                    choice.rules().stream().map(State.Rule::next),
                                    choice.otherwise().stream())
                            .toList();
            case State.Succeed succeed -> List.of();
            case State.Fail fail -> List.of();
        };
    }

    private static List<String> targets(Optional<String> next, State.Recovery recovery) {
        return Stream.concat(next.stream(), recovery.catchers().stream().map(State.Catcher::next))
                .toList();
    }
}
