package dev.perennial.local.replay;

import dev.perennial.core.json.Json;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.RunRecord;
import dev.perennial.core.run.RunStatus;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.store.Keys;
import dev.perennial.core.trigger.Decision;
import dev.perennial.core.trigger.Starts;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.live.Live;
import dev.perennial.local.metric.Statistics;
import dev.perennial.local.replay.Replayed.Event;
import dev.perennial.local.replay.Replayed.Predicted;
import dev.perennial.local.states.Execution;
import dev.perennial.local.states.ExecutionStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * One history under one policy: trains a first champion on what lies before the beginning, then
 * lets rows be asked and labels come when they would have, and time pass in between.
 */
public final class Replay {
    private static final int MOST_ROWS = 1_000;
    private static final int MOST_DECISIONS = 100_000;
    private static final int ATTEMPTS = 5;
    private static final int UNAVAILABLE = 503;
    private static final String FIRST = "first-champion";

    private final LocalCloud cloud;
    private final PipelineSpec spec;
    private final History history;
    private final Consumer<Instant> progress;
    private final List<Predicted> predictions = new ArrayList<>();

    /**
     * Prepares.
     *
     * @param cloud with a simulated clock that stands at the beginning
     * @param progress hears of every simulated moment that was reached
     */
    public Replay(
            LocalCloud cloud, PipelineSpec spec, History history, Consumer<Instant> progress) {
        this.cloud = cloud;
        this.spec = spec;
        this.history = history;
        this.progress = progress;
    }

    /**
     * Runs to the history's end.
     *
     * @param files the history's, by name
     * @throws ReplayFailedException if there is no first champion, a request is refused, or
     *     predictions were lost on their way to the monitor
     */
    public Replayed run(Policy policy, String yaml, Map<String, Path> files, Instant from)
            throws InterruptedException {
        long begin = System.nanoTime();
        keep(Policy.promotingByGates(yaml)); // nobody is there to ask before the beginning
        files.forEach((name, file) ->
                cloud.artifacts()
                        .put(Keys.source(spec.name()) + name, file, "application/octet-stream"));
        trainFirst(from);
        keep(yaml);
        Live live = cloud.live();
        Instant now = from;
        int next = history.from(from);
        int labelled = next;
        while (next < history.rows()) {
            Instant boundary = boundary(live, now);
            int end = next;
            while (end < history.rows() && history.time(end).isBefore(boundary)) {
                end++;
            }
            for (int start = next; start < end; start = Math.min(end, start + MOST_ROWS)) {
                int stop = Math.min(end, start + MOST_ROWS);
                predict(start, stop, history.time(stop - 1));
            }
            next = end;
            int known = labelled;
            while (known < next && !history.known(known).isAfter(boundary)) {
                known++;
            }
            for (int start = labelled; start < known; start = Math.min(known, start + MOST_ROWS)) {
                feedback(start, Math.min(known, start + MOST_ROWS), boundary);
            }
            labelled = known;
            live.advanceTo(boundary);
            now = boundary;
            progress.accept(now);
        }
        checkCaptured(live, from, now);
        return replayed(policy, from, (System.nanoTime() - begin) / 1e9);
    }

    /** Nothing that could change an answer happens before it. */
    private Instant boundary(Live live, Instant now) {
        Instant look = now.plus(spec.drift().check());
        return live.nextTick().filter(due -> due.isAfter(now) && due.isBefore(look)).orElse(look);
    }

    private void keep(String yaml) {
        cloud.artifacts()
                .replace(
                        Keys.spec(spec.name()),
                        yaml.getBytes(StandardCharsets.UTF_8),
                        "application/yaml");
    }

    /** By a run like any other: the cooldown counts from it. */
    private void trainFirst(Instant from) throws InterruptedException {
        String input =
                new String(Json.write(Map.of("until", from.toString())), StandardCharsets.UTF_8);
        boolean isFirst =
                cloud.decisions()
                        .stand(
                                new Decision(
                                        spec.name(),
                                        FIRST,
                                        FIRST,
                                        from,
                                        "the replay begins",
                                        Optional.of(FIRST),
                                        "there is no champion yet"),
                                Starts.NONE.and(
                                        new Starts.Start(FIRST, from, input, Optional.empty())),
                                Starts.NONE.revision());
        if (!isFirst) {
            throw new ReplayFailedException(
                    "runs were started here before; a replay begins in an empty folder");
        }
        Execution first = cloud.run(FIRST, input);
        Optional<RunRecord> record = cloud.registry().run(spec.name(), FIRST);
        boolean promoted =
                first.status() == ExecutionStatus.SUCCEEDED
                        && record.filter(run -> run.status() == RunStatus.PROMOTED).isPresent();
        if (!promoted) {
            throw new ReplayFailedException(
                    "no first champion from the rows before %s: %s"
                            .formatted(
                                    from,
                                    record.map(RunRecord::reason)
                                            .filter(reason -> !reason.isEmpty())
                                            .orElseGet(() -> first.cause().orElse("no reason"))));
        }
    }

    private void predict(int from, int to, Instant at) throws InterruptedException {
        JsonNode answers =
                post("PredictFunction", history.requests(from, to), at).path("predictions");
        for (int row = from; row < to; row++) {
            JsonNode answer = answers.get(row - from);
            String label = history.label(row);
            boolean numeric = history.isNumeric();
            String prediction =
                    numeric
                            ? Double.toString(answer.path("prediction").asDouble())
                            : answer.path("prediction").asString();
            JsonNode probability = answer.path("probability");
            predictions.add(
                    new Predicted(
                            row,
                            history.time(row),
                            prediction,
                            numeric ? Double.NaN : probability.path(prediction).asDouble(),
                            answer.path("version").asInt(),
                            label,
                            numeric ? Double.NaN : probability.path(label).asDouble(0)));
        }
    }

    private void feedback(int from, int to, Instant at) throws InterruptedException {
        post("FeedbackFunction", history.labels(from, to), at);
    }

    /**
     * As a Function URL would hand it over at that moment; a function that was busy is asked again,
     * as it says a caller should.
     */
    private JsonNode post(String function, byte[] csv, Instant at) throws InterruptedException {
        JsonNode response = answer(function, csv, at);
        for (int attempt = 1;
                attempt < ATTEMPTS && response.path("statusCode").asInt() == UNAVAILABLE;
                attempt++) {
            response = answer(function, csv, at);
        }
        if (response.path("statusCode").asInt() >= 300) {
            throw new ReplayFailedException(
                    "%s refused at %s: %s"
                            .formatted(function, at, response.path("body").asString("")));
        }
        return Json.tree(
                "answer of " + function,
                response.path("body").asString("").getBytes(StandardCharsets.UTF_8));
    }

    private JsonNode answer(String function, byte[] csv, Instant at) throws InterruptedException {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("version", "2.0");
        event.put("rawPath", "/");
        event.put("headers", Map.of("content-type", "text/csv"));
        event.put(
                "requestContext",
                Map.of("http", Map.of("method", "POST"), "timeEpoch", at.toEpochMilli()));
        event.put("body", new String(csv, StandardCharsets.UTF_8));
        event.put("isBase64Encoded", false);
        Invocation invocation = cloud.invoke(function, Json.write(event));
        if (!(invocation instanceof Invocation.Returned returned)) {
            throw new ReplayFailedException(
                    "%s failed at %s: %s".formatted(function, at, invocation));
        }
        return Json.tree("answer of " + function, returned.payload());
    }

    /** The functions wait in real time, so a busy machine may lose what an idle one keeps. */
    private void checkCaptured(Live live, Instant from, Instant until) {
        double lost =
                live.metrics().metrics().stream()
                        .filter(metric -> metric.name().equals("CaptureFailures"))
                        .flatMap(metric -> live.metrics().statistics(metric, from, until).stream())
                        .mapToDouble(Statistics::sum)
                        .sum();
        if (lost > 0) {
            throw new ReplayFailedException(
                    "%.0f predictions were answered but not captured, because the local SQS was too slow: what follows would differ from replay to replay; try again when the machine is less busy"
                            .formatted(lost));
        }
    }

    private Replayed replayed(Policy policy, Instant from, double seconds) {
        String name = spec.name();
        Map<String, RunRecord> runs = new HashMap<>();
        cloud.registry().runs(name).stream()
                .filter(run -> !run.run().equals(FIRST))
                .forEach(run -> runs.put(run.run(), run));
        List<Decision> decisions =
                cloud.decisions().latest(name, MOST_DECISIONS).stream()
                        .filter(each -> !each.event().equals(FIRST))
                        .toList();
        List<Event> events = new ArrayList<>();
        events.add(new Event(from, "first champion", "trained on the rows before"));
        int falseAlarms = 0;
        for (Decision decision : decisions) {
            Optional<RunRecord> run = decision.run().map(runs::get);
            events.add(
                    new Event(
                            decision.at(),
                            decision.starts() ? Replayed.RUN : "declined",
                            decision.starts()
                                    ? "%s: %s, %s"
                                            .formatted(
                                                    decision.run().orElseThrow(),
                                                    decision.reason(),
                                                    run.map(each ->
                                                                    each.status()
                                                                            + ": "
                                                                            + each.reason())
                                                            .orElse("no record"))
                                    : "%s: %s".formatted(decision.what(), decision.reason())));
            boolean alarmed = decision.event().startsWith("alarm/");
            falseAlarms +=
                    alarmed && run.filter(each -> each.status() != RunStatus.PROMOTED).isPresent()
                            ? 1
                            : 0;
        }
        int promotions = 0;
        for (Alias change : cloud.registry().history(name, Alias.CHAMPION)) {
            if (!change.run().equals(FIRST)) {
                promotions++;
                events.add(
                        new Event(
                                change.changedAt(),
                                "promotion",
                                "version %d in place of %d: %s"
                                        .formatted(
                                                change.version(),
                                                change.previousVersion(),
                                                change.reason())));
            }
        }
        List<Drift> drifts = drifts();
        drifts.forEach(drift ->
                events.add(
                        new Event(
                                drift.at(), "error drift", "errors rose since " + drift.began())));
        events.sort(Comparator.comparing(Event::time).thenComparing(Event::what));
        return new Replayed(
                policy.name(),
                predictions,
                events,
                runs.size(),
                promotions,
                runs.values().stream().mapToDouble(RunRecord::costUsd).sum(),
                falseAlarms,
                drifts.stream().map(each -> Duration.between(each.began(), each.at())).toList(),
                seconds);
    }

    /** What the monitor's reports say of drift. */
    private record Drift(Instant at, Instant began) {}

    private List<Drift> drifts() {
        List<Drift> drifts = new ArrayList<>();
        String prefix = "live/%s/monitor/reports/".formatted(spec.name());
        for (var object : cloud.artifacts().list(prefix)) {
            JsonNode report =
                    Json.tree(object.key(), cloud.artifacts().current(object.key()).orElseThrow());
            for (JsonNode drift : report.path("drifts")) {
                drifts.add(
                        new Drift(
                                Instant.parse(drift.path("at").asString()),
                                Instant.parse(drift.path("began").asString())));
            }
        }
        drifts.sort(Comparator.comparing(Drift::at));
        return drifts;
    }
}
