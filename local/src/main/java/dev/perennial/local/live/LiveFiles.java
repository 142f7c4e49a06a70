package dev.perennial.local.live;

import java.nio.file.Path;

/**
 * Where the live side keeps what it knows.
 *
 * @param folder of its own state
 * @param logs of the functions; incidents go there too
 * @param events every event of the bus, one line each
 * @param notifications what topics were told, one line each
 */
public record LiveFiles(Path folder, Path logs, Path events, Path notifications) {
    public Path metrics() {
        return folder.resolve("metrics.jsonl");
    }

    Path positions() {
        return folder.resolve("positions.json");
    }

    Path alarms() {
        return folder.resolve("alarms.json");
    }

    Path schedules() {
        return folder.resolve("schedules.json");
    }

    public Path incidents() {
        return logs.resolve("incidents.jsonl");
    }
}
