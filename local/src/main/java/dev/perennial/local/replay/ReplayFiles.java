package dev.perennial.local.replay;

import dev.perennial.core.json.Json;
import dev.perennial.local.replay.Replayed.Event;
import dev.perennial.local.replay.Replayed.Predicted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Writes what a replay found: tables for machines, a page for people. */
public final class ReplayFiles {
    private ReplayFiles() {}

    /**
     * A replay in one document.
     *
     * @param previousLabel mean error of predicting the last label that was known; what a model has
     *     to beat
     */
    public record Summary(
            String pipeline,
            Instant from,
            Instant until,
            int rows,
            OptionalDouble previousLabel,
            List<PolicySummary> policies) {}

    /**
     * One policy.
     *
     * @param accuracy prequential, classification only
     * @param logLoss prequential, classification only
     * @param meanAbsoluteError prequential, regression only
     * @param falseAlarms runs that an alarm started and whose model was no better, by the gates
     * @param seconds that the replay took
     */
    public record PolicySummary(
            String policy,
            OptionalDouble accuracy,
            OptionalDouble logLoss,
            OptionalDouble meanAbsoluteError,
            int runs,
            int promotions,
            double costUsd,
            int falseAlarms,
            List<Duration> detectionDelays,
            double seconds) {}

    /** The document. */
    public static Summary summary(
            String pipeline, Instant from, Instant until, History history, List<Replayed> all) {
        boolean numeric = history.isNumeric();
        return new Summary(
                pipeline,
                from,
                until,
                all.getFirst().predictions().size(),
                previousLabel(history, all.getFirst()),
                all.stream()
                        .map(each ->
                                new PolicySummary(
                                        each.policy(),
                                        numeric
                                                ? OptionalDouble.empty()
                                                : OptionalDouble.of(1 - each.meanError()),
                                        numeric
                                                ? OptionalDouble.empty()
                                                : OptionalDouble.of(each.meanLogLoss()),
                                        numeric
                                                ? OptionalDouble.of(each.meanError())
                                                : OptionalDouble.empty(),
                                        each.runs(),
                                        each.promotions(),
                                        each.costUsd(),
                                        each.falseAlarms(),
                                        each.detectionDelays(),
                                        each.seconds()))
                        .toList());
    }

    /** For each row the newest label that was known when it was asked. */
    private static OptionalDouble previousLabel(History history, Replayed replayed) {
        double errors = 0;
        int count = 0;
        int known = 0;
        for (Predicted each : replayed.predictions()) {
            while (known < each.row() && !history.known(known).isAfter(each.time())) {
                known++;
            }
            if (known == 0) {
                continue;
            }
            String last = history.label(known - 1);
            errors +=
                    history.isNumeric()
                            ? Math.abs(Double.parseDouble(last) - Double.parseDouble(each.label()))
                            : last.equals(each.label()) ? 0 : 1;
            count++;
        }
        return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(errors / count);
    }

    /** Writes replay.json, report.html, and per policy predictions and events. */
    public static void write(Path folder, Summary summary, List<Replayed> all) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("replay.json"), Json.pretty(summary));
        Files.writeString(folder.resolve("report.html"), ReplayReport.render(summary, all));
        List<String> predictions = new ArrayList<>();
        List<String> events = new ArrayList<>();
        predictions.add("policy,row,time,prediction,probability,version,label");
        events.add("policy,time,what,why");
        for (Replayed replayed : all) {
            for (Predicted each : replayed.predictions()) {
                predictions.add(
                        String.join(
                                ",",
                                History.quoted(replayed.policy()),
                                Integer.toString(each.row()),
                                each.time().toString(),
                                History.quoted(each.prediction()),
                                Double.isNaN(each.probability())
                                        ? ""
                                        : String.format(Locale.ROOT, "%.6f", each.probability()),
                                Integer.toString(each.version()),
                                History.quoted(each.label())));
            }
            for (Event each : replayed.events()) {
                events.add(
                        String.join(
                                ",",
                                History.quoted(replayed.policy()),
                                each.time().toString(),
                                History.quoted(each.what()),
                                History.quoted(each.why())));
            }
        }
        Files.write(folder.resolve("predictions.csv"), predictions);
        Files.write(folder.resolve("events.csv"), events);
    }
}
