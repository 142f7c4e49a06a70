package dev.perennial.tests;

import dev.perennial.local.Home;
import dev.perennial.local.Hosting;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.template.TemplateReader;
import dev.perennial.local.time.SimulatedClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/** Where functions run in tests. */
final class Hostings {
    /** Only one test at a time can have functions in this JVM. */
    static final String THIS_JVM = "functions in this JVM";

    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));

    private Hostings() {}

    /**
     * The shipped stack in simulated time.
     *
     * @param monitorSchedule such as {@code rate(6 hours)}
     */
    static LocalCloud open(
            Home home, String pipeline, String monitorSchedule, Instant from, Hosting hosting) {
        return open(
                home,
                Map.of("Pipeline", pipeline, "MonitorSchedule", monitorSchedule),
                from,
                hosting);
    }

    /** As above, with these parameters of the template. */
    static LocalCloud open(
            Home home, Map<String, String> parameters, Instant from, Hosting hosting) {

        return LocalCloud.open(
                home,
                TemplateReader.read(ROOT.resolve("template.yaml"), parameters),
                new SimulatedClock(from),
                (_, _) -> {},
                hosting);
    }
}
