package dev.perennial.local;

import static java.util.stream.Collectors.toSet;

import dev.perennial.aws.DynamoDbDecisionLog;
import dev.perennial.aws.DynamoDbModelRegistry;
import dev.perennial.aws.DynamoDbOnlineStore;
import dev.perennial.aws.DynamoDbQuestions;
import dev.perennial.aws.S3ArtifactStore;
import dev.perennial.core.feature.OnlineStore;
import dev.perennial.core.json.Json;
import dev.perennial.core.promotion.Questions;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.RunRecord;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.trigger.DecisionLog;
import dev.perennial.core.trigger.EventNotSentException;
import dev.perennial.local.aws.Clients;
import dev.perennial.local.aws.DynamoDbServer;
import dev.perennial.local.aws.ObjectListener;
import dev.perennial.local.aws.S3Server;
import dev.perennial.local.event.EventBus;
import dev.perennial.local.event.ObjectCreated;
import dev.perennial.local.lambda.FunctionUrl;
import dev.perennial.local.lambda.Functions;
import dev.perennial.local.lambda.InProcessFunctions;
import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.lambda.InvocationReport;
import dev.perennial.local.lambda.InvokeApi;
import dev.perennial.local.lambda.LambdaService;
import dev.perennial.local.live.Live;
import dev.perennial.local.permission.Credentials;
import dev.perennial.local.permission.Permissions;
import dev.perennial.local.permission.UseLog;
import dev.perennial.local.states.Execution;
import dev.perennial.local.states.ExecutionListener;
import dev.perennial.local.states.Executions;
import dev.perennial.local.states.StateMachine;
import dev.perennial.local.states.StepFunctionsServer;
import dev.perennial.local.states.Surroundings;
import dev.perennial.local.states.Waiting;
import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.Stack;
import dev.perennial.local.template.StateMachineResource;
import dev.perennial.local.template.TemplateReader;
import dev.perennial.local.template.TopicResource;
import dev.perennial.local.time.SimulatedClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;

/**
 * A stack that runs on this machine: everything the template declares, over the state in a {@link
 * Home}.
 */
public final class LocalCloud implements AutoCloseable {
    private static final String REGISTRY = "Table";
    private static final String FEATURES = "FeatureTable";

    private final Home home;
    private final Stack stack;
    private final Permissions permissions;
    private final Map<String, String> endpoints;
    private final InstantSource clock;
    private final List<FunctionUrl> urls = new ArrayList<>();
    private final S3Server s3Server;
    private final DynamoDbServer dynamoDbServer;
    private final S3Client s3;
    private final DynamoDbClient dynamoDb;
    private final Functions lambda;
    private final EventBus bus;
    private final StackTasks tasks;
    private final Executions executions;
    private final StateMachine machine;
    private final ArtifactStore artifacts;
    private final ModelRegistry registry;
    private final DecisionLog decisions;
    private @Nullable StepFunctionsServer stepFunctions;
    private @Nullable Live live;
    private @Nullable InvokeApi invokeApi;

    private LocalCloud(
            Home home,
            Stack stack,
            InstantSource clock,
            ExecutionListener listener,
            Hosting hosting) {
        this.stack = stack;
        this.clock = clock;
        this.home = home;
        permissions = permissions(stack, hosting);
        Credentials credentials = permissions.owner();
        s3Server = S3Server.start(home.s3(), permissions, stack.buckets(), this::created);
        dynamoDbServer = DynamoDbServer.start(home.dynamoDb(), permissions, stack.tables());
        s3 = Clients.s3(s3Server.endpoint(), credentials);
        dynamoDb = Clients.dynamoDb(dynamoDbServer.endpoint(), credentials);
        artifacts = new S3ArtifactStore(s3, only(stack.buckets(), "bucket").name());
        String table = stack.table(REGISTRY).name();
        registry = new DynamoDbModelRegistry(dynamoDb, table);
        decisions = new DynamoDbDecisionLog(dynamoDb, table);
        Questions questions = new DynamoDbQuestions(dynamoDb, table);
        endpoints =
                Map.of(
                        "AWS_ENDPOINT_URL_S3", s3Server.endpoint().toString(),
                        "AWS_ENDPOINT_URL_DYNAMODB", dynamoDbServer.endpoint().toString());
        lambda = host(hosting);
        bus = EventBus.withoutRules(home.live().events(), clock);
        tasks =
                new StackTasks(
                        lambda,
                        permissions,
                        permissions.credentials(
                                only(stack.stateMachines(), "state machine").logicalId()),
                        dynamoDbServer.endpoint(),
                        stack.topics().stream().map(TopicResource::arn).collect(toSet()),
                        home.live().notifications(),
                        this::bus);
        executions =
                new Executions(
                        new Surroundings(
                                tasks,
                                clock,
                                clock instanceof SimulatedClock simulated
                                        ? Waiting.simulated(simulated)
                                        : Waiting.realTime(),
                                new SecureRandom(),
                                listener));
        machine = create(only(stack.stateMachines(), "state machine"));
        closeInterruptedRuns(questions);
    }

    /**
     * Functions in this JVM share their keys, as they share its system properties, so nobody can
     * tell them apart: they may do what the owner may.
     */
    private static Permissions permissions(Stack stack, Hosting hosting) {
        Credentials owner = Credentials.random();
        return switch (hosting) {
            case PROCESSES ->
                    new Permissions(
                            TemplateReader.ACCOUNT,
                            TemplateReader.STACK,
                            owner,
                            stack.members(),
                            UseLog.ofProperty());
            case THIS_JVM -> Permissions.ofOwner(owner);
        };
    }

    /**
     * What a process needs to be a function of this stack: where bucket and table are, and the
     * function's own keys.
     *
     * @param function its logical id
     * @throws IllegalArgumentException if the template has no such function
     */
    public Map<String, String> environment(String function) {
        return with(permissions.credentials(function));
    }

    private Functions host(Hosting hosting) {
        int atOnce = Runtime.getRuntime().availableProcessors();
        return switch (hosting) {
            case PROCESSES ->
                    new LambdaService(
                            stack,
                            home.packages(),
                            home.logs(),
                            function -> environment(function.logicalId()),
                            atOnce);
            case THIS_JVM ->
                    new InProcessFunctions(
                            stack, home.packages(), home.logs(), with(permissions.owner()), atOnce);
        };
    }

    private Map<String, String> with(Credentials keys) {
        Map<String, String> variables = new LinkedHashMap<>(endpoints);
        variables.put("AWS_ACCESS_KEY_ID", keys.accessKey());
        variables.put("AWS_SECRET_ACCESS_KEY", keys.secretKey());
        return variables;
    }

    /**
     * Starts.
     *
     * @param listener hears of every state
     */
    public static LocalCloud open(
            Home home, Stack stack, InstantSource clock, ExecutionListener listener) {
        return open(home, stack, clock, listener, Hosting.PROCESSES);
    }

    /**
     * Starts.
     *
     * @param listener hears of every state
     * @param hosting where functions run
     */
    public static LocalCloud open(
            Home home,
            Stack stack,
            InstantSource clock,
            ExecutionListener listener,
            Hosting hosting) {
        System.setProperty(
                "perennial.log",
                home.logs().resolve("servers.log").toString()); // read by logback.xml
        return new LocalCloud(home, stack, clock, listener, hosting);
    }

    /** Tells the event bus of an object, as S3 does. */
    private void created(
            String bucket, String key, String reason, Supplier<ObjectListener.Created> object) {
        stack.buckets().stream()
                .filter(each -> each.name().equals(bucket) && each.announces())
                .forEach(each -> {
                    ObjectListener.Created known = object.get();
                    new ObjectCreated(bucket, each.arn(), key, known.size(), known.eTag(), reason)
                            .tell(bus(), clock.instant(), TemplateReader.ACCOUNT);
                });
    }

    private static <T> T only(List<T> resources, String what) {
        if (resources.size() != 1) {
            throw new IllegalArgumentException(
                    "the template has %d %ss, expected one".formatted(resources.size(), what));
        }
        return resources.getFirst();
    }

    private StateMachine create(StateMachineResource declared) {
        try {
            String definition = Files.readString(declared.definition());
            for (Map.Entry<String, String> each : declared.substitutions().entrySet()) {
                definition = definition.replace("${" + each.getKey() + "}", each.getValue());
            }
            StateMachine created =
                    executions.create(
                            declared.name(),
                            "arn:aws:iam::%s:role/local".formatted(TemplateReader.ACCOUNT),
                            executions.parse(definition));
            executions.publish(created, declared.qualifiedArns());
            return created;
        } catch (IOException failed) {
            throw new UncheckedIOException("reading " + declared.definition(), failed);
        }
    }

    /**
     * On AWS an execution outlives whoever started it; here it ends with the process, and its
     * record should say so. Nobody can answer what it asked.
     */
    private void closeInterruptedRuns(Questions questions) {
        for (String pipeline : registry.pipelines()) {
            for (RunRecord run : registry.runs(pipeline)) {
                if (run.isOpen()) {
                    questions.close(pipeline, run.run());
                    registry.record(
                            run.failed("interrupted: the process that ran it ended before it did"));
                }
            }
        }
    }

    public ArtifactStore artifacts() {
        return artifacts;
    }

    public ModelRegistry registry() {
        return registry;
    }

    /** The online feature store. */
    public OnlineStore features() {
        return new DynamoDbOnlineStore(dynamoDb, stack.table(FEATURES).name());
    }

    public DecisionLog decisions() {
        return decisions;
    }

    /** Runs one execution of the state machine to its end. */
    public Execution run(String name, String input) throws InterruptedException {
        Execution started = executions.start(machine.arn(), Optional.of(name), input);
        return executions.await(started.arn());
    }

    /** Runs one function. */
    public Invocation invoke(String function, byte[] payload) throws InterruptedException {
        return lambda.invoke(function, payload);
    }

    /**
     * Comes up: functions with a URL answer HTTP on loopback, queues, schedules and alarms work,
     * and other commands on this home find all of it, until the cloud is closed.
     *
     * @param port of predict; 0: any that is free
     */
    public RunningCloud up(String pipeline, int port) {
        Live running = live();
        invokeApi = InvokeApi.open(lambda);
        RunningCloud announced =
                new RunningCloud(
                        pipeline,
                        url("PredictFunction", port),
                        url("FeedbackFunction", 0),
                        invokeApi.uri(),
                        dynamoDbServer.endpoint(),
                        stack.table(REGISTRY).name(),
                        stack.table(FEATURES).name(),
                        s3Server.endpoint(),
                        only(stack.buckets(), "bucket").name(),
                        stepFunctions().endpoint(),
                        running.eventBridge(),
                        permissions.owner());
        running.start();
        announced.announce(home.folder());
        return announced;
    }

    private URI url(String function, int port) {
        FunctionResource declared =
                stack.functions().stream()
                        .filter(each -> each.logicalId().equals(function) && each.hasUrl())
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "the template has no %s with a URL".formatted(function)));
        FunctionUrl url = FunctionUrl.open(declared, lambda, clock, port);
        urls.add(url);
        return url.uri();
    }

    private synchronized StepFunctionsServer stepFunctions() {
        if (stepFunctions == null) {
            stepFunctions = StepFunctionsServer.start(executions, permissions);
        }
        return stepFunctions;
    }

    /**
     * What the stack does by itself. Its servers start with the first call; from then on functions
     * can reach queues, the event bus and the state machine.
     */
    public synchronized Live live() {
        if (live == null) {
            live =
                    new Live(
                            stack,
                            home.live(),
                            permissions,
                            clock,
                            lambda::invoke,
                            executions::awaitQuiet);
            lambda.addVariables(live.endpoints());
            lambda.addVariables(
                    Map.of("AWS_ENDPOINT_URL_SFN", stepFunctions().endpoint().toString()));
        }
        return live;
    }

    /** The live side's; before it is there, one that only keeps events. */
    private synchronized EventBus bus() {
        return live == null ? bus : live.bus();
    }

    /**
     * Sends an event of the factory, as its functions do.
     *
     * @throws EventNotSentException if it can't be kept
     */
    public void send(String type, Object detail) {
        try {
            bus().accept(
                            dev.perennial.core.trigger.EventBus.SOURCE,
                            type,
                            clock.instant(),
                            List.of(),
                            Json.toTree(detail));
        } catch (UncheckedIOException failed) {
            throw new EventNotSentException(type, String.valueOf(failed.getMessage()), failed);
        }
    }

    /** What functions were given in an execution: the first event of each state, in their order. */
    public Map<String, JsonNode> events(Execution execution) {
        Map<String, JsonNode> events = new LinkedHashMap<>();
        tasks.measured(execution.arn())
                .forEach(each -> events.putIfAbsent(each.state(), each.event()));
        return events;
    }

    /** What functions took in an execution, with the state that called them. */
    public List<StepTime> times(Execution execution) {
        return tasks.measured(execution.arn()).stream()
                .map(each -> StepTime.of(each.state(), each.report()))
                .toList();
    }

    /** What one function call took, as Lambda's REPORT line would say. */
    public record StepTime(
            String step,
            double seconds,
            long billedMillis,
            long initMillis,
            int memoryMegabytes,
            int peakMegabytes) {
        static StepTime of(String state, InvocationReport report) {
            return new StepTime(
                    state,
                    (report.durationMillis() + report.initMillis()) / 1_000.0,
                    report.billedMillis(),
                    report.initMillis(),
                    report.memoryMegabytes(),
                    report.maxMemoryUsedMegabytes());
        }
    }

    @Override
    public void close() throws IOException {
        RunningCloud.withdraw(home.folder());
        stopLive();
        urls.forEach(FunctionUrl::close);
        closeLive();
        executions.close();
        lambda.close();
        s3.close();
        dynamoDb.close();
        s3Server.close();
        dynamoDbServer.close();
    }

    /** First of all: an event that is begun while its function goes away might be given up. */
    private synchronized void stopLive() {
        if (live != null) {
            live.stop();
        }
    }

    private synchronized void closeLive() {
        if (invokeApi != null) {
            invokeApi.close();
        }
        if (live != null) {
            live.close();
        }
        if (stepFunctions != null) {
            stepFunctions.close();
        }
    }
}
