package dev.perennial.local.cli;

import dev.perennial.core.json.Json;
import dev.perennial.core.promotion.Question;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.RunRecord;
import dev.perennial.core.retrain.LiveLoss;
import dev.perennial.core.run.FailureCause;
import dev.perennial.core.trigger.Decision;
import dev.perennial.local.doctor.LookReports;
import dev.perennial.local.event.Scheduler;
import dev.perennial.local.lambda.InvokeApi;
import dev.perennial.local.live.LiveFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code perennial status}: how the model does that serves, and what the factory did lately. */
@Command(
        name = "status",
        description =
                "The champion, its age and live quality, last runs, decisions, alarms and money spent, of the cloud that is up.")
final class StatusCommand implements Callable<Integer> {
    private static final int SHOWN = 5;
    private static final Duration MONTH = Duration.ofDays(30);

    @ParentCommand private Main main = new Main();

    @Spec private CommandSpec command;

    @Option(
            names = "--pipeline",
            paramLabel = "NAME",
            description = "Of which pipeline (default: the one that is up).")
    private @Nullable String pipeline;

    @Option(names = "--look", description = "Let the monitor look first.")
    private boolean look;

    @Override
    public Integer call() throws Exception {
        if (look) {
            Posting answer =
                    Posting.to(
                            CloudView.running(main)
                                    .invoke()
                                    .resolve(InvokeApi.path("MonitorFunction")),
                            "application/json",
                            Json.write(
                                    Map.of("time", InstantSource.system().instant().toString())));
            if (answer.exitCode() != Main.OK) {
                command.commandLine().getErr().println(FailureCause.sentence(answer.body()));
                return answer.exitCode();
            }
        }
        return CloudView.with(main, this::show);
    }

    private int show(CloudView view) {
        String name = pipeline == null ? view.cloud().pipeline() : pipeline;
        Instant now = InstantSource.system().instant();
        PrintWriter out = command.commandLine().getOut();
        out.println(name);
        Optional<Alias> champion = view.registry().alias(name, Alias.CHAMPION);
        row(
                out,
                "champion",
                champion.map(each ->
                                "version %d, for %s (%s)"
                                        .formatted(
                                                each.version(),
                                                age(each.changedAt(), now),
                                                each.reason()))
                        .orElse(
                                "none yet; %s makes one"
                                        .formatted(main.hint("trigger --reason WHY"))));
        quality(out, view, name);
        LookReports.ofProbes(view.artifacts(), name)
                .ifPresent(report -> {
                    row(
                            out,
                            "probes",
                            "at %s: %s"
                                    .formatted(
                                            report.path("at").asString(),
                                            report.path("says").asString()));
                    row(out, "", "with pictures: " + report.path("page").path("key").asString());
                });
        for (Question question : view.questions().open(name)) {
            row(
                    out,
                    "question",
                    "version %d waits for %s until %s: %s"
                            .formatted(
                                    question.version(),
                                    question.predictsBeside() ? "live labels" : "approval",
                                    question.until(),
                                    main.hint("approve|reject " + question.run())));
        }
        List<RunRecord> runs =
                view.registry().runs(name).stream()
                        .sorted(Comparator.comparing(RunRecord::startedAt).reversed())
                        .toList();
        runs.stream()
                .limit(SHOWN)
                .forEach(run ->
                        row(
                                out,
                                "run",
                                "%s  %s  %s  %s"
                                        .formatted(
                                                run.startedAt(),
                                                run.run(),
                                                run.status(),
                                                run.reason())));
        for (Decision decision : view.decisions().latest(name, SHOWN)) {
            row(
                    out,
                    "decision",
                    "%s  %s: %s"
                            .formatted(
                                    decision.at(),
                                    decision.what(),
                                    decision.run()
                                            .map("run %s"::formatted)
                                            .orElse(decision.reason())));
        }
        LiveFiles files = LiveFiles.of(main.home());
        alarms(out, files.alarms());
        files.waiting()
                .forEach((queue, messages) ->
                        row(out, "queue", "%s: %,d waiting".formatted(queue, messages)));
        Scheduler.ticks(files.schedules(), now)
                .forEach((schedule, next) -> row(out, "schedule", schedule + " next at " + next));
        row(
                out,
                "spent",
                String.format(
                        Locale.ROOT,
                        "%.4f USD in 30 days, by list prices",
                        runs.stream()
                                .filter(run -> run.startedAt().isAfter(now.minus(MONTH)))
                                .mapToDouble(RunRecord::costUsd)
                                .sum()));
        return Main.OK;
    }

    /** What the newest of the monitor's reports says. */
    private static void quality(PrintWriter out, CloudView view, String name) {
        Optional<JsonNode> newest = LookReports.newest(view.artifacts(), name);
        if (newest.isEmpty()) {
            row(out, "live", "the monitor hasn't looked yet");
            return;
        }
        JsonNode report = newest.get();
        JsonNode counts = report.path("counts");
        row(
                out,
                "live",
                "at %s: %,d predictions, %,d labelled, %,d open; error drift %.2f of its threshold"
                        .formatted(
                                report.path("at").asString(),
                                counts.path("predictions").asLong(),
                                counts.path("labelled").asLong(),
                                report.path("open").asLong(),
                                report.path("errorDrift").asDouble()));
        row(
                out,
                "labels",
                "%,d came: %,d matched, %,d twice, %,d contradicting, %,d of no class, %,d for no prediction; %,d wait for theirs"
                        .formatted(
                                counts.path("labels").asLong(),
                                counts.path("matched").asLong(),
                                counts.path("duplicates").asLong(),
                                counts.path("conflicts").asLong(),
                                counts.path("foreign").asLong(),
                                counts.path("unknown").asLong(),
                                report.path("waiting").asLong()));
        estimate(out, report.path("estimate"));
        JsonNode loss = report.path("loss");
        if (loss.isObject()) {
            row(
                    out,
                    "loss",
                    "%.4f per answer more than when the champion was tested, %,.0f in all since it began to"
                            .formatted(
                                    loss.path("excess").asDouble(),
                                    Json.read("loss", loss, LiveLoss.class)
                                            .lostSince(LocalDate.MIN)));
        }
        shifts(out, report.path("shifts"));
        if (report.path("page").isObject()) {
            row(out, "why", "with pictures: " + report.path("page").path("key").asString());
        }
        JsonNode trial = report.path("trial");
        if (trial.isObject()) {
            row(out, "trial", trial(trial));
        }
        for (JsonNode day : report.path("quality")) {
            long labelled = day.path("labelled").asLong();
            row(
                    out,
                    "quality",
                    "%s version %d %s: mean error %.4f of %,d"
                            .formatted(
                                    day.path("day").asString(),
                                    day.path("version").asInt(),
                                    day.path("role").asString().toLowerCase(Locale.ROOT),
                                    day.path("errors").asDouble() / Math.max(1, labelled),
                                    labelled));
        }
    }

    private static void estimate(PrintWriter out, JsonNode estimate) {
        if (!estimate.isObject()) {
            return;
        }
        row(
                out,
                "estimate",
                "by its own probabilities %.1f %% of %,d answers are wrong (%.1f to %.1f %%)%s"
                        .formatted(
                                100 * estimate.path("error").asDouble(),
                                estimate.path("answers").asLong(),
                                100 * estimate.path("low").asDouble(),
                                100 * estimate.path("high").asDouble(),
                                estimate.path("doubts").isEmpty() ? "" : "; don't rely on it:"));
        estimate.path("doubts").forEach(doubt -> row(out, "", doubt.asString()));
    }

    /** What moved beyond its threshold, the furthest first. */
    private static void shifts(PrintWriter out, JsonNode shifts) {
        for (JsonNode each : shifts.path("features")) {
            if (each.path("ratio").asDouble() >= 1) {
                row(
                        out,
                        "moved",
                        "%s, %.0f %% of the model's gain: %s"
                                .formatted(
                                        each.path("column").asString(),
                                        100 * each.path("importance").asDouble(),
                                        aspects(each)));
            }
        }
        for (JsonNode each : shifts.path("pairs")) {
            if (each.path("ratio").asDouble() >= 1) {
                row(
                        out,
                        "moved",
                        "%s and %s: correlation %.2f, in training %.2f"
                                .formatted(
                                        each.path("a").asString(),
                                        each.path("b").asString(),
                                        each.path("now").asDouble(),
                                        each.path("before").asDouble()));
            }
        }
        Stream.concat(shifts.path("predictions").valueStream(), Stream.of(shifts.path("label")))
                .filter(each -> each.path("ratio").asDouble() >= 1)
                .forEach(each ->
                        row(out, "moved", each.path("column").asString() + ": " + aspects(each)));
    }

    private static String aspects(JsonNode shift) {
        return shift.path("shift")
                .path("compared")
                .valueStream()
                .filter(each -> each.path("value").asDouble() >= each.path("threshold").asDouble())
                .map(each ->
                        "%s %.1f times its threshold"
                                .formatted(
                                        each.path("aspect").asString().toLowerCase(Locale.ROOT),
                                        each.path("value").asDouble()
                                                / each.path("threshold").asDouble()))
                .collect(Collectors.joining(", "));
    }

    private static String trial(JsonNode trial) {
        JsonNode advantage = trial.path("advantage");
        return "version %d beside version %d: %,d labelled rows, %s"
                .formatted(
                        trial.path("challenger").asInt(),
                        trial.path("champion").asInt(),
                        trial.path("rows").asLong(),
                        advantage.isObject()
                                ? "mean loss lower by %.4g (%.4g to %.4g)"
                                        .formatted(
                                                advantage.path("estimate").asDouble(),
                                                advantage.path("low").asDouble(),
                                                advantage.path("high").asDouble())
                                : "nothing to tell yet");
    }

    private static void alarms(PrintWriter out, Path file) {
        try {
            if (Files.exists(file)) {
                Json.tree(file.toString(), Files.readAllBytes(file))
                        .path("alarms")
                        .properties()
                        .forEach(alarm ->
                                row(
                                        out,
                                        "alarm",
                                        "%s: %s since %s"
                                                .formatted(
                                                        alarm.getKey(),
                                                        alarm.getValue().path("state").asString(),
                                                        alarm.getValue()
                                                                .path("since")
                                                                .asString())));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("reading " + file, failed);
        }
    }

    private static String age(Instant since, Instant now) {
        Duration age = Duration.between(since, now);
        return age.toDays() > 0
                ? "%d days".formatted(age.toDays())
                : age.toHours() > 0
                        ? "%d hours".formatted(age.toHours())
                        : "%d minutes".formatted(Math.max(0, age.toMinutes()));
    }

    private static void row(PrintWriter out, String name, String value) {
        out.printf("  %-10s %s%n", name, value);
    }
}
