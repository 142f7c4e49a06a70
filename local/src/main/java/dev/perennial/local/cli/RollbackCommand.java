package dev.perennial.local.cli;

import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.trigger.EventBus;
import dev.perennial.core.trigger.EventNotSentException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code perennial rollback}: another version serves, within seconds and without a deployment. */
@Command(
        name = "rollback",
        description = "Make an earlier version champion again; callers get it within seconds.")
final class RollbackCommand implements Callable<Integer> {
    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec command;

    @Parameters(
            paramLabel = "VERSION",
            arity = "0..1",
            description = "Which one (default: the champion before this one).")
    private @Nullable Integer version;

    @Option(
            names = "--pipeline",
            paramLabel = "NAME",
            description = "Of which pipeline (default: the only one).")
    private @Nullable String pipeline;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "rolled back",
            description = "What the history says (default: ${DEFAULT-VALUE}).")
    private String reason = "";

    @Override
    public Integer call() throws Exception {
        return RegistryView.with(main, this::rollBack);
    }

    /** What {@code perennial.model.promoted} says of it. */
    private record Detail(
            String pipeline,
            int version,
            int previousVersion,
            int revision,
            String by,
            String reason) {}

    private int rollBack(ModelRegistry registry, EventBus events) {
        String name = RegistryView.pipeline(main, registry, pipeline);
        List<Alias> history = registry.history(name, Alias.CHAMPION);
        if (history.isEmpty()) {
            throw new WrongUsageException(name + " has no champion yet");
        }
        Alias champion = history.getLast();
        int target =
                version == null
                        ? ModelRegistry.championToGoBackTo(history)
                                .orElseThrow(() ->
                                        new WrongUsageException(
                                                "version %d is the first champion of %s; there is none before it"
                                                        .formatted(champion.version(), name)))
                        : RegistryView.version(main, registry, name, version).version();
        if (target == champion.version()) {
            command.commandLine()
                    .getOut()
                    .printf("Version %d of %s is champion already.%n", target, name);
            return Main.OK;
        }
        String by = System.getProperty("user.name", "somebody");
        Alias now =
                registry.point(
                        name,
                        Alias.CHAMPION,
                        target,
                        champion.revision(),
                        InstantSource.system().instant(),
                        by,
                        "",
                        reason);
        command.commandLine()
                .getOut()
                .printf(
                        "Version %d of %s is champion, in place of version %d; callers get it within seconds.%n",
                        target, name, champion.version());
        try {
            events.send(
                    "perennial.model.promoted",
                    new Detail(name, target, champion.version(), now.revision(), by, reason));
        } catch (EventNotSentException lost) { // nothing depends on it
            command.commandLine().getErr().println(lost.getMessage());
        }
        return Main.OK;
    }
}
