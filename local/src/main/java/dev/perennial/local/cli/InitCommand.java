package dev.perennial.local.cli;

import dev.perennial.core.spec.SpecDraft;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.table.RawTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Writes a first spec for a file. */
@Command(
        name = "init",
        description = "Look at a data file and write a commented first spec for it.")
final class InitCommand implements Callable<Integer> {
    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec command;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE",
            description = "A CSV or Parquet file.")
    private Path data = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "SPEC",
            description = "Where to write (default: standard output).")
    private @Nullable Path out;

    @Override
    public Integer call() throws Exception {
        UserData files = UserData.at(data);
        Path first = files.files().values().iterator().next();
        String draft = SpecDraft.of(String.valueOf(first.getFileName()), RawTable.read(first));
        SpecReader.read(
                "the draft",
                draft); // a draft that isn't a right spec would be our fault: say so here
        if (out == null) {
            command.commandLine().getOut().print(draft);
        } else {
            if (Files.exists(out)) {
                throw new WrongUsageException(out + " exists; remove it or choose another --out");
            }
            Files.writeString(out, draft);
            command.commandLine()
                    .getErr()
                    .printf(
                            "%s written; read its comments, then: %s%n",
                            out, main.hint("run --pipeline %s --data %s".formatted(out, data)));
        }
        return Main.OK;
    }
}
