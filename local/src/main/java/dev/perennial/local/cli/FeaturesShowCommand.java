package dev.perennial.local.cli;

import dev.perennial.core.feature.Batch;
import dev.perennial.core.feature.EntityKey;
import dev.perennial.core.feature.OfflineStore;
import dev.perennial.core.feature.OnlineRow;
import dev.perennial.core.json.Json;
import dev.perennial.core.spec.FeatureView;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A view's batches, or what it knows of an entity. */
@Command(
        name = "show",
        description =
                "Show a view's batches; with --key what it knows of an entity now, or knew then.")
final class FeaturesShowCommand implements Callable<Integer> {
    private static final int SHOWN = 20;

    @ParentCommand private FeaturesCommand features = new FeaturesCommand();

    @Spec private CommandSpec command;

    @Mixin private FeaturesCommand.Named named = new FeaturesCommand.Named();
    @Mixin private FeaturesCommand.Selection selection = new FeaturesCommand.Selection();

    @Option(names = "--json", description = "Print the manifests.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        return FeatureStoreView.with(features.main(), RegistryView.ANY, this::show);
    }

    private int show(FeatureStoreView store) {
        FeatureView view = named.in(store).view();
        Optional<EntityKey> entity = selection.entity(view);
        PrintWriter out = command.commandLine().getOut();
        if (entity.isPresent()) {
            return entity(store, view, entity.get(), out);
        }
        List<Batch> batches = selection.batches(store, view);
        if (json) {
            out.println(new String(Json.pretty(batches), StandardCharsets.UTF_8));
            return Main.OK;
        }
        out.printf(
                Locale.ROOT,
                "%s by %s: %,d rows in %,d batches, %,d rows left out%n",
                view.name(),
                String.join(", ", view.key()),
                batches.stream().mapToLong(Batch::rows).sum(),
                batches.size(),
                batches.stream().mapToLong(Batch::badRows).sum());
        if (!batches.isEmpty()) {
            out.printf(
                    "%-20s  %-12s  %12s  %8s  %8s  %-41s  %s%n",
                    "INGESTED", "BATCH", "ROWS", "LEFT OUT", "REPEATED", "EVENT TIMES", "FILES");
        }
        batches.stream()
                .skip(Math.max(0, batches.size() - SHOWN))
                .forEach(batch -> print(out, batch));
        return Main.OK;
    }

    private static void print(PrintWriter out, Batch batch) {
        String files =
                batch.sources().isEmpty()
                        ? ""
                        : batch.sources().getFirst().name()
                                + (batch.sources().size() > 1
                                        ? " and %,d more".formatted(batch.sources().size() - 1)
                                        : "");
        out.printf(
                Locale.ROOT,
                "%-20s  %-12s  %,12d  %,8d  %,8d  %-41s  %s%n",
                seconds(batch.ingestedAt()),
                batch.id().abbreviated(),
                batch.rows(),
                batch.badRows(),
                batch.repeated(),
                batch.parts().stream()
                                .map(Batch.Part::from)
                                .min(Comparator.naturalOrder())
                                .map(FeaturesShowCommand::seconds)
                                .orElse("")
                        + "/"
                        + batch.parts().stream()
                                .map(Batch.Part::to)
                                .max(Comparator.naturalOrder())
                                .map(FeaturesShowCommand::seconds)
                                .orElse(""),
                files);
    }

    private static String seconds(Instant moment) {
        return moment.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
    }

    private int entity(
            FeatureStoreView store, FeatureView view, EntityKey entity, PrintWriter out) {
        Optional<OnlineRow> row =
                selection
                        .asOf()
                        .map(moment -> then(store, view, entity, moment))
                        .orElseGet(() ->
                                Optional.ofNullable(
                                        store.online()
                                                .get(view.name(), List.of(entity))
                                                .get(entity)));
        Instant moment = selection.asOf().orElseGet(InstantSource.system()::instant);
        row = row.filter(each -> each.livesAt(moment));
        if (row.isEmpty()) {
            out.printf("%s knows nothing of %s%n", view.name(), String.join(", ", entity.parts()));
            return Main.FAILED;
        }
        OnlineRow found = row.get();
        out.printf(
                "%s of %s, since %s (%s)%n",
                view.name(),
                String.join(", ", entity.parts()),
                found.at(),
                age(Duration.between(found.at(), moment)));
        found.values()
                .forEach((column, value) ->
                        out.printf("  %-24s %s%n", column, shown(view, column, value)));
        return Main.OK;
    }

    private Optional<OnlineRow> then(
            FeatureStoreView store, FeatureView view, EntityKey entity, Instant moment) {
        return new OfflineStore(store.artifacts())
                .history(view, selection.batches(store, view), entity).stream()
                        .filter(row -> !row.at().isAfter(moment))
                        .reduce((_, later) -> later);
    }

    /** A value of a column as a terminal may show it. */
    static String shown(
            FeatureView view, String column, @org.jspecify.annotations.Nullable Object value) {
        if (value == null) {
            return "(missing)";
        }
        return view.personalColumns().contains(column)
                ? "(personal)"
                : value.toString().replaceAll("\\p{Cntrl}", "�");
    }

    private static String age(Duration age) {
        return age.toDays() > 0
                ? "%,d days ago".formatted(age.toDays())
                : age.toHours() > 0
                        ? "%d hours ago".formatted(age.toHours())
                        : "%d minutes ago".formatted(age.toMinutes());
    }
}
