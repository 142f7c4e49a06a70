package dev.perennial.local.cli;

import dev.perennial.core.json.Json;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.RunRecord;
import dev.perennial.core.run.Cost;
import dev.perennial.core.run.FailureCause;
import dev.perennial.core.run.RunStatus;
import dev.perennial.core.run.Usage;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.local.Home;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.states.Execution;
import dev.perennial.local.states.ExecutionEvent;
import dev.perennial.local.states.ExecutionStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Uploads spec and data, runs the state machine, and brings back what the run wrote. */
final class FactoryRun {
    private static final Pattern RUN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,79}");
    private static final List<String> FILES =
            List.of("report.html", "model.onnx", "model-card.md", "run.json", "bad-rows.json");

    /** In the terminal; all of them are in their file. */
    private static final int SHOWN_BAD_ROWS = 3;

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final Home home;
    private final LocalCloud cloud;
    private final InstantSource clock;

    FactoryRun(Home home, LocalCloud cloud, InstantSource clock) {
        this.home = home;
        this.cloud = cloud;
        this.clock = clock;
    }

    /**
     * What a run came to.
     *
     * @param document what run.json holds
     */
    record Result(ObjectNode document, Path folder) {
        RunStatus status() {
            return RunStatus.valueOf(document.path("status").asString("FAILED"));
        }

        int exitCode() {
            return switch (status()) {
                case PROMOTED -> Main.OK;
                case REJECTED -> Main.GATES_REJECTED;
                case DATA_REJECTED -> Main.DATA_REJECTED;
                case FAILED, RUNNING, AWAITING_APPROVAL -> Main.FAILED;
            };
        }

        String json() {
            return new String(Json.pretty(document), StandardCharsets.UTF_8);
        }

        void print(PrintWriter out) {
            out.printf("%s: %s%n", status(), document.path("reason").asString(""));
            for (String file : FILES) {
                if (Files.exists(folder.resolve(file))) {
                    out.printf("  %-14s %s%n", file, folder.resolve(file));
                }
            }
            JsonNode badRows = document.path("badRows").path("first");
            for (int i = 0; i < Math.min(SHOWN_BAD_ROWS, badRows.size()); i++) {
                JsonNode row = badRows.get(i);
                out.printf(
                        "  %-14s %s, line %d, column '%s': %s: %s%n",
                        "left out",
                        row.path("file").asString(""),
                        row.path("line").asLong(),
                        row.path("column").asString(""),
                        row.path("reason").asString(""),
                        row.path("value").asString("").replaceAll("\\p{Cntrl}", "�"));
            }
        }
    }

    /**
     * What to run.
     *
     * @param until leave out rows from then on; absent: now
     * @param asOf leave out batches of feature views that came later; absent: none
     * @param name the run's; absent: one is made
     * @param out where its files go; absent: into the home folder
     * @param events where to keep what each function is given; absent: nowhere
     */
    record Request(
            SpecFile spec,
            UserData data,
            Optional<Instant> until,
            Optional<Instant> asOf,
            Optional<String> name,
            Optional<Path> out,
            Optional<Path> events) {
        static Request of(SpecFile spec, UserData data, Optional<Instant> until) {
            return new Request(
                    spec,
                    data,
                    until,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    Result run(Request request) throws IOException, InterruptedException {
        SpecFile spec = request.spec();
        PipelineSpec pipeline = spec.spec();
        Instant now = clock.instant();
        String run = request.name().orElseGet(() -> name(pipeline, now));
        refuseSecond(run);
        Path folder = emptied(request.out().orElse(home.run(run)));
        spec.declare(cloud.artifacts());
        Map<String, String> input = new LinkedHashMap<>();
        input.put("source", request.data().upload(cloud.artifacts(), pipeline.name()));
        request.until().ifPresent(moment -> input.put("until", moment.toString()));
        request.asOf().ifPresent(moment -> input.put("asOf", moment.toString()));
        Execution execution = cloud.run(run, new String(Json.write(input), StandardCharsets.UTF_8));
        if (request.events().isPresent()) {
            keep(cloud.events(execution), Files.createDirectories(request.events().get()));
        }
        return bringBack(pipeline, run, execution, folder);
    }

    /**
     * A run's name as the user gave it.
     *
     * @throws WrongUsageException if no key may hold it
     */
    static String checked(String run) {
        if (!RUN.matcher(run).matches()) {
            throw new WrongUsageException(
                    "--run '%s': letters, digits, _ and -, at most 80".formatted(run));
        }
        return run;
    }

    /** What runs leave behind lies under their names alone, whatever their pipeline. */
    private void refuseSecond(String run) {
        for (String pipeline : cloud.registry().pipelines()) {
            if (cloud.registry().run(pipeline, run).isPresent()) {
                throw new WrongUsageException(
                        "--run '%s' was there already, of pipeline %s; each run has a name of its own"
                                .formatted(run, pipeline));
            }
        }
    }

    /** Without the files of an earlier run into the same folder: a run that fails brings none. */
    private static Path emptied(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String file : FILES) {
            Files.deleteIfExists(folder.resolve(file));
        }
        return folder;
    }

    /** One file per step, such as {@code train.json} for the state "Train candidate". */
    private static void keep(Map<String, JsonNode> events, Path folder) throws IOException {
        for (Map.Entry<String, JsonNode> each : events.entrySet()) {
            String step = each.getKey().split(" ", 2)[0].toLowerCase(Locale.ROOT);
            Files.write(folder.resolve(step + ".json"), Json.pretty(each.getValue()));
        }
    }

    private static String name(PipelineSpec pipeline, Instant now) {
        String start = pipeline.name().substring(0, Math.min(50, pipeline.name().length()));
        return "%s-%s-%04x"
                .formatted(start, STAMP.format(now), new SecureRandom().nextInt(1 << 16));
    }

    private Result bringBack(PipelineSpec pipeline, String run, Execution execution, Path folder)
            throws IOException {
        ObjectNode document =
                execution.status() == ExecutionStatus.SUCCEEDED
                        ? succeeded(execution, folder)
                        : failed(pipeline, run, execution);
        List<LocalCloud.StepTime> times = cloud.times(execution);
        List<Usage> usage =
                times.stream()
                        .map(time ->
                                new Usage(
                                        time.step(),
                                        time.billedMillis(),
                                        time.memoryMegabytes(),
                                        time.peakMegabytes()))
                        .toList();
        int transitions =
                (int)
                        execution.history().stream()
                                .filter(event ->
                                        event instanceof ExecutionEvent.StateEntered
                                                || event instanceof ExecutionEvent.TaskRetried)
                                .count();
        document.remove("usage");
        document.set("steps", Json.toTree(times));
        document.set("cost", Json.toTree(Cost.of(usage, transitions)));
        Files.write(folder.resolve("run.json"), Json.pretty(document));
        return new Result(document, folder);
    }

    private ObjectNode succeeded(Execution execution, Path folder) throws IOException {
        JsonNode output = execution.output().orElseThrow();
        ObjectNode document =
                (ObjectNode)
                        Json.tree("run.json", cloud.artifacts().read(ref(output.path("summary"))));
        fetch(output.path("report"), folder.resolve("report.html"));
        fetch(document.path("model"), folder.resolve("model.onnx"));
        fetch(document.path("modelCard"), folder.resolve("model-card.md"));
        fetch(document.path("badRows").path("file"), folder.resolve("bad-rows.json"));
        return document;
    }

    private void fetch(JsonNode artifact, Path target) {
        if (artifact.isObject()) {
            cloud.artifacts().fetch(ref(artifact), target);
        }
    }

    private static ArtifactRef ref(JsonNode node) {
        return Json.read("artifact", Json.write(node), ArtifactRef.class);
    }

    private ObjectNode failed(PipelineSpec pipeline, String run, Execution execution) {
        String error = execution.error().orElse(execution.status().name());
        String cause = FailureCause.sentence(execution.cause().orElse(""));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("pipeline", pipeline.name());
        document.put("run", run);
        document.put("status", RunStatus.FAILED);
        document.put("error", error);
        document.put("reason", cause.isEmpty() ? error : cause);
        document.put("startedAt", execution.started());
        document.put("seed", pipeline.train().seed());
        document.put(
                "championAfter",
                cloud.registry().alias(pipeline.name(), Alias.CHAMPION).map(Alias::version));
        document.put("record", cloud.registry().run(pipeline.name(), run).map(RunRecord::status));
        return (ObjectNode) Json.toTree(document);
    }
}
