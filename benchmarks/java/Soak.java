import dev.perennial.aws.DynamoDbModelRegistry;
import dev.perennial.aws.S3ArtifactStore;
import dev.perennial.core.json.Json;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.local.RunningCloud;
import dev.perennial.local.aws.Clients;
import dev.perennial.local.lambda.InvokeApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Predicts at a constant rate in a local cloud that is up, sends labels, has a model promoted and rolled back, and looks whether
 * what was promised held: ROOT HOME CSV MINUTES PER_SECOND CLOUD_PID. Prints what it found as JSON; exit 1 if a promise was broken.
 *
 * <p>Requests leave at their time whether or not earlier ones were answered, and a latency counts from that time: what waits
 * for a slow answer is not forgotten (Tene's coordinated omission).
 */
class Soak {
    /** Predictions one after the other before the clock starts: a cold process compiles for longer than it predicts. */
    private static final int WARM_UP = 4_000;

    private static final Duration LABEL_DELAY = Duration.ofSeconds(3);
    private static final Duration LABELS_EVERY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RUN = Duration.ofMinutes(6);
    private static final Duration AFTER_ROLLBACK = Duration.ofSeconds(20);
    private static final Duration SETTLING = Duration.ofMinutes(3);
    private static final Duration PROMOTION_LIMIT = Duration.ofSeconds(10);
    private static final int MOST_LABELS = 1_000;

    /** Of a process's memory, over the second half: what it may grow and still be called flat. */
    private static final double FLAT = 0.1;

    private static final List<String> WATCHED = List.of("local cloud", "Predict", "Capture", "Monitor", "Feedback");

    /** Two seconds each: a collection a minute. */
    private static final int LOOKS_PER_COLLECTION = 30;

    private static final Pattern GENERATION = Pattern.compile("(?:DefNew|Tenured)\\s+total (\\d+)K, used (\\d+)K");

    private record Row(byte[] request, String label) {}

    private record Answered(String id, String label, Instant at) {}

    private record Sample(double seconds, double megabytes) {}

    private final Path root;
    private final Path home;
    private final RunningCloud cloud;
    private final long cloudPid;
    private final List<Row> rows;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Instant begun = Instant.MIN;
    private long begunNanos;
    private final Queue<Answered> unlabelled = new ConcurrentLinkedQueue<>();
    private final Queue<Double> latencies = new ConcurrentLinkedQueue<>();
    private final ConcurrentMap<String, Integer> statuses = new ConcurrentHashMap<>();
    private final ConcurrentMap<Integer, Integer> versions = new ConcurrentHashMap<>();

    /** When each version answered for the first time; forgotten before a version is rolled back to. */
    private final ConcurrentMap<Integer, Instant> firstAnswers = new ConcurrentHashMap<>();

    private final Map<String, List<Sample>> memory = new TreeMap<>();

    /** Without what the next collection would free: a heap grows until it must be collected, which is no leak. */
    private final Map<String, List<Sample>> needed = new TreeMap<>();
    private final List<Map<String, Object>> changes = new ArrayList<>();
    private final List<String> broken = new java.util.concurrent.CopyOnWriteArrayList<>();
    private int labelsSent;

    private Soak(String[] arguments) throws IOException {
        root = Path.of(arguments[0]);
        home = Path.of(arguments[1]);
        cloud = RunningCloud.of(home).orElseThrow();
        cloudPid = Long.parseLong(arguments[5]);
        rows = rows(Path.of(arguments[2]));
    }

    public static void main(String[] arguments) throws Exception {
        Soak soak = new Soak(arguments);
        Duration length = Duration.ofSeconds(Math.round(60 * Double.parseDouble(arguments[3])));
        boolean held = soak.run(length, Integer.parseInt(arguments[4]));
        System.exit(held ? 0 : 1);
    }

    private static List<Row> rows(Path csv) throws IOException {
        List<String> lines = Files.readAllLines(csv);
        String[] names = lines.getFirst().split(",");
        List<Row> rows = new ArrayList<>();
        for (String line : lines.subList(lines.size() - 3_000, lines.size())) {
            String[] values = line.split(",");
            Map<String, Object> row = new LinkedHashMap<>();
            for (int i = 1; i < names.length - 1; i++) {
                row.put(names[i], names[i].equals("day") ? values[i] : Double.valueOf(values[i]));
            }
            rows.add(new Row(Json.write(Map.of("rows", List.of(row))), values[names.length - 1]));
        }
        return rows;
    }

    private boolean run(Duration length, int perSecond) throws Exception {
        warmUp();
        begun = InstantSource.system().instant();
        begunNanos = System.nanoTime();
        Semaphore finished = new Semaphore(0);
        Thread changing = Thread.ofPlatform().start(() -> {
            change(length);
            finished.release();
        });
        Thread labelling = Thread.ofPlatform().start(this::label);
        Thread watching = Thread.ofPlatform().start(this::watch);
        long sent = predict(length, perSecond, finished);
        changing.join();
        labelling.interrupt();
        labelling.join();
        while (!unlabelled.isEmpty()) {
            sendLabels(InstantSource.system().instant());
        }
        JsonNode report = settled();
        watching.interrupt();
        watching.join();
        return judge(sent, perSecond, report);
    }

    private void warmUp() {
        for (int call = 0; call < WARM_UP; call++) {
            Row row = rows.get(call % rows.size());
            take(row, client.sendAsync(post(cloud.predict(), row.request()), HttpResponse.BodyHandlers.ofByteArray()).join(), null);
        }
    }

    /** Sends at a constant rate for so long, and until the model was changed; returns how many when all are answered. */
    private long predict(Duration length, int perSecond, Semaphore finished) throws InterruptedException {
        long gap = 1_000_000_000L / perSecond;
        long sent = 0;
        Semaphore answered = new Semaphore(0);
        while (sent * gap < length.toNanos() || finished.availablePermits() == 0) {
            long at = begunNanos + sent * gap;
            for (long early = at - System.nanoTime(); early > 0; early = at - System.nanoTime()) {
                LockSupport.parkNanos(early);
            }
            Row row = rows.get((int) (sent % rows.size()));
            client.sendAsync(post(cloud.predict(), row.request()), HttpResponse.BodyHandlers.ofByteArray())
                    .whenComplete((response, failed) -> {
                        latencies.add((System.nanoTime() - at) / 1e6);
                        take(row, response, failed);
                        answered.release();
                    });
            sent++;
        }
        answered.acquire(Math.toIntExact(sent));
        return sent;
    }

    private static HttpRequest post(URI target, byte[] body) {
        return HttpRequest.newBuilder(target)
                .header("content-type", "application/json")
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    private void take(Row row, HttpResponse<byte[]> response, Throwable failed) {
        Instant now = InstantSource.system().instant();
        statuses.merge(failed == null ? "predict " + response.statusCode() : "predict " + failed.getClass(), 1, Integer::sum);
        if (failed != null || response.statusCode() != 200) {
            return;
        }
        JsonNode answer = Json.tree("the answer", response.body());
        int version = answer.path("predictions").path(0).path("version").asInt();
        versions.merge(version, 1, Integer::sum);
        firstAnswers.putIfAbsent(version, now);
        unlabelled.add(new Answered(answer.path("predictions").get(0).path("id").asString(), row.label(), now));
    }

    private void label() {
        try {
            while (true) {
                Thread.sleep(LABELS_EVERY);
                sendLabels(InstantSource.system().instant().minus(LABEL_DELAY));
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Labels of what was answered before then, a request's full at most. */
    private void sendLabels(Instant before) {
        List<Map<String, String>> labels = new ArrayList<>();
        for (Answered next = unlabelled.peek();
                next != null && next.at().isBefore(before) && labels.size() < MOST_LABELS;
                next = unlabelled.peek()) {
            unlabelled.remove();
            labels.add(Map.of("id", next.id(), "label", next.label()));
        }
        if (labels.isEmpty()) {
            return;
        }
        var response = client.sendAsync(post(cloud.feedback(), Json.write(Map.of("labels", labels))), HttpResponse.BodyHandlers.ofByteArray()).join();
        statuses.merge("feedback " + response.statusCode(), 1, Integer::sum);
        labelsSent += response.statusCode() == 202 ? labels.size() : 0;
    }

    /** Asks for a run after a third of the time, and rolls what it promoted back after two thirds. */
    private void change(Duration length) {
        try (var dynamoDb = Clients.dynamoDb(cloud.dynamoDb(), cloud.credentials())) {
            ModelRegistry registry = new DynamoDbModelRegistry(dynamoDb, cloud.table());
            int first = champion(registry).version();
            sleepUntil(length.dividedBy(3));
            perennial("trigger", "--reason", "soak");
            await(registry, first, "promotion", LONGEST_RUN);
            sleepUntil(length.multipliedBy(2).dividedBy(3));
            int second = champion(registry).version();
            firstAnswers.remove(first);
            Thread rollback = Thread.ofPlatform().start(() -> rollBack());
            await(registry, second, "rollback", LONGEST_RUN);
            rollback.join();
            Thread.sleep(AFTER_ROLLBACK);
        } catch (InterruptedException | IOException | RuntimeException failed) {
            broken.add("changing the champion failed: " + failed);
        }
    }

    private Alias champion(ModelRegistry registry) {
        return registry.alias(cloud.pipeline(), Alias.CHAMPION).orElseThrow();
    }

    private void sleepUntil(Duration sinceBegin) throws InterruptedException {
        Duration left = Duration.between(InstantSource.system().instant(), begun.plus(sinceBegin));
        Thread.sleep(left.isNegative() ? Duration.ZERO : left);
    }

    private void rollBack() {
        try {
            perennial("rollback");
        } catch (InterruptedException | IOException failed) {
            broken.add(failed.toString());
        }
    }

    /** The command line, without the script that would build first. */
    private void perennial(String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dperennial.root=" + root,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.perennial.local.cli.Main"));
        line.addAll(List.of(command));
        line.addAll(List.of("--home", home.toString()));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        System.err.println(output);
        if (process.waitFor() != 0) {
            throw new IOException("perennial %s: %s".formatted(command[0], output));
        }
    }

    /** Until another version is champion and has answered: at most so long after it was seen that it wasn't yet. */
    private void await(ModelRegistry registry, int before, String what, Duration within) throws InterruptedException {
        long until = System.nanoTime() + within.toNanos();
        Alias champion = champion(registry);
        Instant unchanged = InstantSource.system().instant();
        while (champion.version() == before && System.nanoTime() < until) {
            unchanged = InstantSource.system().instant();
            Thread.sleep(200);
            champion = champion(registry);
        }
        if (champion.version() == before) {
            broken.add("no %s within %s".formatted(what, within));
            return;
        }
        long limit = System.nanoTime() + 3 * PROMOTION_LIMIT.toNanos();
        while (!firstAnswers.containsKey(champion.version()) && System.nanoTime() < limit) {
            Thread.sleep(50);
        }
        Instant answered = firstAnswers.getOrDefault(champion.version(), Instant.MAX);
        double seconds = answered.equals(Instant.MAX) ? -1 : Math.max(0, Duration.between(unchanged, answered).toMillis()) / 1e3;
        changes.add(Map.of("what", what, "version", champion.version(), "firstAnswerAfterSeconds", seconds, "at", Duration.between(begun, unchanged).toSeconds()));
        if (seconds < 0 || seconds > PROMOTION_LIMIT.toSeconds()) {
            broken.add("version %d answered %.1f s after its %s".formatted(champion.version(), seconds, what));
        }
    }

    private void watch() {
        try {
            for (int look = 0; ; look++) {
                double now = (System.nanoTime() - begunNanos) / 1e9;
                each(Soak::megabytes).forEach((name, megabytes) ->
                        memory.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Sample(now, megabytes)));
                if (look % LOOKS_PER_COLLECTION == 0) {
                    each(Soak::neededMegabytes).forEach((name, megabytes) ->
                            needed.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Sample(now, megabytes)));
                }
                Thread.sleep(Duration.ofSeconds(2));
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Memory by function, in MB; the largest of its workers', as a second one that starts is no growth. */
    private Map<String, Double> each(ToDoubleFunction<Long> measure) {
        Map<String, Double> found = new HashMap<>();
        found.put("local cloud", measure.applyAsDouble(cloudPid));
        try (Stream<ProcessHandle> children = ProcessHandle.of(cloudPid).stream().flatMap(ProcessHandle::children)) {
            children.forEach(child -> variable(child.pid(), "MAIN_CLASS").ifPresent(main ->
                    found.merge(main.replaceAll(".*\\.|Function$", ""), measure.applyAsDouble(child.pid()), Math::max)));
        }
        return found;
    }

    /** Resident memory less what is free of the heap after a collection; all processes here use the serial collector. */
    private static double neededMegabytes(long pid) {
        command("GC.run", pid);
        double free = 0;
        Matcher generations = GENERATION.matcher(command("GC.heap_info", pid));
        while (generations.find()) {
            free += (Long.parseLong(generations.group(1)) - Long.parseLong(generations.group(2))) / 1024.0;
        }
        return Math.max(0, megabytes(pid) - free);
    }

    private static String command(String command, long pid) {
        try {
            Process jcmd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            jcmd.waitFor();
            return said;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private static double megabytes(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:")).mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0).sum();
        } catch (IOException | UncheckedIOException ended) {
            return 0;
        }
    }

    private static Optional<String> variable(long pid, String name) {
        try {
            return Arrays.stream(Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1).split("\0"))
                    .filter(each -> each.startsWith(name + "="))
                    .map(each -> each.substring(name.length() + 1))
                    .findFirst();
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    /** The monitor's report when everything has arrived, or after a while. */
    private JsonNode settled() throws Exception {
        long until = System.nanoTime() + SETTLING.toNanos();
        while (true) {
            var look = client.send(
                    post(cloud.invoke().resolve(InvokeApi.path("MonitorFunction")), Json.write(Map.of("time", InstantSource.system().instant().toString()))),
                    HttpResponse.BodyHandlers.ofString());
            if (look.headers().firstValue("X-Amz-Function-Error").isPresent()) {
                broken.add("the monitor failed: " + look.body());
            }
            JsonNode report = newestReport();
            JsonNode counts = report.path("counts");
            boolean all = counts.path("predictions").asLong() >= answers() && counts.path("labels").asLong() >= labelsSent;
            if (all || System.nanoTime() > until) {
                return report;
            }
            TimeUnit.SECONDS.sleep(5);
        }
    }

    private long answers() {
        return versions.values().stream().mapToLong(Integer::longValue).sum();
    }

    private JsonNode newestReport() {
        String prefix = "live/%s/monitor/reports/".formatted(cloud.pipeline());
        try (var s3 = Clients.s3(cloud.s3(), cloud.credentials())) {
            S3ArtifactStore artifacts = new S3ArtifactStore(s3, cloud.bucket());
            return artifacts.list(prefix).stream()
                    .max(java.util.Comparator.comparingLong(object -> Long.parseLong(object.key().substring(prefix.length()).replaceFirst("-.*", ""))))
                    .flatMap(object -> artifacts.current(object.key()))
                    .map(bytes -> Json.tree("report", bytes))
                    .orElseGet(() -> Json.tree("nothing", "{}".getBytes(StandardCharsets.UTF_8)));
        }
    }

    private boolean judge(long sent, int perSecond, JsonNode report) throws IOException {
        JsonNode counts = report.path("counts");
        long answers = answers();
        statuses.forEach((what, number) -> check(what.endsWith(" 200") || what.endsWith(" 202"), "%d × %s".formatted(number, what)));
        check(answers == WARM_UP + sent, "%d of %d requests were answered".formatted(answers, WARM_UP + sent));
        check(counts.path("predictions").asLong() == answers, "%d of %d predictions were captured".formatted(counts.path("predictions").asLong(), answers));
        check(counts.path("labelled").asLong() == labelsSent, "%d of %d labels were joined".formatted(counts.path("labelled").asLong(), labelsSent));
        check(counts.path("labelled").asLong() + report.path("open").asLong() == answers, "%d predictions are open".formatted(report.path("open").asLong()));
        for (String none : List.of("duplicates", "conflicts", "foreign", "unknown", "unlabelled")) {
            check(counts.path(none).asLong() == 0, "%s: %d".formatted(none, counts.path(none).asLong()));
        }
        long aside = deadLetters();
        check(aside == 0, "%d messages are in the dead-letter queue".formatted(aside));
        Path incidents = home.resolve("logs/incidents.jsonl");
        check(!Files.exists(incidents) || Files.size(incidents) == 0, "incidents, see " + incidents);
        Map<String, Object> residents = new TreeMap<>();
        memory.forEach((name, samples) -> residents.put(name, memory(samples)));
        Map<String, Object> afterCollections = new TreeMap<>();
        needed.forEach((name, samples) -> {
            if (WATCHED.contains(name)) {
                afterCollections.put(name, flat(name, samples));
            }
        });
        double[] sorted = latencies.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("seconds", Math.round((double) sent / perSecond));
        result.put("perSecond", perSecond);
        result.put("warmUp", WARM_UP);
        result.put("sent", sent);
        result.put("answers", new TreeMap<>(statuses));
        result.put("versions", new TreeMap<>(versions));
        result.put("milliseconds", Map.of("p50", at(sorted, 0.5), "p99", at(sorted, 0.99), "p999", at(sorted, 0.999), "max", sorted[sorted.length - 1]));
        result.put("labels", labelsSent);
        result.put("counts", counts);
        result.put("open", report.path("open"));
        result.put("deadLetters", aside);
        result.put("changes", changes);
        result.put("megabytes", residents);
        result.put("megabytesAfterCollections", afterCollections);
        result.put("broken", broken);
        System.out.println(new String(Json.pretty(result), StandardCharsets.UTF_8));
        return broken.isEmpty();
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            broken.add(otherwise);
        }
    }

    private static double at(double[] sorted, double quantile) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * quantile))];
    }

    private static List<Sample> secondHalf(List<Sample> samples) {
        return samples.subList(samples.size() / 2, samples.size());
    }

    /** Flat: a line through the second half of what a process needs rises by less than a tenth over it. */
    private Map<String, Object> flat(String name, List<Sample> samples) {
        Map<String, Object> found = memory(samples);
        List<Sample> half = secondHalf(samples);
        double mean = half.stream().mapToDouble(Sample::megabytes).average().orElse(0);
        double growth = (double) found.get("perMinuteOfSecondHalf") * (half.getLast().seconds() - half.getFirst().seconds()) / 60;
        check(growth <= FLAT * mean, "%s grew by %.0f MB over the second half, from %.0f".formatted(name, growth, mean));
        return found;
    }

    private static Map<String, Object> memory(List<Sample> samples) {
        List<Sample> half = secondHalf(samples);
        double seconds = half.stream().mapToDouble(Sample::seconds).average().orElse(0);
        double mean = half.stream().mapToDouble(Sample::megabytes).average().orElse(0);
        double covariance = half.stream().mapToDouble(each -> (each.seconds() - seconds) * (each.megabytes() - mean)).sum();
        double variance = half.stream().mapToDouble(each -> Math.pow(each.seconds() - seconds, 2)).sum();
        double perMinute = variance == 0 ? 0 : 60 * covariance / variance;
        return new TreeMap<>(Map.of(
                "start", samples.getFirst().megabytes(),
                "middle", half.getFirst().megabytes(),
                "end", half.getLast().megabytes(),
                "perMinuteOfSecondHalf", perMinute));
    }

    /** Where the queues are, only functions are told. */
    private long deadLetters() {
        try (Stream<ProcessHandle> children = ProcessHandle.of(cloudPid).stream().flatMap(ProcessHandle::children)) {
            URI endpoint = children.flatMap(child -> variable(child.pid(), "AWS_ENDPOINT_URL_SQS").stream()).findFirst().map(URI::create).orElseThrow();
            try (var sqs = Clients.sqs(endpoint, cloud.credentials())) {
                return sqs.listQueues().queueUrls().stream()
                        .filter(url -> url.contains("DeadLetter"))
                        .flatMap(url -> sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNamesWithStrings("All")).attributesAsStrings().entrySet().stream())
                        .filter(each -> each.getKey().startsWith("ApproximateNumberOfMessages"))
                        .mapToLong(each -> Long.parseLong(each.getValue()))
                        .sum();
            }
        }
    }
}
