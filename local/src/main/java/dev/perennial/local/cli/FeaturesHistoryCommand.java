package dev.perennial.local.cli;

import dev.perennial.core.feature.Batch;
import dev.perennial.core.feature.EntityKey;
import dev.perennial.core.feature.OfflineStore;
import dev.perennial.core.feature.OnlineRow;
import dev.perennial.core.spec.FeatureView;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Every row of an entity. */
@Command(name = "history", description = "List what a view said of an entity, the oldest first.")
final class FeaturesHistoryCommand implements Callable<Integer> {
    @ParentCommand private FeaturesCommand features = new FeaturesCommand();

    @Spec private CommandSpec command;

    @Mixin private FeaturesCommand.Named named = new FeaturesCommand.Named();
    @Mixin private FeaturesCommand.Selection selection = new FeaturesCommand.Selection();

    @Override
    public Integer call() throws Exception {
        return FeatureStoreView.with(features.main(), RegistryView.ANY, this::list);
    }

    private int list(FeatureStoreView store) {
        FeatureView view = named.in(store).view();
        EntityKey entity =
                selection
                        .entity(view)
                        .orElseThrow(() ->
                                new WrongUsageException(
                                        "history of which entity? --key " + view.key()));
        List<Batch> batches = selection.batches(store, view);
        PrintWriter out = command.commandLine().getOut();
        List<OnlineRow> rows = new OfflineStore(store.artifacts()).history(view, batches, entity);
        for (OnlineRow row : rows) {
            List<String> values = new ArrayList<>();
            row.values()
                    .forEach((column, value) ->
                            values.add(
                                    column + " " + FeaturesShowCommand.shown(view, column, value)));
            out.printf("%-24s %s%n", row.at(), String.join(", ", values));
        }
        if (rows.isEmpty()) {
            out.printf("%s knows nothing of %s%n", view.name(), String.join(", ", entity.parts()));
        }
        return rows.isEmpty() ? Main.FAILED : Main.OK;
    }
}
