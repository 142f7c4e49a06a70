package dev.perennial.local.cli;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code perennial feedback}: labels that came late. */
@Command(
        name = "feedback",
        description =
                "Send labels to the cloud that is up: CSV with the columns id and label (or the label's own name), or with time, key and label as in a history file; or JSON.")
final class FeedbackCommand implements Callable<Integer> {
    /** Rows in one request. */
    private static final int MOST = 1_000;

    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec command;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE",
            description =
                    "CSV of any length, no line breaks within cells; or JSON of 1,000 labels.")
    private Path data = Path.of("");

    @Override
    public Integer call() throws Exception {
        if (!Files.isReadable(data)) {
            throw new WrongUsageException("--data %s can't be read".formatted(data));
        }
        boolean csv = data.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
        List<byte[]> parts =
                csv ? parts(Files.readAllLines(data)) : List.of(Files.readAllBytes(data));
        URI feedback = CloudView.running(main).feedback();
        int sent = 0;
        for (byte[] part : parts) {
            Posting answer = Posting.to(feedback, csv ? "text/csv" : "application/json", part);
            command.commandLine().getOut().println(answer.body());
            if (answer.exitCode() != Main.OK) {
                if (sent > 0) {
                    command.commandLine()
                            .getErr()
                            .printf(
                                    "The %,d labels before line %,d were taken.%n",
                                    sent * MOST, sent * MOST + 2);
                }
                return answer.exitCode();
            }
            sent++;
        }
        return Main.OK;
    }

    private static List<byte[]> parts(List<String> lines) {
        List<byte[]> parts = new ArrayList<>();
        for (int from = 1; from < Math.max(2, lines.size()); from += MOST) {
            List<String> part = new ArrayList<>(lines.subList(0, Math.min(1, lines.size())));
            part.addAll(
                    lines.subList(
                            Math.min(from, lines.size()), Math.min(lines.size(), from + MOST)));
            parts.add((String.join("\n", part) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return parts;
    }
}
