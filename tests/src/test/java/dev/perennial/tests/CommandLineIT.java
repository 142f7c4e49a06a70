package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.perennial.core.Rows;
import dev.perennial.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The command line as its user has it: a process with arguments, streams and an exit code. */
@Execution(ExecutionMode.CONCURRENT)
class CommandLineIT {
    @TempDir Path folder;

    private record Result(int code, String out, String err) {}

    private Process start(String... arguments) throws IOException {
        return new ProcessBuilder(command(arguments)).start();
    }

    /**
     * The class path goes into a file: ONNX Runtime searches the command line with a regular
     * expression, and 20,000 characters overflow its stack.
     */
    private List<String> command(String... arguments) throws IOException {
        Path classPath = folder.resolve("class-path");
        if (!Files.exists(classPath)) {
            Files.writeString(classPath, "-cp \"" + System.getProperty("java.class.path") + "\"");
        }
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-XX:TieredStopAtLevel=1",
                                "-Dperennial.root=" + System.getProperty("perennial.root"),
                                "-Dperennial.permissions="
                                        + System.getProperty("perennial.permissions"),
                                "@" + classPath,
                                "dev.perennial.local.cli.Main"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--home", folder.resolve("home").toString()));
        return command;
    }

    private Result perennial(String... arguments) throws Exception {
        return result(start(arguments));
    }

    private static Result result(Process process) throws Exception {
        StringBuilder err = new StringBuilder();
        Thread reader = Thread.ofVirtual().start(() -> err.append(text(process.getErrorStream())));
        String out = text(process.getInputStream());
        assertTrue(process.waitFor(2, TimeUnit.MINUTES));
        reader.join();
        return new Result(process.exitValue(), out, err.toString());
    }

    private static String text(InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void run_promotes_andLeavesTheFourFiles_orSaysWhyNot_andUpServesTheModel() throws Exception {
        Path spec = file("shop.yaml", Rows.spec("shop"));
        Path data = file("shop.csv", Rows.csv(1_500, 1) + "2026-03-04T00:00:00Z,north,big,11,no\n");
        Path out = folder.resolve("out");

        Result run = perennial(with(run(spec, data), "--out", out.toString(), "--json"));

        assertEquals(0, run.code(), run.err());
        JsonNode document =
                Json.tree("standard output", run.out().getBytes(StandardCharsets.UTF_8));
        assertEquals("PROMOTED", document.get("status").asString());
        assertEquals(1, document.get("version").asInt());
        assertTrue(document.get("cost").get("totalUsd").asDouble() > 0);
        assertEquals("Retrieve", document.get("steps").get(0).get("step").asString());
        for (String name : List.of("model.onnx", "report.html", "model-card.md", "run.json")) {
            assertTrue(Files.size(out.resolve(name)) > 500, name);
        }
        assertTrue(Files.readString(out.resolve("bad-rows.json")).contains("\"big\""));
        assertTrue(run.err().contains("Promote"), "progress goes to standard error");
        Result models = perennial("models");
        assertTrue(models.out().contains("champion"), models.out());
        Result show = perennial("show", "1");
        assertTrue(show.out().contains(document.get("snapshot").asString()), show.out());
        refusalsHaveExitCodesOfTheirOwn(data);
        Result again = perennial(with(run(spec, file("new.csv", Rows.csv(1_500, 2))), "--fast"));
        assertEquals(0, again.code(), again.err());
        upServesTheModel(spec);
    }

    @Test
    void features_areIngested_shown_andSnapshot() throws Exception {
        Files.createDirectory(folder.resolve("views"));
        Path view =
                file(
                        "views/prices.yaml",
                        """
                        name: prices
                        key: [shop]
                        time: at
                        columns: [{name: price, type: number, min: 0}]
                        maxBadRows: 0.5
                        """);
        Path spec =
                file(
                        "shop.yaml",
                        Rows.spec("shop")
                                .replace("features:", "key: [shop]\nfeatures:")
                                .replaceFirst(
                                        "- \\{name: price.*",
                                        "- {view: prices, columns: [price]}"));
        Path prices =
                file(
                        "prices.csv",
                        "at,shop,price\n2025-12-31T00:00:00Z,north,11\n2025-12-31T00:00:00Z,north,free\n2026-01-02T00:00:00Z,north,12.5\n");
        Path labels = file("labels.csv", Rows.csv(100, 1)); // its prices are passed over
        String[] ingest = {"features", "ingest", view.toString(), "--data", prices.toString()};

        Result first = perennial(ingest);
        Result shown = perennial("features", "show", view.toString(), "--key", "north");
        Path out = folder.resolve("snapshot.parquet");
        Result snapshot =
                perennial(
                        "snapshot",
                        spec.toString(),
                        "--data",
                        labels.toString(),
                        "--out",
                        out.toString());
        Result expected = perennial("expect", view.toString(), "--data", prices.toString());

        assertEquals(0, first.code(), first.err());
        assertTrue(first.out().contains("2 rows of 2 days, 1 left out"), first.out());
        assertTrue(shown.out().contains("12.5"), shown.out() + shown.err());
        assertEquals(0, snapshot.code(), snapshot.err());
        assertTrue(snapshot.out().contains("view prices: "), snapshot.out());
        assertTrue(Files.size(out) > 500);
        assertEquals(3, expected.code(), expected.err());
        assertTrue(
                expected.out().contains("+   - {name: price, type: number, min: 0, max: "),
                expected.out());
    }

    private void refusalsHaveExitCodesOfTheirOwn(Path data) throws Exception {
        Path strict = file("strict.yaml", Rows.spec("shop").replace("min: 0.6", "min: 0.999"));
        Path empty = file("empty.csv", Rows.HEADER + "\n");

        Result gates = perennial(run(strict, data));
        Result rows = perennial(run(strict, empty));

        assertEquals(3, gates.code(), gates.err());
        assertTrue(
                gates.out().startsWith("REJECTED: gates failed: auc at least 0.999"), gates.out());
        assertEquals(4, rows.code(), rows.err());
        assertTrue(rows.out().contains("no readable row"), rows.out());
    }

    /** The champion answers from its zip, through its alias; an end leaves nobody behind. */
    private void upServesTheModel(Path spec) throws Exception {
        Path request = file("request.csv", "shop,size,price\nnorth,1.5,11.25\n,,14\n");
        Path wrong = file("wrong.json", "{\"rows\":[{\"shop\":\"north\",\"size\":1}]}");
        Result nobody = perennial("predict", "--data", request.toString());
        assertEquals(2, nobody.code());
        assertTrue(nobody.err().contains("scripts/perennial up"), nobody.err());

        Process up = start("up", "--pipeline", spec.toString());
        try {
            awaitLine(up, "predict answers");
            rollBackGoesToTheFirstVersion_andIsAnEvent();
            Result answered = perennial("predict", "--data", request.toString());
            assertEquals(0, answered.code(), answered.err());
            JsonNode answer = Json.tree("answer", answered.out().getBytes(StandardCharsets.UTF_8));
            assertEquals(2, answer.get("predictions").size());
            assertEquals(1, answer.get("predictions").get(0).get("version").asInt());
            Result refused = perennial("predict", "--data", wrong.toString());
            assertEquals(2, refused.code());
            assertTrue(refused.out().contains("column 'price': left out"), refused.out());
            Result models = perennial("models");
            assertTrue(models.out().contains("champion"), models.err());
            Result doctor = perennial("doctor");
            assertEquals(0, doctor.code(), doctor.out() + doctor.err());
            assertTrue(doctor.out().contains("is up"), doctor.out());
            assertTrue(doctor.out().contains("all its files are there"), doctor.out());
            Result run = perennial(run(spec, file("more.csv", Rows.csv(1_500, 3))));
            assertEquals(1, run.code());
            assertTrue(run.err().contains("another perennial command is using"), run.err());
            assertEquals(0, perennial("predict", "--data", request.toString()).code());
        } finally {
            end(up, ProcessHandle::destroyForcibly);
        }
        nothingAnsweredIsLost(spec, request);
    }

    private void rollBackGoesToTheFirstVersion_andIsAnEvent() throws Exception {
        Result back = perennial("rollback", "--reason", "too dear");
        assertEquals(0, back.code(), back.err());
        assertTrue(back.out().contains("Version 1 of shop is champion"), back.out());
        // Alarms change meanwhile, and are events, too.
        JsonNode event =
                Files.readAllLines(folder.resolve("home/events.jsonl")).stream()
                        .map(line -> Json.tree("event", line.getBytes(StandardCharsets.UTF_8)))
                        .filter(each ->
                                each.get("detail-type")
                                        .asString()
                                        .equals("perennial.model.promoted"))
                        .reduce((_, later) -> later)
                        .orElseThrow();
        JsonNode detail = event.get("detail");
        assertEquals(1, detail.get("version").asInt());
        assertEquals(2, detail.get("previousVersion").asInt());
        assertEquals("too dear", detail.get("reason").asString());
        Result further = perennial("rollback");
        assertEquals(2, further.code());
        assertTrue(further.err().contains("is the first champion"), further.err());
    }

    /** What had been answered is captured after a kill, and what waits is said at the end. */
    private void nothingAnsweredIsLost(Path spec, Path request) throws Exception {
        Process up = start("up", "--pipeline", spec.toString());
        try {
            awaitLine(up, "predict answers");
            String found = "";
            for (int look = 0; look < 40 && !found.contains(": 4 predictions"); look++) {
                found = perennial("status", "--look").out();
            }
            assertTrue(found.contains(": 4 predictions"), found);
            assertEquals(0, perennial("predict", "--data", request.toString()).code());
            String status = perennial("status").out();
            assertTrue(status.contains("perennial-CaptureQueue: 1 waiting"), status);
        } finally {
            end(up, ProcessHandle::destroy);
        }
        String farewell = text(up.getErrorStream());
        assertTrue(farewell.contains("Kept in perennial-CaptureQueue: 1 waiting"), farewell);
        assertFalse(Files.exists(folder.resolve("home/up.json")));
    }

    /** Through its handle: the process's own methods would close its streams. */
    private static void end(Process up, Consumer<ProcessHandle> how) throws Exception {
        List<ProcessHandle> workers = up.descendants().toList();
        how.accept(up.toHandle());
        assertTrue(up.waitFor(1, TimeUnit.MINUTES));
        for (ProcessHandle worker : workers) {
            worker.onExit().get(30, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @MethodSource
    void wrongUsage_exitsWith2_inOneSentence(List<String> arguments, String said) throws Exception {
        file("shop.yaml", Rows.spec("shop"));
        file("wrong.yaml", Rows.spec("shop").replace("window: P90D", "windoww: P90D"));
        file("notes.txt", "x");
        file("event.json", "{}");
        String[] resolved =
                arguments.stream()
                        .map(each ->
                                each.startsWith("@")
                                        ? folder.resolve(each.substring(1)).toString()
                                        : each)
                        .toArray(String[]::new);

        Result result = perennial(resolved);

        assertEquals(2, result.code(), result.err());
        assertTrue(result.err().contains(said), result.err());
        assertFalse(result.err().contains("\tat "), "no stack trace without --verbose");
    }

    static Stream<Arguments> wrongUsage_exitsWith2_inOneSentence() {
        return Stream.of(
                Arguments.of(List.of(), "Which command?"),
                Arguments.of(List.of("fly"), "fly"),
                Arguments.of(List.of("run", "--pipeline", "@shop.yaml"), "--data"),
                Arguments.of(
                        List.of("run", "--pipeline", "@none.yaml", "--data", "@shop.csv"),
                        "none.yaml can't be read"),
                Arguments.of(
                        List.of("run", "--pipeline", "@shop.yaml", "--data", "@none.csv"),
                        "none.csv does not exist"),
                Arguments.of(
                        List.of("run", "--pipeline", "@shop.yaml", "--data", "@notes.txt"),
                        "neither .csv nor .parquet"),
                Arguments.of(
                        List.of("check", "@wrong.yaml"),
                        "wrong.yaml:9: windoww: found an unknown key"),
                Arguments.of(List.of("invoke", "fly", "--event", "@event.json"), "no step 'fly'"),
                Arguments.of(
                        List.of("invoke", "train", "--event", "@notes.txt"),
                        "the event is no JSON: "),
                Arguments.of(
                        List.of("run", "--pipeline", "@shop.yaml", "--data", "@shop.yaml"),
                        "neither .csv nor .parquet"));
    }

    /**
     * The state outlives any moment of death: one run after the other in the same home is killed in
     * the middle of its next step, then a run completes. In one JVM, as that takes a third of the
     * time; one is killed with its functions' processes, and takes them along.
     */
    @Test
    void killedInTheMiddleOfEachStep_theNextRunCompletes_andTheRegistryIsConsistent()
            throws Exception {
        Path spec = file("shop.yaml", Rows.spec("shop").replace("candidates: 2", "candidates: 1"));
        Path data = file("shop.csv", Rows.csv(1_500, 1));
        String[] run = run(spec, data);
        List<ProcessHandle> functions = new ArrayList<>();
        List<String> steps =
                List.of(
                        "Retrieve",
                        "Validate",
                        "Prepare",
                        "Train",
                        "Evaluate",
                        "Register",
                        "Promote",
                        "Conclude");
        String before = "Announce start";
        for (String step : steps) {
            String[] named = with(run, "--run", "killed-in-" + step);
            Process killed = start(step.equals("Train") ? named : with(named, "--fast"));
            awaitLine(killed, " " + before + "  ");
            functions.addAll(killed.descendants().toList());
            killed.destroyForcibly().waitFor();
            before = step;
        }
        assertFalse(functions.isEmpty());

        Result completed = perennial(with(run, "--run", "last", "--json", "--fast"));

        assertEquals(0, completed.code(), completed.err());
        int version =
                Json.tree("run.json", completed.out().getBytes(StandardCharsets.UTF_8))
                        .get("version")
                        .asInt();
        // The runs killed in Register, Promote and Conclude may have their numbers; the embedded
        // DynamoDB can lose what it took just before a kill. Whatever it kept is without gaps.
        assertTrue(version >= 1 && version <= 4, "version " + version);
        Result models = perennial("models", "--json");
        JsonNode versions =
                Json.tree("models", models.out().getBytes(StandardCharsets.UTF_8)).get("shop");
        assertEquals(version, versions.size());
        for (int i = 0; i < version; i++) {
            assertEquals(i + 1, versions.get(i).get("version").asInt());
        }
        for (ProcessHandle function : functions) { // none outlives whoever started it
            function.onExit().get(60, TimeUnit.SECONDS);
        }
    }

    /** A small disk of its own, in a namespace of its own: what fills it up is really full. */
    @Test
    void diskFull_isSaid_andTheNextRunCompletesOnceThereIsRoom() throws Exception {
        Path spec = file("shop.yaml", Rows.spec("shop").replace("candidates: 2", "candidates: 1"));
        Path data = file("shop.csv", Rows.csv(1_500, 1));
        Path disk = Files.createDirectory(folder.resolve("home"));
        assumeTrue(
                inNamespace("mount -t tmpfs none \"$0\"", List.of(disk.toString())).code() == 0,
                "no user namespaces here, so no disk that could be filled");
        List<String> arguments = new ArrayList<>(List.of(disk.toString()));
        arguments.addAll(command(with(run(spec, data), "--json")));

        Result result =
                inNamespace(
                        "mount -t tmpfs -o size=130m none \"$0\" && { \"$@\" >\"$0.out\"; echo \"exit $?\" >&2; "
                                + "mount -o remount,size=2g \"$0\"; exec \"$@\"; }",
                        arguments);

        assertTrue(result.err().contains("The disk of " + disk + " is full"), result.err());
        assertTrue(result.err().contains("exit 1\n"), result.err());
        assertEquals(0, result.code(), result.err());
        JsonNode document = Json.tree("run.json", result.out().getBytes(StandardCharsets.UTF_8));
        assertEquals(1, document.get("version").asInt());
    }

    private static Result inNamespace(String script, List<String> arguments) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c"));
        command.add(script);
        command.addAll(arguments);
        try {
            return result(new ProcessBuilder(command).start());
        } catch (IOException noSuchCommand) {
            return new Result(127, "", String.valueOf(noSuchCommand.getMessage()));
        }
    }

    private static String[] run(Path spec, Path data) {
        return new String[] {"run", "--pipeline", spec.toString(), "--data", data.toString()};
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    /** Reads progress until a line with a text came. */
    private static void awaitLine(Process process, String text) throws IOException {
        StringBuilder seen = new StringBuilder();
        InputStream err = process.getErrorStream();
        for (int each = err.read(); each >= 0; each = err.read()) {
            seen.append((char) each);
            if (each == '\n' && seen.indexOf(text) >= 0) {
                return;
            }
        }
        throw new AssertionError(
                "ended with %d without '%s': %s%s"
                        .formatted(
                                process.onExit().join().exitValue(),
                                text,
                                seen,
                                text(process.getInputStream())));
    }
}
