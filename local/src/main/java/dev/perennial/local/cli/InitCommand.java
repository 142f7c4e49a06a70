package dev.perennial.local.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Writes a first spec for a file. */
@Command(
        name = "init",
        description = "Look at a data file and write a commented first spec for it.")
final class InitCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return Main.OK;
    }
}
