package dev.perennial.local.cli;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.local.Home;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.lambda.InvocationReport;
import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.Stack;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

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

    @Option(
            names = "--pipeline",
            paramLabel = "NAME",
            description = "Whose stack (default: the event's own, or the only one).")
    private @Nullable String pipeline;

    @Override
    public Integer call() throws Exception {
        byte[] payload = read(event);
        String function = function();
        Stack stack = Project.stack(pipeline(payload));
        try (Home home = Home.take(main.home());
                LocalCloud cloud =
                        LocalCloud.open(home, stack, InstantSource.system(), (_, _) -> {})) {
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

    /** Its logical id, which is the same in every pipeline's stack. */
    private String function() {
        List<String> known =
                Project.stack(RegistryView.ANY).functions().stream()
                        .map(FunctionResource::logicalId)
                        .toList();
        return known.stream()
                .filter(each -> each.equals(step) || each.equalsIgnoreCase(step + "Function"))
                .findFirst()
                .orElseThrow(() ->
                        new WrongUsageException(
                                "no step '%s'; the template has %s"
                                        .formatted(step, String.join(", ", known))));
    }

    private String pipeline(byte[] payload) throws Exception {
        JsonNode named = Json.tree(event.toString(), payload).path("pipeline");
        if (pipeline == null && named.isString()) {
            return named.asString();
        }
        return RegistryView.with(main, registry -> RegistryView.pipeline(main, registry, pipeline));
    }

    private static byte[] read(Path file) {
        try {
            byte[] event = Files.readAllBytes(file);
            Json.tree(file.toString(), event);
            return event;
        } catch (MalformedJsonException broken) {
            throw new WrongUsageException("the event is no JSON: " + broken.getMessage());
        } catch (IOException failed) {
            throw new WrongUsageException(file + " can't be read; is the path right?");
        }
    }
}
