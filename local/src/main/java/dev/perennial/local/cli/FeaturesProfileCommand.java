package dev.perennial.local.cli;

import dev.perennial.core.feature.Batch;
import dev.perennial.core.feature.OfflineStore;
import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.FeatureView;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What a view's columns hold. */
@Command(name = "profile", description = "Profile a view's columns over all of its rows.")
final class FeaturesProfileCommand implements Callable<Integer> {
    /** Rows in memory at a time. */
    private static final int PIECE = 500_000;

    private static final int BINS = 16;
    private static final String BARS = " ▁▂▃▄▅▆▇█";

    @ParentCommand private FeaturesCommand features = new FeaturesCommand();

    @Spec private CommandSpec command;

    @Mixin private FeaturesCommand.Named named = new FeaturesCommand.Named();
    @Mixin private FeaturesCommand.Selection selection = new FeaturesCommand.Selection();

    @Option(names = "--json", description = "Print the profile.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        return FeatureStoreView.with(features.main(), RegistryView.ANY, this::show);
    }

    private int show(FeatureStoreView store) {
        FeatureView view = named.in(store).view();
        if (selection.entity(view).isPresent()) {
            throw new WrongUsageException("a profile is of all entities; history is of one");
        }
        PrintWriter out = command.commandLine().getOut();
        List<TableProfile> profiles = new ArrayList<>();
        OfflineStore offline = new OfflineStore(store.artifacts());
        for (Batch batch : selection.batches(store, view)) {
            for (Batch.Part part : batch.parts()) {
                offline.read(
                        view, batch, part, PIECE, piece -> profiles.add(TableProfile.of(piece)));
            }
        }
        if (profiles.isEmpty()) {
            out.printf("%s has no rows%n", view.name());
            return Main.FAILED;
        }
        TableProfile profile = TableProfile.merge(profiles);
        if (json) {
            out.println(
                    new String(
                            profile.without(view.personalColumns()).toJson(),
                            StandardCharsets.UTF_8));
            return Main.OK;
        }
        out.printf(Locale.ROOT, "%s: %,d rows%n", view.name(), profile.rows());
        for (FeatureSpec column : view.columns()) {
            profile.number(column.name()).ifPresent(each -> number(out, column, each));
            profile.category(column.name()).ifPresent(each -> category(out, column, each));
        }
        return Main.OK;
    }

    private static void number(PrintWriter out, FeatureSpec column, NumberProfile profile) {
        boolean shown = !column.personal() && profile.count() > 0;
        out.printf(
                Locale.ROOT,
                "  %-24s %6.2f %% missing, %,d distinct%s%n",
                column.name(),
                100 * profile.nullShare(),
                profile.distinct(),
                shown
                        ? ", from %.6g to %.6g, mean %.6g, median %.6g  %s"
                                .formatted(
                                        profile.min(),
                                        profile.max(),
                                        profile.mean(),
                                        profile.quantile(0.5),
                                        bars(profile.histogram(BINS)))
                        : "");
    }

    private static String bars(double[] counts) {
        double most = Arrays.stream(counts).max().orElse(1);
        return Arrays.stream(counts)
                .mapToObj(count ->
                        String.valueOf(
                                BARS.charAt(
                                        (int)
                                                Math.ceil(
                                                        (BARS.length() - 1)
                                                                * count
                                                                / Math.max(most, 1)))))
                .collect(Collectors.joining());
    }

    private static void category(PrintWriter out, FeatureSpec column, CategoryProfile profile) {
        out.printf(
                Locale.ROOT,
                "  %-24s %6.2f %% missing, %,d distinct%s%n",
                column.name(),
                100 * profile.nullShare(),
                profile.distinct(),
                column.personal()
                        ? ""
                        : ": "
                                + profile.top(5).stream()
                                        .map(each ->
                                                String.format(
                                                        Locale.ROOT,
                                                        "%s %.1f %%",
                                                        each.value().replaceAll("\\p{Cntrl}", "�"),
                                                        100 * profile.share(each.value())))
                                        .collect(Collectors.joining(", ")));
    }
}
