package dev.perennial.local.cli;

import dev.perennial.core.json.Json;
import dev.perennial.core.run.FailureCause;
import dev.perennial.local.lambda.InvokeApi;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code perennial trigger}: a person wants a run. */
@Command(
        name = "trigger",
        description =
                "Ask the cloud that is up for a run; it says why if it declines. Exit 3: declined.")
final class TriggerCommand implements Callable<Integer> {
    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec command;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "wanted",
            description = "What the decision's record says (default: ${DEFAULT-VALUE}).")
    private String reason = "";

    @Override
    public Integer call() throws Exception {
        byte[] event =
                Json.write(
                        Map.of(
                                "trigger",
                                "person",
                                "time",
                                InstantSource.system().instant().toString(),
                                "token",
                                UUID.randomUUID().toString(),
                                "who",
                                System.getProperty("user.name", "somebody"),
                                "why",
                                reason));
        Posting answer =
                Posting.to(
                        CloudView.running(main).invoke().resolve(InvokeApi.path("TriggerFunction")),
                        "application/json",
                        event);
        if (answer.exitCode() != Main.OK) {
            command.commandLine().getErr().println(FailureCause.sentence(answer.body()));
            return answer.exitCode();
        }
        JsonNode decision =
                Json.tree("the decision", answer.body().getBytes(StandardCharsets.UTF_8));
        boolean starts = decision.hasNonNull("run");
        command.commandLine()
                .getOut()
                .println(
                        starts
                                ? "Run %s starts.".formatted(decision.path("run").asString())
                                : "No run: %s.".formatted(decision.path("reason").asString()));
        return starts ? Main.OK : Main.GATES_REJECTED;
    }
}
