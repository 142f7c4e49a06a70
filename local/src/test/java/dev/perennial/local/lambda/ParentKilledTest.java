package dev.perennial.local.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.Stack;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParentKilledTest {
    /** The process that will be killed: invokes once, prints the worker's process id, waits. */
    static final class Parent {
        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            FunctionResource function =
                    new FunctionResource(
                            "Orphan",
                            Path.of(arguments[1]),
                            "demo.Orphan::handleRequest",
                            "java25",
                            256,
                            Duration.ofSeconds(20),
                            512,
                            Map.of());
            LambdaService lambda =
                    new LambdaService(
                            new Stack(
                                    List.of(function),
                                    List.of(),
                                    List.of(),
                                    List.of(),
                                    List.of(),
                                    List.of()),
                            folder.resolve("cache"),
                            folder.resolve("logs"),
                            Map.of(),
                            1);
            var answer = (Invocation.Returned) lambda.invoke("Orphan", new byte[] {'1'});
            System.out.println(new String(answer.payload(), StandardCharsets.UTF_8));
            new java.util.concurrent.CountDownLatch(1).await();
        }
    }

    @TempDir Path folder;

    @Test
    void parentKilled_itsWorkersEnd() throws Exception {
        assertTrue(endsWith("kill"), "the worker outlived its killed parent");
    }

    @Test
    void parentTerminated_itsWorkersEnd() throws Exception {
        assertTrue(endsWith("terminate"), "the worker outlived its terminated parent");
    }

    private boolean endsWith(String way) throws Exception {
        Path zip =
                FunctionZip.build(
                        folder, "Orphan", "", "write(out, ProcessHandle.current().pid() + \"\");");
        Process parent =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Parent.class.getName(),
                                folder.toString(),
                                zip.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
            ProcessHandle worker = ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
            assertEquals(true, worker.isAlive());
            if (way.equals("kill")) {
                parent.destroyForcibly();
            } else {
                parent.destroy();
            }
            try {
                worker.onExit().get(10, TimeUnit.SECONDS);
                return true;
            } catch (java.util.concurrent.TimeoutException late) {
                worker.destroyForcibly();
                return false;
            }
        } finally {
            parent.destroyForcibly();
        }
    }
}
