package dev.perennial.core.spec;

import dev.perennial.core.spec.ChecksSpec.Level;
import dev.perennial.core.spec.ChecksSpec.Setting;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Reads a spec's block {@code checks}: a level, or a mapping with level and threshold, by check.
 */
final class ChecksReader {
    private ChecksReader() {}

    static ChecksSpec read(YamlMap root) {
        Optional<YamlMap> map = root.map("checks");
        if (map.isEmpty()) {
            return ChecksSpec.STANDARD;
        }
        try (YamlMap checks = map.get()) {
            double falseAlarms =
                    checks.number("falseAlarms", 1e-6, 0.5, ChecksSpec.STANDARD.falseAlarms());
            Map<Check, Setting> settings = new EnumMap<>(Check.class);
            for (Check check : Check.values()) {
                setting(checks, check).ifPresent(setting -> settings.put(check, setting));
            }
            return new ChecksSpec(falseAlarms, settings);
        }
    }

    private static Optional<Setting> setting(YamlMap checks, Check check) {
        String key = YamlMap.spelling(check);
        if (!checks.isMap(key)) {
            return checks.optionalChoice(key, Level.class)
                    .map(level -> new Setting(Optional.of(level), OptionalDouble.empty()));
        }
        try (YamlMap setting = checks.map(key).orElseThrow()) {
            Optional<Level> level = setting.optionalChoice("level", Level.class);
            if (check.threshold().isEmpty()) {
                return Optional.of(new Setting(level, OptionalDouble.empty()));
            }
            return Optional.of(
                    new Setting(level, setting.number("threshold", check.low(), check.high())));
        }
    }
}
