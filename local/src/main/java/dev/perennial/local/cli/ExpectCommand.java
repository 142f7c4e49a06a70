package dev.perennial.local.cli;

import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.SpecDraft;
import dev.perennial.core.table.ReadTable;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.TableReader;
import dev.perennial.core.validation.Expectation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Constraints that data suggests, to be kept in a spec or view. */
@Command(
        name = "expect",
        description = {
            "Propose limits for a spec's features, or a view's columns, from data that is right.",
            "Lines that would change are marked; read them and keep what is right. Exit 3: something would change."
        })
final class ExpectCommand implements Callable<Integer> {

    @Spec private CommandSpec command;

    @Parameters(paramLabel = "SPEC", description = "A pipeline spec, or a feature view.")
    private Path file = Path.of("");

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE_OR_DIR",
            description = "A .csv or .parquet file, or a folder of them.")
    private Path data = Path.of("");

    /**
     * What is read and said.
     *
     * @param block of the file that lists the columns
     */
    private record Asked(String block, Schema schema, List<FeatureSpec> columns) {}

    @Override
    public Integer call() throws Exception {
        Asked asked = asked();
        TableReader reader = new TableReader(asked.schema());
        for (Map.Entry<String, Path> each : UserData.at(data).files().entrySet()) {
            reader.add(each.getValue(), each.getKey());
        }
        ReadTable read = reader.finish();
        if (read.table().rows() == 0) {
            throw new WrongUsageException(data + " has no readable row to look at");
        }
        List<Expectation> expectations =
                Expectation.of(asked.columns(), TableProfile.of(read.table()));
        print(asked, read, expectations);
        return expectations.stream().anyMatch(Expectation::changes) ? Main.GATES_REJECTED : Main.OK;
    }

    private Asked asked() {
        if (isView()) {
            var view = ViewFile.read(file).view();
            return new Asked("columns", view.schema(), view.columns());
        }
        var spec = SpecFile.read(file).spec();
        return new Asked(
                "features",
                spec.dataSchema(),
                spec.features().stream()
                        .filter(feature -> !spec.isOfView(feature.name()))
                        .toList());
    }

    /** A view lists columns where a spec lists features. */
    private boolean isView() {
        try {
            return Files.readString(file).lines().anyMatch(line -> line.startsWith("columns:"));
        } catch (IOException unreadable) {
            return false; // said by whoever reads it
        }
    }

    private void print(Asked asked, ReadTable read, List<Expectation> expectations) {
        PrintWriter out = command.commandLine().getOut();
        long changes = expectations.stream().filter(Expectation::changes).count();
        out.printf(
                Locale.ROOT,
                "# Of %,d rows in %s%s. %s%n",
                read.table().rows(),
                data,
                read.badRowCount() == 0
                        ? ""
                        : ", %,d more can't be read".formatted(read.badRowCount()),
                changes == 0
                        ? "They are as the spec has them."
                        : "+ is what they suggest in place of -; read it, and keep what is right.");
        out.printf("%s:%n", asked.block());
        for (Expectation each : expectations) {
            if (each.changes()) {
                out.printf("-   - %s%n", SpecDraft.line(each.present()));
                out.printf(
                        "+   - %s # %s%n",
                        SpecDraft.line(each.proposed()), String.join(", ", each.reasons()));
            } else {
                out.printf("    - %s%n", SpecDraft.line(each.present()));
            }
        }
    }
}
