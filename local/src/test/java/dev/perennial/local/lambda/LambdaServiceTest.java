package dev.perennial.local.lambda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class LambdaServiceTest {
    @TempDir static Path folder;

    private static Path zip;
    private static LambdaService lambda;

    /** One function that does what its event says. */
    @BeforeAll
    static void start() throws IOException {
        zip =
                FunctionZip.build(
                        folder,
                        "Obedient",
                        """
                        static int calls;
                        static List<Object> kept = new ArrayList<>();
                        public static class OutOfStockException extends RuntimeException {
                            OutOfStockException(String message) { super(message); }
                        }
                        """,
                        """
                        calls++;
                        switch (event.length() > 2 && event.charAt(1) != '{' ? event.substring(1, event.length() - 1) : "") {
                            case "throw" -> throw new OutOfStockException("no äpfel");
                            case "exit" -> System.exit(3);
                            case "hang" -> { while (true) { Thread.onSpinWait(); } }
                            case "heap" -> { while (true) { kept.add(new byte[1 << 20]); } }
                            case "native" -> {
                                for (int i = 0; i < 64; i++) {
                                    var buffer = java.nio.ByteBuffer.allocateDirect(1 << 20);
                                    for (int at = 0; at < buffer.capacity(); at += 4096) buffer.put(at, (byte) 1);
                                    kept.add(buffer);
                                }
                                while (true) {
                                    var arena = java.lang.foreign.Arena.global().allocate(1 << 23);
                                    arena.fill((byte) 1);
                                }
                            }
                            case "pid" -> write(out, ProcessHandle.current().pid() + "");
                            case "calls" -> write(out, "[" + ProcessHandle.current().pid() + "," + calls + "]");
                            case "meet" -> {
                                try { Thread.sleep(300); } catch (InterruptedException e) { throw new IllegalStateException(e); }
                                write(out, ProcessHandle.current().pid() + "");
                            }
                            case "env" -> {
                                StringBuilder all = new StringBuilder("{");
                                System.getenv().forEach((k, v) -> all.append('"').append(k).append("\\":\\"").append(v.replace("\\\\", "").replace("\\"", "")).append("\\","));
                                write(out, all.append("\\"tmp\\":\\"").append(System.getProperty("java.io.tmpdir"))
                                    .append("\\",\\"path\\":\\"").append(System.getProperty("java.class.path")).append("\\"}").toString());
                            }
                            case "large" -> write(out, '"' + "x".repeat(7_000_000) + '"');
                            case "say" -> { System.out.println("said it"); write(out, "null"); }
                            case String call when call.startsWith("call ") -> {
                                new java.net.Socket("127.0.0.1", Integer.parseInt(call.substring(5)));
                                while (true) { Thread.onSpinWait(); }
                            }
                            default -> write(out, event);
                        }
                        """);
        lambda =
                service(
                        function("Echo", 256, 20),
                        function("Short", 256, 1),
                        function("Small", 160, 20));
    }

    @AfterAll
    static void stop() {
        lambda.close();
    }

    private static FunctionResource function(String id, int memory, int seconds) {
        return function(id, zip, "demo.Obedient::handleRequest", memory, seconds);
    }

    private static FunctionResource function(
            String id, Path code, String handler, int memory, int seconds) {
        return new FunctionResource(
                id,
                code,
                handler,
                "java25",
                memory,
                Duration.ofSeconds(seconds),
                512,
                Map.of("OWN", "from the template"),
                Optional.empty(),
                false,
                true);
    }

    private static LambdaService service(FunctionResource... functions) {
        return new LambdaService(
                new Stack(
                        List.of(functions), List.of(), List.of(), List.of(), List.of(), List.of()),
                folder.resolve("cache"),
                folder.resolve("logs"),
                _ -> Map.of("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1"),
                3);
    }

    private static byte[] json(String text) {
        return Json.write(text);
    }

    private static String returned(LambdaService service, String function, String event)
            throws InterruptedException {
        Invocation invocation = service.invoke(function, json(event));
        if (invocation instanceof Invocation.FunctionError error) {
            throw new AssertionError(error.errorType() + ": " + error.errorMessage());
        }
        return new String(((Invocation.Returned) invocation).payload(), StandardCharsets.UTF_8);
    }

    private static Invocation.FunctionError failed(String function, String event)
            throws InterruptedException {
        return assertInstanceOf(
                Invocation.FunctionError.class, lambda.invoke(function, json(event)));
    }

    @Test
    void echo_byArnNameAndLogicalId_keepsUnicodeAndAMegabyte() throws InterruptedException {
        byte[] event = json("grüße 🌏 \u2028" + "ü".repeat(500_000));
        for (String name :
                List.of(
                        "arn:aws:lambda:us-east-1:000000000000:function:perennial-Echo",
                        "perennial-Echo",
                        "Echo")) {
            Invocation invocation = lambda.invoke(name, event);

            assertArrayEquals(
                    event, assertInstanceOf(Invocation.Returned.class, invocation).payload());
        }
    }

    @Test
    void secondEvent_reusesTheWorker_withoutStartUp() throws InterruptedException {
        try (LambdaService own = service(function("Warm", 256, 20))) {
            InvocationReport cold = own.invoke("Warm", json("pid")).report();
            String first = returned(own, "Warm", "pid");
            Invocation warm = own.invoke("Warm", json("pid"));

            assertTrue(cold.initMillis() > 0);
            assertEquals(cold.durationMillis() + cold.initMillis(), cold.billedMillis());
            assertEquals(0, warm.report().initMillis());
            assertEquals(
                    first,
                    new String(((Invocation.Returned) warm).payload(), StandardCharsets.UTF_8));
            assertEquals(256, warm.report().memoryMegabytes());
            assertTrue(warm.report().maxMemoryUsedMegabytes() > 10);
            assertNotEquals(cold.requestId(), warm.report().requestId());
        }
    }

    @Test
    void exception_isReportedByItsClassName_andTheWorkerStays() throws InterruptedException {
        String before = returned(lambda, "Short", "pid");

        Invocation.FunctionError error = failed("Short", "throw");

        assertEquals("demo.Obedient$OutOfStockException", error.errorType());
        assertEquals("no äpfel", error.errorMessage());
        assertTrue(Json.tree("body", error.body()).path("stackTrace").size() > 0);
        assertEquals(before, returned(lambda, "Short", "pid"));
    }

    @Test
    void exit_isRuntimeExitError_andTheNextEventGetsANewWorker() throws InterruptedException {
        Invocation.FunctionError error = failed("Echo", "exit");

        assertEquals("Runtime.ExitError", error.errorType());
        assertEquals(
                "RequestId: %s Error: Runtime exited with error: exit status 3"
                        .formatted(error.report().requestId()),
                error.errorMessage());
        assertEquals("\"again\"", returned(lambda, "Echo", "again"));
    }

    @Test
    void hanging_isKilledAtTheTimeout() throws InterruptedException {
        long pid = Long.parseLong(returned(lambda, "Short", "pid"));

        Invocation.FunctionError error = failed("Short", "hang");

        assertEquals("Sandbox.Timedout", error.errorType());
        assertEquals(
                "RequestId: %s Error: Task timed out after 1.00 seconds"
                        .formatted(error.report().requestId()),
                error.errorMessage());
        assertTrue(error.report().durationMillis() >= 1000);
        assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    }

    @Test
    void fullHeap_isTheJvmsOwnError_andTheNextEventGetsANewWorker() throws InterruptedException {
        assertEquals("java.lang.OutOfMemoryError", failed("Echo", "heap").errorType());
        assertEquals("\"again\"", returned(lambda, "Echo", "again"));
    }

    @Test
    void nativeMemoryAboveMemorySize_isKilled() throws InterruptedException {
        Invocation.FunctionError error = failed("Small", "native");

        assertEquals("Runtime.OutOfMemory", error.errorType());
        assertTrue(error.errorMessage().endsWith("Runtime exited with error: signal: killed"));
        assertTrue(error.report().maxMemoryUsedMegabytes() >= 160);
        assertEquals("\"again\"", returned(lambda, "Small", "again"));
    }

    @Test
    void answerAboveLambdasLimit_isRefused() throws InterruptedException {
        assertEquals("Function.ResponseSizeTooLarge", failed("Echo", "large").errorType());
        assertThrows(
                PayloadTooLargeException.class,
                () -> lambda.invoke("Echo", json("x".repeat(7_000_000))));
    }

    @Test
    void workerKilledWhileIdle_isReplacedSilently() throws Exception {
        try (LambdaService own = service(function("Idle", 256, 20))) {
            long pid = Long.parseLong(returned(own, "Idle", "pid"));
            ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
            process.destroyForcibly();
            process.onExit().get(5, TimeUnit.SECONDS);

            assertNotEquals(Long.toString(pid), returned(own, "Idle", "pid"));
        }
    }

    @Test
    void concurrentEvents_getWorkersOfTheirOwn_upToTheLimit() throws Exception {
        try (LambdaService own = service(function("Many", 256, 20));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> calls =
                    IntStream.range(0, 9)
                            .<Callable<String>>mapToObj(_ -> () -> returned(own, "Many", "meet"))
                            .toList();
            List<Future<String>> answers = threads.invokeAll(calls);

            Set<String> pids = answers.stream().map(Future::resultNow).collect(Collectors.toSet());
            assertEquals(3, pids.size());
        }
    }

    @Test
    void event_beginsOnlyWhenItHasItsPlace() throws Exception {
        Stack stack =
                new Stack(
                        List.of(function("Narrow", 256, 60)),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of());
        List<String> order = new CopyOnWriteArrayList<>();
        try (LambdaService own =
                        new LambdaService(
                                stack,
                                folder.resolve("cache"),
                                folder.resolve("logs"),
                                _ -> Map.of(),
                                1);
                ServerSocket running = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Invocation> first =
                    threads.submit(() ->
                            own.invoke(
                                    "Narrow",
                                    json("call " + running.getLocalPort()),
                                    () -> order.add("first begins")));
            running.accept().close();
            AtomicReference<Thread> waiting = new AtomicReference<>();
            Future<Invocation> second =
                    threads.submit(() -> {
                        waiting.set(Thread.currentThread());
                        return own.invoke("Narrow", json("on"), () -> order.add("second begins"));
                    });
            while (waiting.get() == null || waiting.get().getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            order.add("first ends");
            first.cancel(true);

            second.get();
        }
        assertEquals(List.of("first begins", "first ends", "second begins"), order);
    }

    @Test
    void environment_isLambdasTheServicesAndTheTemplates_nothingElse() throws InterruptedException {
        JsonNode found =
                Json.tree("env", returned(lambda, "Echo", "env").getBytes(StandardCharsets.UTF_8));

        assertEquals("from the template", found.path("OWN").asString());
        assertEquals("http://127.0.0.1:1", found.path("AWS_ENDPOINT_URL_S3").asString());
        assertEquals("perennial-Echo", found.path("AWS_LAMBDA_FUNCTION_NAME").asString());
        assertEquals("256", found.path("AWS_LAMBDA_FUNCTION_MEMORY_SIZE").asString());
        assertEquals("us-east-1", found.path("AWS_REGION").asString());
        assertEquals(
                found.path("LAMBDA_TASK_ROOT").asString() + "/lib",
                found.path("LD_LIBRARY_PATH").asString());
        assertTrue(System.getenv().containsKey("HOME"), "the test needs something to leak");
        assertTrue(found.path("HOME").isMissingNode(), "HOME leaked");
        assertNotEquals("/tmp", found.path("tmp").asString());
        assertFalse(found.path("path").asString().contains("perennial"));
        assertFalse(found.path("path").asString().contains("jackson"));
    }

    @Test
    void log_hasLambdasLinesAroundWhatTheFunctionSays() throws Exception {
        try (LambdaService own = service(function("Logged", 256, 20))) {
            String id = own.invoke("Logged", json("say")).report().requestId();

            List<String> lines = Files.readAllLines(folder.resolve("logs/Logged.log"));
            int start = lines.indexOf("START RequestId: %s Version: $LATEST".formatted(id));
            int end = lines.indexOf("END RequestId: " + id);
            assertTrue(start >= 0 && end > start);
            assertTrue(lines.get(end + 1).startsWith("REPORT RequestId: " + id));
            assertTrue(lines.get(end + 1).contains("\tInit Duration: "));
        }
    }

    @Test
    void interruptedCaller_killsTheWorker_andFreesItsPlace() throws Exception {
        try (LambdaService own = service(function("Stopped", 256, 60));
                ServerSocket running = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            long pid = Long.parseLong(returned(own, "Stopped", "pid"));
            ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
            CountDownLatch interrupted = new CountDownLatch(1);
            Thread caller =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    own.invoke("Stopped", json("call " + running.getLocalPort()));
                                } catch (InterruptedException expected) {
                                    interrupted.countDown();
                                }
                            });
            running.accept().close();
            caller.interrupt();

            assertTrue(interrupted.await(10, TimeUnit.SECONDS));
            process.onExit().get(5, TimeUnit.SECONDS);
            assertEquals("\"on\"", returned(own, "Stopped", "on"));
        }
    }

    @Test
    void close_endsAllWorkers_andRefusesMore() throws Exception {
        LambdaService own = service(function("Closed", 256, 20));
        long pid = Long.parseLong(returned(own, "Closed", "pid"));

        own.close();

        assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
        assertThrows(InterruptedException.class, () -> own.invoke("Closed", json("pid")));
    }

    @Test
    void failingStartUp_isReported() throws Exception {
        Path broken =
                FunctionZip.build(
                        folder,
                        "Broken",
                        "static { if (true) throw new IllegalStateException(\"no table\"); }",
                        "");
        try (LambdaService own =
                service(
                        function("Init", broken, "demo.Broken::handleRequest", 256, 20),
                        function("Lost", broken, "demo.Missing::handleRequest", 256, 20))) {
            var init =
                    assertInstanceOf(Invocation.FunctionError.class, own.invoke("Init", json("x")));
            var lost =
                    assertInstanceOf(Invocation.FunctionError.class, own.invoke("Lost", json("x")));

            assertEquals("java.lang.ExceptionInInitializerError", init.errorType());
            assertEquals("java.lang.ClassNotFoundException", lost.errorType());
        }
    }

    @Test
    void zipWithAnEntryOutsideItsFolder_isRefused_andWritesNothing() throws IOException {
        Path evil = folder.resolve("evil-linux-x86_64.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(evil))) {
            FunctionZip.put(out, "../../escaped.txt", new byte[] {1});
        }
        try (LambdaService own = service(function("Evil", evil, "demo.X::y", 256, 20))) {
            UncheckedIOException refused =
                    assertThrows(UncheckedIOException.class, () -> own.invoke("Evil", json("x")));

            assertTrue(refused.getMessage().contains("../../escaped.txt"));
            assertFalse(Files.exists(folder.resolve("escaped.txt")));
        }
    }

    @Test
    void unknownFunction_andMissingZip_areNamed() {
        Path nowhere = folder.resolve("none-linux-x86_64.zip");
        try (LambdaService own = service(function("Unbuilt", nowhere, "demo.X::y", 256, 20))) {
            assertTrue(
                    assertThrows(
                                    UnknownFunctionException.class,
                                    () -> own.invoke("Other", json("x")))
                            .getMessage()
                            .contains("Unbuilt"));
            assertTrue(
                    assertThrows(UncheckedIOException.class, () -> own.invoke("Unbuilt", json("x")))
                            .getMessage()
                            .contains(nowhere.toString()));
        }
    }
}
