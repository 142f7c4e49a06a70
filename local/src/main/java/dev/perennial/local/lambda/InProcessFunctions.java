package dev.perennial.local.lambda;

import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.Stack;
import dev.perennial.local.template.TemplateReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * The functions in this JVM, from the same zips: no start-up, thousands of calls a minute. For
 * replays. What a process of its own gives is missing: MemorySize and Timeout aren't enforced, a
 * crash of a native library takes this JVM along, reports know no memory, and what a function
 * prints to the standard streams instead of Lambda's logger stays there. {@code OMP_WAIT_POLICY} is
 * read before any Java runs, so whoever starts this JVM has to set it to {@code passive}.
 *
 * <p>The SDK's clients find credentials and endpoints in system properties, so there can be one of
 * these at a time.
 */
public final class InProcessFunctions implements Functions {
    private static final String ENTRY = "dev.perennial.aws.FunctionApplication";
    private static final AtomicBoolean TAKEN = new AtomicBoolean();

    private final DeclaredFunctions functions;
    private final Path logs;
    private final Map<String, Path> folders = new HashMap<>();
    private volatile Map<String, String> variables;
    private final ClassLoader classes;
    private final SdkProperties properties = new SdkProperties();
    private final Slots slots;
    private final Map<String, Function<InputStream, byte[]>> opened = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Unpacks and prepares; a function is made when it is first called.
     *
     * @param cache where zips are unpacked, once per content
     * @param logs gets one file per function, {@code <LogicalId>.log}
     * @param endpointsAndCredentials what every function finds in its environment beside Lambda's
     *     own variables and the template's
     * @param maxConcurrentCalls calls that run at once, over all functions; the others wait their
     *     turn in the order they came
     * @throws IllegalStateException if this JVM has others already, or this machine can't run the
     *     zips
     * @throws UncheckedIOException if a zip is missing or broken, or two have a library of the same
     *     name with other bytes
     */
    public InProcessFunctions(
            Stack stack,
            Path cache,
            Path logs,
            Map<String, String> endpointsAndCredentials,
            int maxConcurrentCalls) {
        DeploymentPackage.checkMachine();
        this.functions = new DeclaredFunctions(stack);
        this.logs = logs;
        this.variables = Map.copyOf(endpointsAndCredentials);
        this.slots = new Slots(maxConcurrentCalls);
        try {
            List<Path> all = new ArrayList<>();
            for (FunctionResource function : functions.all()) {
                Path folder = DeploymentPackage.unpack(function.codeUri(), cache.toAbsolutePath());
                folders.put(function.logicalId(), folder);
                all.add(folder);
            }
            this.classes = FunctionClasses.of(all);
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "the functions can't run in this JVM: " + failed.getMessage(), failed);
        }
        if (TAKEN.getAndSet(true)) {
            throw new IllegalStateException(
                    "this JVM runs functions already, and their clients share system properties; close those first");
        }
        LambdaOutput.install(classes);
        properties.set(endpointsAndCredentials);
        properties.set(Map.of("AWS_REGION", TemplateReader.REGION));
    }

    /** A function that was called already doesn't hear of it. */
    @Override
    public void addVariables(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(variables);
        all.putAll(more);
        variables = Map.copyOf(all);
        properties.set(more);
    }

    @Override
    public Invocation invoke(String functionArnOrName, byte[] payload, Runnable begun)
            throws InterruptedException {
        FunctionResource function = functions.forEvent(functionArnOrName, payload);
        return slots.take(function, begun, "can't log", () -> logged(function, payload));
    }

    private Invocation logged(FunctionResource function, byte[] payload)
            throws IOException, InterruptedException {
        if (closed) {
            throw new InterruptedException("the local Lambda is closed");
        }
        String requestId = UUID.randomUUID().toString();
        FunctionLog log = new FunctionLog(logs, function);
        log.start(requestId);
        StringWriter said = new StringWriter();
        Invocation invocation = run(function, requestId, payload, said);
        log.say(said.toString());
        log.end(invocation);
        if (Thread.interrupted()) { // whatever the function made of it
            throw new InterruptedException();
        }
        return invocation;
    }

    private Invocation run(
            FunctionResource function, String requestId, byte[] payload, StringWriter said) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(classes);
        long begin = System.nanoTime();
        long ready = begin;
        try {
            Function<InputStream, byte[]> entry = entry(function);
            ready = System.nanoTime();
            byte[] answer =
                    LambdaOutput.of(() -> entry.apply(new ByteArrayInputStream(payload)), said);
            InvocationReport report = report(function, requestId, begin, ready);
            return answer.length <= MAX_ANSWER
                    ? new Invocation.Returned(answer, report)
                    : Invocation.FunctionError.of(
                            report,
                            "Function.ResponseSizeTooLarge",
                            "Response payload size exceeded maximum allowed payload size (%d bytes)."
                                    .formatted(MAX_ANSWER));
        } catch (Throwable thrown) { // whatever it is, Lambda's runtime posts it
            return Invocation.FunctionError.of(report(function, requestId, begin, ready), thrown);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Function<InputStream, byte[]> entry(FunctionResource function) throws Throwable {
        Function<InputStream, byte[]> known = opened.get(function.logicalId());
        if (known != null) {
            return known;
        }
        synchronized (opened) {
            known = opened.get(function.logicalId());
            if (known == null) {
                known = open(function);
                opened.put(function.logicalId(), known);
            }
            return known;
        }
    }

    @SuppressWarnings("unchecked") // the method's documented type; only the JDK's types cross
    private Function<InputStream, byte[]> open(FunctionResource function) throws Throwable {
        Map<String, String> environment = environment(function);
        String mainClass = environment.get("MAIN_CLASS");
        if (mainClass == null) {
            throw new IllegalStateException(
                    "%s has no variable MAIN_CLASS; see template.yaml"
                            .formatted(function.logicalId()));
        }
        try {
            return (Function<InputStream, byte[]>)
                    Class.forName(ENTRY, true, classes)
                            .getMethod("open", String.class, Map.class)
                            .invoke(null, mainClass, environment);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause() == null ? thrown : thrown.getCause();
        }
    }

    private Map<String, String> environment(FunctionResource function) {
        Path folder = folders.get(function.logicalId());
        if (folder == null) {
            throw new IllegalStateException(function.logicalId() + " was not unpacked");
        }
        Map<String, String> environment =
                new HashMap<>(WorkerLauncher.lambdaVariables(function, folder, ""));
        // Nobody's call pays for the start of this JVM.
        environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "provisioned-concurrency");
        environment.putAll(variables);
        environment.putAll(function.environment());
        return environment;
    }

    private static InvocationReport report(
            FunctionResource function, String requestId, long begin, long ready) {
        long initMillis = ready == begin ? 0 : (ready - begin) / 1_000_000L;
        long millis = Math.ceilDiv(System.nanoTime() - ready, 1_000_000L);
        return new InvocationReport(
                requestId, millis, millis, initMillis, function.memoryMegabytes(), 0);
    }

    /** Functions that run go on to their end; their clients are left to the garbage collector. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            properties.close();
            TAKEN.set(false);
        }
    }
}
