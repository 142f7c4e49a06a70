package dev.perennial.local.cli;

import dev.perennial.aws.DynamoDbModelRegistry;
import dev.perennial.aws.EventBridgeBus;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.trigger.EventBus;
import dev.perennial.local.Home;
import dev.perennial.local.HomeInUseException;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.RunningCloud;
import dev.perennial.local.aws.Clients;
import java.time.InstantSource;
import java.util.function.BiFunction;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;

/** Opens the registry for a command that needs nothing else: of the cloud that is up, if one is. */
final class RegistryView {
    /** The stack needs a pipeline's name; the registry holds all of them. */
    static final String ANY = "any";

    private RegistryView() {}

    static <T> T with(Main main, Function<ModelRegistry, T> work) throws Exception {
        return with(main, (registry, _) -> work.apply(registry));
    }

    /** For a command that also tells others what it did. */
    static <T> T with(Main main, BiFunction<ModelRegistry, EventBus, T> work) throws Exception {
        try (Home home = Home.take(main.home());
                LocalCloud cloud =
                        LocalCloud.open(
                                home, Project.stack(ANY), InstantSource.system(), (_, _) -> {})) {
            return work.apply(cloud.registry(), cloud::send);
        } catch (HomeInUseException somebody) {
            RunningCloud running = RunningCloud.of(main.home()).orElseThrow(() -> somebody);
            try (DynamoDbClient dynamoDb =
                            Clients.dynamoDb(running.dynamoDb(), running.credentials());
                    EventBridgeClient events =
                            Clients.eventBridge(running.eventBridge(), running.credentials())) {
                return work.apply(
                        new DynamoDbModelRegistry(dynamoDb, running.table()),
                        new EventBridgeBus(events));
            }
        }
    }

    /** A version that there is. */
    static ModelVersion version(Main main, ModelRegistry registry, String pipeline, int version) {
        return registry.version(pipeline, version)
                .orElseThrow(() ->
                        new WrongUsageException(
                                "%s has no version %d; %s lists them"
                                        .formatted(pipeline, version, main.hint("models"))));
    }

    static String noModels(Main main) {
        return "no models yet; %s makes one"
                .formatted(main.hint("run --pipeline SPEC --data FILE"));
    }

    /** The pipeline that a command is about. */
    static String pipeline(
            Main main, ModelRegistry registry, @org.jspecify.annotations.Nullable String asked) {
        if (asked != null) {
            return asked;
        }
        var pipelines = registry.pipelines();
        if (pipelines.size() != 1) {
            throw new WrongUsageException(
                    pipelines.isEmpty()
                            ? noModels(main)
                            : "which pipeline? --pipeline " + String.join(" | ", pipelines));
        }
        return pipelines.getFirst();
    }
}
