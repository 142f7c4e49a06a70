package dev.perennial.local.cli;

import dev.perennial.core.json.Json;
import dev.perennial.local.Home;
import dev.perennial.local.Hosting;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.replay.Policy;
import dev.perennial.local.replay.ReplayFiles;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    /** A stretch in which the first champion slips. */
    private static final Instant LIVE_FROM = Instant.parse("1996-08-01T00:00:00Z");

    private static final Instant LIVE_UNTIL = Instant.parse("1997-01-01T00:00:00Z");

    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec command;

    @Option(names = "--json", description = "Print both run.json and replay.json instead of words.")
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
        List<FactoryRun.Result> runs;
        int code;
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
            if (!json) {
                second.print(out);
                if (second.document().hasNonNull("championAfter")) {
                    out.printf(
                            "  %-14s %s%n",
                            "registry",
                            main.hint("show " + second.document().path("championAfter").asInt()));
                }
                out.printf(Locale.ROOT, "Two runs in %.1f s%n", (System.nanoTime() - begin) / 1e9);
                out.flush();
            }
            runs = List.of(first, second);
            code = exitCode(first, true);
            code = code == Main.OK ? exitCode(second, again) : code;
        }
        err.println(
                "Now the loop: five months of live traffic, replayed. The champion slips, the alarm fires, the factory runs:");
        Path folder = main.home().resolve("replay");
        ReplayFiles.Summary replay =
                new Comparison(main.home().resolve("packages"), Hosting.THIS_JVM, err)
                        .of(
                                SpecFile.read(root.resolve("pipelines/electricity-live.yaml")),
                                rows,
                                LIVE_FROM,
                                Optional.of(LIVE_UNTIL),
                                List.of(Policy.ALARMS, Policy.NEVER),
                                folder);
        if (json) {
            out.println(
                    new String(
                            Json.write(
                                    Map.of(
                                            "runs",
                                            runs.stream().map(FactoryRun.Result::document).toList(),
                                            "replay",
                                            replay)),
                            StandardCharsets.UTF_8));
        } else {
            Comparison.print(out, replay, folder);
            out.printf(Locale.ROOT, "All of it in %.1f s%n", (System.nanoTime() - begin) / 1e9);
        }
        return code;
    }

    private static int exitCode(FactoryRun.Result run, boolean mayBeRejected) {
        return mayBeRejected && run.exitCode() == Main.GATES_REJECTED ? Main.OK : run.exitCode();
    }
}
