package dev.perennial.local.cli;

import dev.perennial.local.Home;
import dev.perennial.local.LocalCloud;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The shipped example: a first champion on half the history, a challenger on all of it. */
@Command(
        name = "demo",
        description =
                "Run the electricity pipeline twice: on half of its history, then on all of it.")
final class DemoCommand implements Callable<Integer> {
    private static final Instant HALF = Instant.parse("1997-08-21T00:00:00Z");

    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec command;

    @Option(names = "--json", description = "Print both run.json instead of words.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Path root = Project.root();
        SpecFile spec = SpecFile.read(root.resolve("pipelines/electricity.yaml"));
        UserData rows = UserData.at(root.resolve("data/electricity.csv"));
        InstantSource clock = InstantSource.system();
        PrintWriter err = command.commandLine().getErr();
        PrintWriter out = command.commandLine().getOut();
        long begin = System.nanoTime();
        try (Home home = Home.take(main.home());
                LocalCloud cloud =
                        LocalCloud.open(
                                home,
                                Project.stack(spec.spec()),
                                clock,
                                new Progress(err, command.commandLine().getColorScheme()))) {
            FactoryRun factory = new FactoryRun(home, cloud, clock);
            err.println("The local cloud is up; state is in " + home.folder());
            err.println("First half of the history:");
            FactoryRun.Result first =
                    factory.run(FactoryRun.Request.of(spec, rows, Optional.of(HALF)));
            err.println(first.status() + ": " + first.document().path("reason").asString(""));
            boolean again = first.document().hasNonNull("championBefore");
            if (again) {
                err.printf(
                        "A model of an earlier demo is champion, and no run has newer data; to see a first champion again, remove %s%n",
                        home.folder());
            }
            err.println("All of it:");
            FactoryRun.Result second =
                    factory.run(FactoryRun.Request.of(spec, rows, Optional.empty()));
            err.println(second.status() + ": " + second.document().path("reason").asString(""));
            if (json) {
                out.println("[" + String.join(",", List.of(first.json(), second.json())) + "]");
            } else {
                second.print(out);
                if (second.document().hasNonNull("championAfter")) {
                    out.printf(
                            "  %-14s scripts/perennial show %d%n",
                            "registry", second.document().path("championAfter").asInt());
                }
                out.printf(Locale.ROOT, "Two runs in %.1f s%n", (System.nanoTime() - begin) / 1e9);
            }
            int code = exitCode(first, true);
            return code == Main.OK ? exitCode(second, again) : code;
        }
    }

    private static int exitCode(FactoryRun.Result run, boolean mayBeRejected) {
        return mayBeRejected && run.exitCode() == Main.GATES_REJECTED ? Main.OK : run.exitCode();
    }
}
