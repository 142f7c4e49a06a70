package dev.perennial.local.lambda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Zips whose entry is the least one that can be hosted; the real ones run in the module tests. */
class InProcessFunctionsTest {
    @TempDir static Path folder;

    private static Path first;
    private static Path second;
    private InProcessFunctions functions;

    @BeforeAll
    static void build() throws IOException {
        Path classes = compile();
        first = zip("first", classes, "shared");
        second = zip("second", classes, "shared");
    }

    private static Path compile() throws IOException {
        Path source = Files.createDirectories(folder.resolve("source"));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        Path file =
                Files.writeString(
                        source.resolve("FunctionApplication.java"),
                        """
                        package dev.perennial.aws;
                        import com.amazonaws.services.lambda.runtime.LambdaRuntime;
                        import java.io.*;
                        import java.nio.charset.StandardCharsets;
                        import java.util.*;
                        import java.util.function.Function;
                        public class FunctionApplication {
                            static int opened;
                            public static class OutOfStockException extends RuntimeException {
                                OutOfStockException(String message, Throwable cause) { super(message, cause); }
                            }
                            static byte[] bytes(Object text) { return String.valueOf(text).getBytes(StandardCharsets.UTF_8); }
                            public static Function<InputStream, byte[]> open(String mainClass, Map<String, String> environment) {
                                if (mainClass.equals("broken")) throw new IllegalStateException("BUCKET is not set");
                                opened++;
                                return in -> {
                                    try {
                                        String event = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                                        return switch (event) {
                                            case "\\"throw\\"" -> throw new OutOfStockException("no äpfel", new IOException("empty"));
                                            case "\\"opened\\"" -> bytes(opened);
                                            case "\\"environment\\"" -> bytes(new TreeMap<>(environment));
                                            case "\\"property\\"" -> bytes(System.getProperty("aws.endpointUrlS3") + " " + System.getProperty("aws.region"));
                                            case "\\"loader\\"" -> bytes(Thread.currentThread().getContextClassLoader() == FunctionApplication.class.getClassLoader());
                                            case "\\"log\\"" -> { LambdaRuntime.getLogger().log("said it\\n"); yield bytes(1); }
                                            case "\\"large\\"" -> new byte[7_000_000];
                                            case "\\"local\\"" -> { try { yield bytes(Class.forName("dev.perennial.local.LocalCloud")); } catch (ClassNotFoundException e) { yield bytes("unseen"); } }
                                            default -> bytes(event);
                                        };
                                    } catch (IOException e) { throw new UncheckedIOException(e); }
                                };
                            }
                        }
                        """);
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-cp",
                                FunctionZip.core().toString(),
                                "-d",
                                classes.toString(),
                                file.toString());
        assertEquals(0, status);
        return classes;
    }

    private static Path zip(String name, Path classes, String shared) throws IOException {
        Path zip = folder.resolve(name + "-linux-x86_64.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip));
                Stream<Path> files = Files.walk(classes)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                FunctionZip.put(out, classes.relativize(each).toString(), Files.readAllBytes(each));
            }
            FunctionZip.put(out, "lib/core.jar", Files.readAllBytes(FunctionZip.core()));
            FunctionZip.put(out, name + ".txt", name.getBytes(StandardCharsets.UTF_8));
            FunctionZip.put(out, "shared.txt", shared.getBytes(StandardCharsets.UTF_8));
        }
        return zip;
    }

    private static FunctionResource function(String id, Path code, String mainClass) {
        return new FunctionResource(
                id,
                code,
                "any::handler",
                "java25",
                256,
                Duration.ofSeconds(20),
                512,
                Map.of("MAIN_CLASS", mainClass, "OWN", "of " + id),
                Optional.empty(),
                false,
                false);
    }

    private static InProcessFunctions open(FunctionResource... all) {
        return new InProcessFunctions(
                new Stack(List.of(all), List.of(), List.of(), List.of(), List.of(), List.of()),
                folder.resolve("cache"),
                folder.resolve("logs"),
                Map.of("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1"),
                4);
    }

    private void openBoth() {
        functions = open(function("One", first, "good"), function("Two", second, "good"));
    }

    @AfterEach
    void close() {
        if (functions != null) {
            functions.close();
        }
    }

    private String returned(String function, String event) throws InterruptedException {
        Invocation invocation = functions.invoke(function, Json.write(event));
        return new String(
                assertInstanceOf(Invocation.Returned.class, invocation).payload(),
                StandardCharsets.UTF_8);
    }

    @Test
    void functions_shareTheirClasses_butNotTheirVariables_andSeeNothingOfTheLocalCloud()
            throws InterruptedException {
        openBoth();

        String one = returned("One", "environment");
        String two = returned("perennial-Two", "environment");

        assertTrue(one.contains("OWN=of One") && one.contains("perennial-One"), one);
        assertTrue(two.contains("OWN=of Two"), two);
        assertTrue(two.contains("AWS_ENDPOINT_URL_S3=http://127.0.0.1:1"), two);
        assertEquals("true", returned("One", "loader"));
        assertEquals("unseen", returned("One", "local"));
    }

    @Test
    void clientsProperties_areSetWhileOpen_andPutBack() throws InterruptedException {
        openBoth();

        assertEquals("http://127.0.0.1:1 us-east-1", returned("One", "property"));
        functions.close();
        assertNull(System.getProperty("aws.endpointUrlS3"));
        assertThrows(
                InterruptedException.class, () -> functions.invoke("One", Json.write("again")));
    }

    @Test
    void exception_isReportedAsByAProcess() throws InterruptedException {
        openBoth();

        Invocation.FunctionError error =
                assertInstanceOf(
                        Invocation.FunctionError.class,
                        functions.invoke("One", Json.write("throw")));

        assertEquals(
                "dev.perennial.aws.FunctionApplication$OutOfStockException", error.errorType());
        assertEquals("no äpfel", error.errorMessage());
        assertFalse(Json.tree("body", error.body()).has("cause"));
        assertTrue(Json.tree("body", error.body()).path("stackTrace").size() > 0);
    }

    @Test
    void functionThatCannotBeMade_isAnErrorOfEachCall() throws InterruptedException {
        functions = open(function("Broken", first, "broken"));

        for (int call = 0; call < 2; call++) {
            Invocation.FunctionError error =
                    assertInstanceOf(
                            Invocation.FunctionError.class,
                            functions.invoke("Broken", Json.write("x")));
            assertEquals("BUCKET is not set", error.errorMessage());
        }
    }

    @Test
    void answerAboveLambdasLimit_isRefused() throws InterruptedException {
        openBoth();

        assertEquals(
                "Function.ResponseSizeTooLarge",
                assertInstanceOf(
                                Invocation.FunctionError.class,
                                functions.invoke("One", Json.write("large")))
                        .errorType());
    }

    @Test
    void whatIsLogged_goesToTheFunctionsOwnLog() throws Exception {
        openBoth();

        returned("One", "log");
        String log = Files.readString(folder.resolve("logs/One.log"));

        int said = log.indexOf("\nsaid it\nEND RequestId: ");
        assertTrue(said > log.indexOf("START RequestId: "), log);
    }

    @Test
    void thousandCallsAtOnce_openEachFunctionOnce_andMixNothingUp() throws Exception {
        openBoth();
        int before = Integer.parseInt(returned("One", "opened"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Invocation>> calls = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                byte[] event = Json.write("event " + i);
                String function = i % 2 == 0 ? "One" : "Two";
                calls.add(threads.submit(() -> functions.invoke(function, event)));
            }
            for (int i = 0; i < 1_000; i++) {
                assertArrayEquals(
                        Json.write("event " + i),
                        assertInstanceOf(Invocation.Returned.class, calls.get(i).get()).payload());
            }
        }
        assertEquals(before + 1, Integer.parseInt(returned("One", "opened")));
    }

    @Test
    void interruptedCaller_isToldSo() {
        openBoth();

        Thread.currentThread().interrupt();

        assertThrows(InterruptedException.class, () -> functions.invoke("One", Json.write("x")));
    }

    @Test
    void secondHost_isRefused_whileTheFirstIsOpen() {
        openBoth();

        assertThrows(IllegalStateException.class, () -> open(function("One", first, "good")));
    }

    @Test
    void zipsThatDisagree_areRefused_namingTheFile() throws IOException {
        Path other = zip("other", folder.resolve("classes"), "other");

        UncheckedIOException refused =
                assertThrows(
                        UncheckedIOException.class,
                        () ->
                                open(
                                        function("One", first, "good"),
                                        function("Other", other, "good")));

        assertTrue(refused.getMessage().contains("shared.txt"), refused.getMessage());
    }
}
