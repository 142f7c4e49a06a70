package dev.perennial.local.doctor;

import dev.perennial.core.json.Json;
import dev.perennial.local.live.LiveFiles;
import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the folder of a local cloud and the build say. */
public final class HomeChecks {
    private final Stack stack;
    private final Path home;
    private final boolean isUp;

    public HomeChecks(Stack stack, Path home, boolean isUp) {
        this.stack = stack;
        this.home = home;
        this.isUp = isUp;
    }

    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        List<String> missing =
                stack.functions().stream()
                        .map(FunctionResource::codeUri)
                        .filter(zip -> !Files.exists(zip))
                        .map(Path::toString)
                        .toList();
        findings.add(
                missing.isEmpty()
                        ? Finding.fine(
                                "the template can be read, the zips of its %d functions are there"
                                        .formatted(stack.functions().size()))
                        : Finding.broken(
                                "zips are missing: " + String.join(", ", missing),
                                "scripts/build"));
        findings.add(
                isUp
                        ? Finding.fine("the local cloud of %s is up".formatted(home))
                        : Finding.note(
                                "the local cloud of %s isn't up: nothing runs by itself"
                                        .formatted(home),
                                "perennial up --pipeline SPEC"));
        waiting(findings);
        alarms(findings);
        return findings;
    }

    private void waiting(List<Finding> findings) {
        LiveFiles.of(home)
                .waiting()
                .forEach((queue, messages) ->
                        findings.add(
                                queue.contains("DeadLetter")
                                        ? Finding.broken(
                                                "%,d messages were given up and wait in %s"
                                                        .formatted(messages, queue),
                                                "docs/runbook.md, DeadLetterAlarm")
                                        : Finding.note(
                                                "%,d wait in %s".formatted(messages, queue),
                                                isUp
                                                        ? "nothing, if it gets fewer"
                                                        : "perennial up goes on with them")));
    }

    private void alarms(List<Finding> findings) {
        Path file = LiveFiles.of(home).alarms();
        try {
            if (Files.exists(file)) {
                Json.tree(file.toString(), Files.readAllBytes(file))
                        .path("alarms")
                        .properties()
                        .forEach(alarm -> {
                            if (alarm.getValue().path("state").asString().equals("ALARM")) {
                                findings.add(
                                        Finding.note(
                                                "%s is in alarm since %s"
                                                        .formatted(
                                                                alarm.getKey(),
                                                                alarm.getValue()
                                                                        .path("since")
                                                                        .asString()),
                                                "docs/runbook.md"));
                            }
                        });
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("reading " + file, failed);
        }
    }
}
