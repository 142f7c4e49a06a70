package dev.perennial.local.cli;

import dev.perennial.local.RunningCloud;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code perennial predict}: asks the champion of a local cloud that is up. */
@Command(name = "predict", description = "Ask the model that 'perennial up' serves.")
final class PredictCommand implements Callable<Integer> {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec command;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE",
            description = "Up to 1,000 rows: a CSV file, or JSON as {\"rows\": [{…}]}.")
    private Path data = Path.of("");

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Where to ask (default: the local cloud of this home that is up).")
    private @Nullable URI url;

    @Override
    public Integer call() throws Exception {
        URI target = url == null ? running() : url;
        String type =
                data.toString().toLowerCase(Locale.ROOT).endsWith(".csv")
                        ? "text/csv"
                        : "application/json";
        if (!Files.isReadable(data)) {
            throw new WrongUsageException("--data %s can't be read".formatted(data));
        }
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> response =
                    client.send(
                            HttpRequest.newBuilder(target)
                                    .timeout(LONGEST)
                                    .header("content-type", type)
                                    .POST(HttpRequest.BodyPublishers.ofFile(data))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            command.commandLine().getOut().println(response.body());
            boolean refused = response.statusCode() >= 400 && response.statusCode() < 500;
            return response.statusCode() == 200 ? Main.OK : refused ? Main.USAGE : Main.FAILED;
        }
    }

    private URI running() {
        return RunningCloud.of(main.home())
                .map(RunningCloud::predict)
                .orElseThrow(() ->
                        new WrongUsageException(
                                "no local cloud of %s is up; start one with: perennial up --pipeline SPEC"
                                        .formatted(main.home())));
    }
}
