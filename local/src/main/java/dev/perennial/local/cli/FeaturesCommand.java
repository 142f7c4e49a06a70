package dev.perennial.local.cli;

import dev.perennial.core.feature.Batch;
import dev.perennial.core.feature.EntityKey;
import dev.perennial.core.feature.OfflineStore;
import dev.perennial.core.spec.FeatureView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The feature store. */
@Command(
        name = "features",
        description = "Fill the feature store and look into it.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            FeaturesIngestCommand.class,
            FeaturesShowCommand.class,
            FeaturesProfileCommand.class,
            FeaturesHistoryCommand.class,
            FeaturesBackfillCommand.class
        })
final class FeaturesCommand implements Runnable {
    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec spec;

    Main main() {
        return main;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Which command? See perennial features --help.");
    }

    /** The view that a command is about. */
    static final class Named {
        @Parameters(
                paramLabel = "VIEW",
                description =
                        "A view's name, of pipelines/views/VIEW.yaml or in the store; or its file.")
        private String view = "";

        ViewFile in(FeatureStoreView store) {
            return ViewFile.of(view, store.artifacts());
        }
    }

    /** What of it is looked at. */
    static final class Selection {
        @Option(
                names = "--key",
                paramLabel = "VALUE",
                description = "One entity; once for each column of the view's key, in its order.")
        private List<String> key = List.of();

        @Option(
                names = "--as-of",
                paramLabel = "TIME",
                description = "As it was known at that moment (ISO-8601).")
        private @Nullable Instant asOf;

        Optional<Instant> asOf() {
            return Optional.ofNullable(asOf);
        }

        Optional<EntityKey> entity(FeatureView view) {
            if (key.isEmpty()) {
                return Optional.empty();
            }
            if (key.size() != view.key().size()) {
                throw new WrongUsageException(
                        "--key: %d values, the key of %s has %s"
                                .formatted(key.size(), view.name(), String.join(", ", view.key())));
            }
            return Optional.of(new EntityKey(key));
        }

        List<Batch> batches(FeatureStoreView store, FeatureView view) {
            OfflineStore offline = new OfflineStore(store.artifacts());
            return asOf().map(moment -> offline.batches(view.name(), moment))
                    .orElseGet(() -> offline.batches(view.name()));
        }
    }
}
