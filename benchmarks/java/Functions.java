import dev.perennial.core.json.Json;
import dev.perennial.local.Home;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.states.Execution;
import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.Stack;
import dev.perennial.local.template.TemplateReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * What each function's start and events take: FOLDER SPEC CSV. Three times in a fresh local cloud: started when an event comes, kept
 * primed as by SnapStart, and once more to see which classes are loaded.
 */
class Functions {
    private static final Pattern REPORT =
            Pattern.compile(
                    "Duration: (\\d+) ms\\tBilled Duration: \\d+ ms\\tMemory Size: (\\d+) MB\\tMax Memory Used: (\\d+) MB(?:\\tInit Duration: (\\d+) ms)?");
    private static final Pattern LOADED = Pattern.compile("source: file:(\\S+\\.jar)");
    private static final int WARM = 5;

    /** One event, as Lambda's REPORT line has it; init is 0 of a warm process. */
    private record Event(long millis, int memory, int peak, long init) {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Path spec = Path.of(arguments[1]);
        Path csv = Path.of(arguments[2]);
        Map<String, List<Event>> started = run(folder.resolve("started"), spec, csv, Functions::started);
        Map<String, List<Event>> kept = run(folder.resolve("kept"), spec, csv, function -> function);
        Path logs = Files.createDirectories(folder.resolve("loaded"));
        List<FunctionResource> functions = new ArrayList<>();
        run(folder.resolve("classes"), spec, csv, function -> {
            functions.add(function);
            return logging(function, logs);
        });
        System.out.printf(
                "%-12s %6s %6s | %8s %8s | %8s %8s | %8s %6s%n",
                "", "memory", "peak", "start", "first", "primed", "first", "warm", "MB");
        for (FunctionResource function : functions) {
            Event cold = started.get(function.logicalId()).getFirst();
            Event restored = kept.get(function.logicalId()).getFirst();
            System.out.printf(
                    Locale.ROOT,
                    "%-12s %6d %6d | %8d %8d | %8s %8s | %8d %6.1f%n",
                    name(function),
                    cold.memory(),
                    started.get(function.logicalId()).stream().mapToInt(Event::peak).max().orElse(0),
                    cold.init(),
                    cold.millis(),
                    function.isSnapshotted() ? Long.toString(restored.init()) : "",
                    function.isSnapshotted() ? Long.toString(restored.millis()) : "",
                    warm(kept.get(function.logicalId())),
                    Files.size(function.codeUri()) / 1e6);
        }
        System.out.println();
        for (FunctionResource function : functions) {
            System.out.println(name(function) + " loads nothing of these larger than 100 kB: " + unused(function, logs));
        }
        System.out.println();
        System.out.println(Json.toTree(Map.of("started", started, "kept", kept)));
    }

    private static String name(FunctionResource function) {
        return function.logicalId().replace("Function", "").toLowerCase(Locale.ROOT);
    }

    private static long warm(List<Event> events) {
        List<Long> sorted = events.stream().filter(each -> each.init() == 0).map(Event::millis).sorted().toList();
        return sorted.isEmpty() ? -1 : sorted.get(sorted.size() / 2);
    }

    private static FunctionResource started(FunctionResource function) {
        return with(function, function.environment(), false);
    }

    private static FunctionResource logging(FunctionResource function, Path logs) {
        Map<String, String> environment = new HashMap<>(function.environment());
        environment.put("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + logs.resolve(function.logicalId() + "-%p.log"));
        return with(function, environment, function.isSnapshotted());
    }

    private static FunctionResource with(FunctionResource f, Map<String, String> environment, boolean isSnapshotted) {
        return new FunctionResource(f.logicalId(), f.codeUri(), f.handler(), f.runtime(), f.memoryMegabytes(), f.timeout(), f.ephemeralMegabytes(), environment, f.alias(), isSnapshotted, f.hasUrl());
    }

    /** A run with cold functions and one with warm ones; then a week's traffic by events of each live function. */
    private static Map<String, List<Event>> run(Path folder, Path spec, Path csv, UnaryOperator<FunctionResource> change) throws Exception {
        Path template = Path.of(System.getProperty("perennial.root"), "template.yaml");
        Stack shipped = TemplateReader.read(template, Map.of("Pipeline", "electricity", "MonitorSchedule", "rate(7 days)"));
        Stack stack = new Stack(
                shipped.functions().stream().map(change).toList(),
                shipped.stateMachines(), shipped.tables(), shipped.buckets(), shipped.topics(), shipped.events(), shipped.policies(), shipped.notEnforced());
        List<String> rows = Files.readAllLines(csv);
        try (Home home = Home.take(folder);
                LocalCloud cloud = LocalCloud.open(home, stack, InstantSource.system(), (_, _) -> {})) {
            cloud.artifacts().replace("pipelines/electricity/spec.yaml", Files.readAllBytes(spec), "application/yaml");
            cloud.artifacts().put("store/electricity/rows.csv", Files.readAllBytes(csv), "text/csv");
            for (String run : List.of("cold", "warm")) {
                Execution execution = cloud.run(run, "{}");
                System.err.printf(
                        Locale.ROOT,
                        "%s: %s, %s%n",
                        folder.getFileName(),
                        run,
                        execution.output().map(output -> output.toString().replaceAll("(?s).*\"status\":\"([A-Z_]+)\".*", "$1")).orElse(execution.toString()));
            }
            cloud.up("electricity", 0);
            for (int i = 0; i <= WARM; i++) {
                String answer = invoke(cloud, "PredictFunction", "{\"rows\": [" + row(rows.getFirst(), rows.get(rows.size() - 1 - i)) + "]}");
                String id = Json.tree("answer", answer.getBytes(StandardCharsets.UTF_8)).path("predictions").path(0).path("id").asString();
                invoke(cloud, "FeedbackFunction", "{\"labels\": [{\"id\": \"" + id + "\", \"label\": \"UP\"}]}");
                invoke(cloud, "MonitorFunction", "{\"time\": \"" + Instant.now() + "\"}");
                invoke(cloud, "TriggerFunction", Files.readString(template.resolveSibling("events/trigger.json")));
                invoke(cloud, "AskFunction", Files.readString(template.resolveSibling("events/ask.json")));
                invoke(cloud, "CaptureFunction", Files.readString(template.resolveSibling("events/capture.json")));
            }
            return reports(home.logs());
        }
    }

    private static String invoke(LocalCloud cloud, String function, String event) throws InterruptedException {
        return switch (cloud.invoke(function, event.getBytes(StandardCharsets.UTF_8))) {
            case Invocation.Returned returned -> new String(returned.payload(), StandardCharsets.UTF_8);
            case Invocation.FunctionError failed -> throw new IllegalStateException(function + ": " + failed.errorMessage());
        };
    }

    private static String row(String header, String line) {
        String[] names = header.split(",");
        String[] values = line.split(",");
        return IntStream.range(0, names.length)
                .filter(i -> !names[i].equals("class") && !names[i].equals("label"))
                .mapToObj(i -> "\"%s\": %s".formatted(names[i], values[i].matches("-?[0-9.]+") ? values[i] : "\"" + values[i] + "\""))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static Map<String, List<Event>> reports(Path logs) throws IOException {
        Map<String, List<Event>> events = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(logs)) {
            for (Path file : files.filter(each -> each.toString().endsWith("Function.log")).sorted().toList()) {
                events.put(
                        file.getFileName().toString().replace(".log", ""),
                        REPORT.matcher(Files.readString(file))
                                .results()
                                .map(found -> new Event(
                                        Long.parseLong(found.group(1)),
                                        Integer.parseInt(found.group(2)),
                                        Integer.parseInt(found.group(3)),
                                        found.group(4) == null ? 0 : Long.parseLong(found.group(4))))
                                .toList());
            }
        }
        return events;
    }

    private static Set<String> unused(FunctionResource function, Path logs) throws IOException {
        Set<String> jars = new TreeSet<>();
        try (ZipFile zip = new ZipFile(function.codeUri().toFile())) {
            zip.stream()
                    .filter(entry -> entry.getCompressedSize() > 100_000)
                    .map(entry -> entry.getName())
                    .filter(each -> each.endsWith(".jar"))
                    .forEach(each -> jars.add(Path.of(each).getFileName().toString()));
        }
        try (Stream<Path> files = Files.list(logs)) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith(function.logicalId() + "-")).toList()) {
                Matcher loaded = LOADED.matcher(Files.readString(file));
                while (loaded.find()) {
                    jars.remove(Path.of(loaded.group(1)).getFileName().toString());
                }
            }
        }
        return jars;
    }
}
