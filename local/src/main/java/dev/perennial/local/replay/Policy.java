package dev.perennial.local.replay;

import dev.perennial.core.spec.RetrainSpec.Costs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * When to retrain, as a name and what it changes of the spec's {@code retrain} block.
 *
 * @param retrain the block's keys to replace; null takes one away
 */
public record Policy(String name, Map<String, @Nullable Object> retrain) {
    /** As the spec says. */
    public static final Policy SPEC = new Policy("spec", Map.of());

    public static final Policy NEVER = unweighed("never", List.of(), null);

    /** With a cooldown of its own: a spec's longer one would leave Sundays out. */
    public static final Policy SUNDAYS = unweighed("sundays", List.of("schedule"), "P1D");

    public static final Policy ALARMS = unweighed("alarms", List.of("errorDrift"), null);
    public static final Policy SUNDAYS_AND_ALARMS =
            unweighed("sundays+alarms", List.of("schedule", "errorDrift"), "P1D");

    private static final List<Policy> KNOWN =
            List.of(SPEC, NEVER, SUNDAYS, ALARMS, SUNDAYS_AND_ALARMS);

    /** Whatever a run is worth. */
    private static Policy unweighed(String name, List<String> on, @Nullable String cooldown) {
        Map<String, @Nullable Object> block = new LinkedHashMap<>();
        block.put("on", on);
        if (cooldown != null) {
            block.put("cooldown", cooldown);
        }
        return replacing(name, block);
    }

    /** Of costs and dates nothing stays that the spec has and the policy doesn't name. */
    private static Policy replacing(String name, Map<String, @Nullable Object> block) {
        for (String key : List.of("costs", "probes", "followUp", "maxAge")) {
            block.putIfAbsent(key, null);
        }
        return new Policy(name, block);
    }

    /** Those that are compared for a recommendation. */
    public static List<Policy> tuned(Costs costs) {
        Map<String, @Nullable Object> weighed = new LinkedHashMap<>();
        weighed.put("on", List.of("schedule", "errorDrift"));
        weighed.put("cooldown", "P1D");
        weighed.put("costs", Map.of("error", costs.error(), "run", costs.run()));
        Map<String, @Nullable Object> probed = new LinkedHashMap<>(weighed);
        probed.put("on", List.of("worth", "errorDrift"));
        probed.put("probes", "P1D");
        return List.of(
                NEVER,
                unweighed("every 4 weeks", List.of("schedule"), "P27D"),
                unweighed("every 2 weeks", List.of("schedule"), "P13D"),
                SUNDAYS,
                ALARMS,
                SUNDAYS_AND_ALARMS,
                replacing("weighed", weighed),
                replacing("probed", probed));
    }

    /** The block for a spec, YAML. */
    public String block() {
        return new Dump(DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build())
                .dumpToString(Map.of("retrain", present(retrain)));
    }

    private static Map<String, Object> present(Map<String, @Nullable Object> block) {
        Map<String, Object> present = new LinkedHashMap<>();
        block.forEach((key, value) -> {
            if (value != null) {
                present.put(key, value);
            }
        });
        return present;
    }

    /**
     * Finds a policy by its name, or reads one from a YAML file with the keys of a {@code retrain}
     * block.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static Policy of(String nameOrFile) throws IOException {
        Optional<Policy> known =
                KNOWN.stream().filter(each -> each.name.equals(nameOrFile)).findFirst();
        if (known.isPresent()) {
            return known.get();
        }
        Path file = Path.of(nameOrFile);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "--policy %s: neither one of %s nor a file"
                            .formatted(nameOrFile, KNOWN.stream().map(Policy::name).toList()));
        }
        Object read =
                new Load(LoadSettings.builder().setLabel(nameOrFile).build())
                        .loadFromString(Files.readString(file));
        if (!(read instanceof Map<?, ?> block)) {
            throw new IllegalArgumentException(
                    "--policy %s: expected the keys of a retrain block, such as 'on: [schedule]'"
                            .formatted(nameOrFile));
        }
        String name = String.valueOf(file.getFileName()).replaceAll("\\.ya?ml$", "");
        return new Policy(name, named(block));
    }

    /** A spec with this policy's block; it is read strictly afterwards like any other. */
    public String apply(String yaml) {
        if (retrain.isEmpty()) {
            return yaml;
        }
        Map<String, @Nullable Object> spec = blocks(yaml);
        Map<String, @Nullable Object> block =
                named(spec.get("retrain") instanceof Map<?, ?> present ? present : Map.of());
        block.putAll(retrain);
        spec.put("retrain", present(block));
        return new Dump(DumpSettings.builder().build()).dumpToString(spec);
    }

    /** A spec whose runs ask nobody. */
    static String promotingByGates(String yaml) {
        Map<String, @Nullable Object> spec = blocks(yaml);
        if (spec.remove("promotion") == null) {
            return yaml;
        }
        return new Dump(DumpSettings.builder().build()).dumpToString(spec);
    }

    private static Map<String, @Nullable Object> blocks(String yaml) {
        return named((Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml));
    }

    private static Map<String, @Nullable Object> named(Map<?, ?> read) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        read.forEach((key, value) -> named.put(String.valueOf(key), value));
        return named;
    }
}
