package dev.perennial.local.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.Stack;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParentKilledTest {
    /** The process that will be killed: invokes as often as there are events, then waits. */
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
                            Map.of(),
                            Optional.empty(),
                            false,
                            false);
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
                            _ -> Map.of(),
                            1);
            for (String event : List.of(arguments).subList(2, arguments.length)) {
                lambda.invoke("Orphan", event.getBytes(StandardCharsets.UTF_8));
            }
            System.out.println("idle");
            new java.util.concurrent.CountDownLatch(1).await();
        }
    }

    @TempDir Path folder;

    @Test
    void parentKilled_itsIdleWorkerEnds() throws Exception {
        worker(Process::destroyForcibly, false);
    }

    @Test
    void parentKilled_itsBusyWorkerEnds() throws Exception {
        worker(Process::destroyForcibly, true);
    }

    @Test
    void parentTerminated_itsBusyWorkerEnds() throws Exception {
        worker(Process::destroy, true);
    }

    private void worker(Consumer<Process> end, boolean busy) throws Exception {
        Path zip =
                FunctionZip.build(
                        folder,
                        "Orphan",
                        "",
                        """
                        String[] words = event.split(" ");
                        var socket = new java.net.Socket("127.0.0.1", Integer.parseInt(words[1]));
                        write(socket.getOutputStream(), ProcessHandle.current().pid() + "\\n");
                        while (words[0].equals("busy")) { Thread.onSpinWait(); }
                        """);
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        try (ServerSocket called = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process parent =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Djava.io.tmpdir=" + temporary,
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Parent.class.getName(),
                                    folder.toString(),
                                    zip.toString(),
                                    (busy ? "busy " : "idle ") + called.getLocalPort())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            try (Socket from = called.accept();
                    BufferedReader pid = reader(from.getInputStream());
                    BufferedReader out = reader(parent.getInputStream())) {
                ProcessHandle worker =
                        ProcessHandle.of(Long.parseLong(pid.readLine())).orElseThrow();
                if (!busy) {
                    assertEquals("idle", out.readLine());
                }
                try {
                    end.accept(parent);
                    worker.onExit().get(5, TimeUnit.SECONDS); // else it outlived its parent
                    parent.waitFor();
                    try (Stream<Path> left = Files.list(temporary)) {
                        assertEquals(List.of(), left.toList());
                    }
                } finally {
                    worker.destroyForcibly();
                }
            } finally {
                parent.destroyForcibly();
            }
        }
    }

    private static BufferedReader reader(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }
}
