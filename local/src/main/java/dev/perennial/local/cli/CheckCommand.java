package dev.perennial.local.cli;

import dev.perennial.core.spec.PipelineSpec;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says whether a spec is right. */
@Command(
        name = "check",
        description =
                "Is the spec right? Names file, line, key, what was found and what was expected.")
final class CheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SPEC", description = "The pipeline spec.")
    private Path file = Path.of("");

    @Spec private CommandSpec command;

    @Override
    public Integer call() {
        PipelineSpec spec = SpecFile.read(file).spec();
        command.commandLine()
                .getOut()
                .printf(
                        "%s is right: %s, %s, %d features, %d gates%n",
                        file,
                        spec.name(),
                        spec.task().name().toLowerCase(java.util.Locale.ROOT),
                        spec.features().size(),
                        spec.gates().size());
        return Main.OK;
    }
}
