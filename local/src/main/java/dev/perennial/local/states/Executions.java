package dev.perennial.local.states;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * State machines and their executions, as Step Functions' standard workflows: in memory, for this
 * process. Closing it stops what still runs.
 */
public final class Executions implements AutoCloseable {
    private static final Pattern NAME =
            Pattern.compile("[^\\s<>{}\\[\\]?*\"#%\\\\^|~`$&,;:/\\p{Cc}]{1,80}");
    private static final int LONGEST_ERROR = 256;
    private static final int LONGEST_CAUSE = 32_768;
    private static final String ARN = "arn:aws:states:us-east-1:000000000000:";

    private final Surroundings surroundings;
    private final TaskTokens tokens;
    private final Map<String, StateMachine> machines = new LinkedHashMap<>();
    private final Map<String, StateMachine> published = new HashMap<>();
    private final Map<String, Run> runs = new LinkedHashMap<>();

    public Executions(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.tokens = new TaskTokens(surroundings.random());
    }

    /**
     * Parses a definition for the resources that can be run here.
     *
     * @throws UnsupportedDefinitionException with every problem
     */
    public StateMachineDefinition parse(String definition) {
        return StateMachineDefinition.parse(definition, surroundings.tasks().resources());
    }

    /**
     * Creates a state machine. The same name with the same definition and role gives the one there
     * is.
     *
     * @throws RequestRefusedException StateMachineAlreadyExists, InvalidName
     */
    public synchronized StateMachine create(
            String name, String roleArn, StateMachineDefinition definition) {
        checkName(name);
        String arn = ARN + "stateMachine:" + name;
        StateMachine known = machines.get(arn);
        if (known != null) {
            if (known.roleArn().equals(roleArn)
                    && known.definition().source().equals(definition.source())) {
                return known;
            }
            throw new RequestRefusedException(
                    "StateMachineAlreadyExists",
                    "State machine %s exists with another definition or role; delete it first"
                            .formatted(arn));
        }
        StateMachine machine =
                new StateMachine(arn, name, roleArn, definition, surroundings.clock().instant());
        machines.put(arn, machine);
        return machine;
    }

    /** Lets executions be started, and the state machine be found, under further ARNs of it. */
    public synchronized void publish(StateMachine machine, List<String> qualifiedArns) {
        qualifiedArns.forEach(arn -> published.put(arn, machine));
    }

    /** Executions that run go on, and can still be described. */
    public synchronized void delete(String stateMachineArn) {
        machines.remove(stateMachineArn);
        published.values().removeIf(machine -> machine.arn().equals(stateMachineArn));
    }

    public synchronized List<StateMachine> stateMachines() {
        return List.copyOf(machines.values());
    }

    /**
     * Gives a state machine.
     *
     * @param arn its own, or that of what is published of it
     * @throws RequestRefusedException StateMachineDoesNotExist
     */
    public synchronized StateMachine stateMachine(String arn) {
        StateMachine machine = machines.getOrDefault(arn, published.get(arn));
        if (machine == null) {
            throw new RequestRefusedException(
                    "StateMachineDoesNotExist", "State machine does not exist: '" + arn + "'");
        }
        return machine;
    }

    /**
     * Starts an execution. The same name with the same input gives the execution that already runs.
     *
     * @param name empty for a name of its own
     * @param input JSON of at most 262,144 bytes of UTF-8
     * @throws RequestRefusedException StateMachineDoesNotExist, ExecutionAlreadyExists,
     *     InvalidExecutionInput, InvalidName
     */
    public Execution start(String stateMachineArn, Optional<String> name, String input) {
        JsonNode json = read(input, "input", "InvalidExecutionInput");
        synchronized (this) {
            StateMachine machine = stateMachine(stateMachineArn);
            String called = name.orElseGet(this::freshName);
            checkName(called);
            String arn = ARN + "execution:" + machine.name() + ":" + called;
            Run known = runs.get(arn);
            if (known != null) {
                return again(known, json);
            }
            Run run =
                    new Run(
                            surroundings,
                            tokens,
                            new ExecutionFacts(
                                    arn, called, machine, surroundings.clock().instant(), json));
            runs.put(arn, run);
            run.start();
            return run.snapshot();
        }
    }

    private static Execution again(Run known, JsonNode input) {
        Execution execution = known.snapshot();
        if (execution.status() == ExecutionStatus.RUNNING && execution.input().equals(input)) {
            return execution;
        }
        throw new RequestRefusedException(
                "ExecutionAlreadyExists",
                "Execution Already Exists: '%s' is %s; use another name"
                        .formatted(execution.arn(), execution.status()));
    }

    /** Waits until an execution has ended. */
    public Execution await(String executionArn) throws InterruptedException {
        Run run = run(executionArn);
        run.await();
        return run.snapshot();
    }

    /**
     * Waits until all executions have ended or only wait for an answer to a token. Within a Map or
     * Parallel state that isn't seen: it counts as working.
     *
     * @return false if that was so already
     */
    public boolean awaitQuiet() throws InterruptedException {
        List<Run> all;
        synchronized (this) {
            all = List.copyOf(runs.values());
        }
        boolean worked = false;
        for (Run run : all) {
            worked |= run.activity().awaitQuiet();
        }
        return worked;
    }

    /**
     * Interrupts an execution and waits until it has ended; one that has ended is left as it is.
     */
    public Execution stop(String executionArn, Optional<String> error, Optional<String> cause)
            throws InterruptedException {
        Run run = run(executionArn);
        run.stop(error, cause);
        return run.snapshot();
    }

    /**
     * Gives an execution as it is now.
     *
     * @throws RequestRefusedException ExecutionDoesNotExist
     */
    public Execution execution(String executionArn) {
        return run(executionArn).snapshot();
    }

    /**
     * Answers a task that waits for its token.
     *
     * @param output JSON of at most 262,144 bytes of UTF-8; becomes the task's result
     * @throws RequestRefusedException InvalidOutput, InvalidToken, TaskDoesNotExist, TaskTimedOut
     */
    public void sendTaskSuccess(String taskToken, String output) {
        JsonNode result = read(output, "output", "InvalidOutput");
        accepted(tokens.find(taskToken).answer().complete(result));
    }

    /**
     * Fails a task that waits for its token, as a Retry or Catch sees it.
     *
     * @param error at most 256 characters
     * @param cause at most 32,768 characters
     * @throws RequestRefusedException ValidationException, InvalidToken, TaskDoesNotExist,
     *     TaskTimedOut
     */
    public void sendTaskFailure(String taskToken, Optional<String> error, Optional<String> cause) {
        checkLength("error", error, LONGEST_ERROR);
        checkLength("cause", cause, LONGEST_CAUSE);
        StateFailure failure = new StateFailure(error.orElse(""), cause.orElse(""));
        accepted(tokens.find(taskToken).answer().completeExceptionally(failure));
    }

    /**
     * Says that the work behind a token goes on: its HeartbeatSeconds begin anew.
     *
     * @throws RequestRefusedException InvalidToken, TaskDoesNotExist, TaskTimedOut
     */
    public void sendTaskHeartbeat(String taskToken) {
        accepted(tokens.find(taskToken).beat());
    }

    private static void accepted(boolean inTime) {
        if (!inTime) {
            throw TaskTokens.ended();
        }
    }

    private static void checkLength(String member, Optional<String> text, int longest) {
        if (text.map(String::length).orElse(0) > longest) {
            throw new RequestRefusedException(
                    "ValidationException",
                    "Member '%s' should have at most %d characters".formatted(member, longest));
        }
    }

    /** The state machine that an execution was started of, even if it was deleted since. */
    StateMachine stateMachineOf(String executionArn) {
        return run(executionArn).facts().stateMachine();
    }

    /** The executions of a state machine, the newest first. */
    public synchronized List<Execution> executionsOf(String stateMachineArn) {
        List<Execution> found = new ArrayList<>();
        for (Run run : runs.values()) {
            if (run.facts().stateMachine().arn().equals(stateMachineArn)) {
                found.addFirst(run.snapshot());
            }
        }
        return found;
    }

    @Override
    public void close() {
        List<Run> all;
        synchronized (this) {
            all = List.copyOf(runs.values());
        }
        for (Run run : all) {
            try {
                run.stop(Optional.empty(), Optional.of("The executor was closed"));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private synchronized Run run(String executionArn) {
        Run run = runs.get(executionArn);
        if (run == null) {
            throw new RequestRefusedException(
                    "ExecutionDoesNotExist", "Execution does not exist: '" + executionArn + "'");
        }
        return run;
    }

    private String freshName() {
        return new UUID(surroundings.random().nextLong(), surroundings.random().nextLong())
                .toString();
    }

    private static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new RequestRefusedException(
                    "InvalidName",
                    "A name should have 1 to 80 characters, none of them a space, a control or a bracket, and none of"
                            + " ?*\"#%\\^|~`$&,;:/ but is '"
                            + name
                            + "'");
        }
    }

    private static JsonNode read(String text, String what, String refusal) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > FieldValues.PAYLOAD_LIMIT) {
            throw new RequestRefusedException(
                    refusal,
                    "The %s has %d bytes of UTF-8; the limit is %d"
                            .formatted(what, bytes, FieldValues.PAYLOAD_LIMIT));
        }
        try {
            return Json.parse(text);
        } catch (IllegalArgumentException e) {
            throw new RequestRefusedException(
                    refusal, "The %s is not JSON: %s".formatted(what, e.getMessage()));
        }
    }
}
