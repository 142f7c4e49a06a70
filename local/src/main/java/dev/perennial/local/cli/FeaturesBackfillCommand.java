package dev.perennial.local.cli;

import dev.perennial.core.feature.Ingested;
import dev.perennial.core.json.Json;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Fills the online store from the offline store. */
@Command(
        name = "backfill",
        description =
                "Fill the online store with what the offline store knows: after it was lost, or timeToLive grew.")
final class FeaturesBackfillCommand implements Callable<Integer> {
    @ParentCommand private FeaturesCommand features = new FeaturesCommand();

    @Spec private CommandSpec command;

    @Mixin private FeaturesCommand.Named named = new FeaturesCommand.Named();

    @Override
    public Integer call() throws Exception {
        return FeatureStoreView.with(
                features.main(),
                RegistryView.ANY,
                store -> {
                    ViewFile view = named.in(store);
                    view.declare(store.artifacts());
                    byte[] answer =
                            store.functions()
                                    .invoke(
                                            "IngestFunction",
                                            Json.write(
                                                    Map.of(
                                                            "view",
                                                            view.view().name(),
                                                            "backfill",
                                                            true)));
                    Ingested filled = Json.read("the answer", answer, Ingested.class);
                    command.commandLine()
                            .getOut()
                            .printf(
                                    Locale.ROOT,
                                    "%s: looked at %,d rows, put %,d into the online store%n",
                                    filled.view(),
                                    filled.rows(),
                                    filled.online());
                    return Main.OK;
                });
    }
}
