package dev.perennial.local.cli;

import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.local.Home;
import dev.perennial.local.LocalCloud;
import java.time.InstantSource;
import java.util.function.Function;

/** Opens the registry for a command that only looks. */
final class RegistryView {
    /** The stack needs a pipeline's name; the registry holds all of them. */
    private static final String ANY = "any";

    private RegistryView() {}

    static int with(Main main, Function<ModelRegistry, Integer> look) throws Exception {
        try (Home home = Home.take(main.home());
                LocalCloud cloud =
                        LocalCloud.open(
                                home, Project.stack(ANY), InstantSource.system(), (_, _) -> {})) {
            return look.apply(cloud.registry());
        }
    }
}
