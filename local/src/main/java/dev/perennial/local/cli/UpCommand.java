package dev.perennial.local.cli;

import dev.perennial.core.store.Keys;
import dev.perennial.local.Home;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.live.LiveFiles;
import dev.perennial.local.template.Stack;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code perennial up}: the local cloud stays up and answers. */
@Command(
        name = "up",
        description =
                "Keep the local cloud up: predict and feedback answer on loopback URLs, schedules fire, until Ctrl-C.")
final class UpCommand implements Callable<Integer> {
    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec command;

    @Option(
            names = "--pipeline",
            required = true,
            paramLabel = "SPEC",
            description = "The pipeline spec.")
    private Path pipeline = Path.of("");

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Where predict listens on 127.0.0.1 (default: any free port).")
    private int port;

    @Option(
            names = "--data",
            paramLabel = "FILE_OR_DIR",
            description = "Rows to train on, put into the store for the runs to come.")
    private @Nullable Path data;

    @Override
    public Integer call() throws Exception {
        SpecFile spec = SpecFile.read(pipeline);
        Optional<UserData> rows = data == null ? Optional.empty() : Optional.of(UserData.at(data));
        PrintWriter err = command.commandLine().getErr();
        Stack stack = Project.stack(spec.spec());
        main.sayNotEnforced(stack, err);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    interrupted.countDown();
                                    await(closed);
                                },
                                "ctrl-c"));
        try {
            serve(spec, rows, stack, interrupted, err);
            sayWaiting(err);
        } finally {
            closed.countDown();
        }
        return Main.OK;
    }

    private void serve(
            SpecFile spec,
            Optional<UserData> rows,
            Stack stack,
            CountDownLatch interrupted,
            PrintWriter err)
            throws Exception {
        try (Home home = Home.take(main.home());
                LocalCloud cloud =
                        LocalCloud.open(
                                home,
                                stack,
                                InstantSource.system(),
                                new Progress(err, command.commandLine().getColorScheme()))) {
            String name = spec.spec().name();
            cloud.artifacts()
                    .replace(
                            Keys.spec(name),
                            spec.yaml().getBytes(StandardCharsets.UTF_8),
                            "application/yaml");
            if (rows.isPresent()) {
                rows.get().replace(cloud.artifacts(), name);
            }
            command.commandLine().getOut().println(cloud.up(name, port).predict());
            command.commandLine().getOut().flush();
            err.println(
                    "predict answers there; schedules, queues and alarms work. In another terminal:");
            for (String each :
                    List.of(
                            "predict --data ROWS.csv",
                            "feedback --data LABELS.csv",
                            "trigger --reason WHY",
                            "status",
                            "rollback")) {
                err.println("  " + main.hint(each));
            }
            err.println("Ctrl-C ends it; state is in " + home.folder());
            err.flush();
            interrupted.await();
        }
    }

    private void sayWaiting(PrintWriter err) {
        LiveFiles.of(main.home())
                .waiting()
                .forEach((queue, messages) ->
                        err.printf("Kept in %s: %,d waiting.%n", queue, messages));
        err.flush();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }
}
