package dev.perennial.local.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
        URI target = url == null ? CloudView.running(main).predict() : url;
        String type =
                data.toString().toLowerCase(Locale.ROOT).endsWith(".csv")
                        ? "text/csv"
                        : "application/json";
        if (!Files.isReadable(data)) {
            throw new WrongUsageException("--data %s can't be read".formatted(data));
        }
        Posting answer = Posting.to(target, type, Files.readAllBytes(data));
        command.commandLine().getOut().println(answer.body());
        return answer.exitCode();
    }
}
