package dev.perennial.local.cli;

import dev.perennial.core.json.Json;
import dev.perennial.local.Home;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.lambda.InvocationReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** One function from its zip, as {@code sam local invoke} without Docker. */
@Command(
        name = "invoke",
        description = "Run one function from its zip under AWS's own runtime client.")
final class InvokeCommand implements Callable<Integer> {
    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec command;

    @Parameters(
            paramLabel = "STEP",
            description = "Such as retrieve, or its logical id in the template.")
    private String step = "";

    @Option(
            names = "--event",
            required = true,
            paramLabel = "FILE",
            description = "The event, JSON; see events/.")
    private Path event = Path.of("");

    @Override
    public Integer call() throws Exception {
        byte[] payload = read(event);
        Json.tree(event.toString(), payload);
        String function =
                step.endsWith("Function")
                        ? step
                        : step.substring(0, 1).toUpperCase(java.util.Locale.ROOT)
                                + step.substring(1)
                                + "Function";
        try (Home home = Home.take(main.home());
                LocalCloud cloud =
                        LocalCloud.open(
                                home,
                                Project.stack("electricity"),
                                InstantSource.system(),
                                (_, _) -> {})) {
            Invocation invocation = cloud.invoke(function, payload);
            PrintWriter out = command.commandLine().getOut();
            PrintWriter err = command.commandLine().getErr();
            InvocationReport report = invocation.report();
            err.printf(
                    "%s: %d ms, start-up %d ms, %d of %d MB; log in %s%n",
                    function,
                    report.durationMillis(),
                    report.initMillis(),
                    report.maxMemoryUsedMegabytes(),
                    report.memoryMegabytes(),
                    home.logs());
            return switch (invocation) {
                case Invocation.Returned returned -> {
                    out.println(new String(returned.payload(), StandardCharsets.UTF_8));
                    yield Main.OK;
                }
                case Invocation.FunctionError failed -> {
                    out.println(new String(failed.body(), StandardCharsets.UTF_8));
                    err.println(failed.errorType() + ": " + failed.errorMessage());
                    yield Main.FAILED;
                }
            };
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException failed) {
            throw new WrongUsageException(file + " can't be read; is the path right?");
        }
    }
}
