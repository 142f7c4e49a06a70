package dev.perennial.local.cli;

import dev.perennial.local.Home;
import dev.perennial.local.LocalCloud;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code perennial up}: the local cloud stays up and answers. */
@Command(
        name = "up",
        description =
                "Keep the local cloud up: the champion answers on a loopback URL until Ctrl-C.")
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

    @Override
    public Integer call() throws Exception {
        SpecFile spec = SpecFile.read(pipeline);
        PrintWriter err = command.commandLine().getErr();
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
        try (Home home = Home.take(main.home());
                LocalCloud cloud =
                        LocalCloud.open(
                                home,
                                Project.stack(spec.spec()),
                                InstantSource.system(),
                                new Progress(err, command.commandLine().getColorScheme()))) {
            command.commandLine().getOut().println(cloud.up(port).predict());
            command.commandLine().getOut().flush();
            err.println("predict answers there; try: scripts/perennial predict --data ROWS.csv");
            err.println("Ctrl-C ends it; state is in " + home.folder());
            err.flush();
            interrupted.await();
        } finally {
            closed.countDown();
        }
        return Main.OK;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }
}
