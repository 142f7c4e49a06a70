package dev.perennial.local.lambda;

import dev.perennial.local.template.FunctionResource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A function's log file: what its processes print, between Lambda's START and REPORT lines. */
final class FunctionLog {
    private final Path file;

    FunctionLog(Path logs, FunctionResource function) {
        this.file = fileOf(logs, function);
    }

    static Path fileOf(Path logs, FunctionResource function) {
        return logs.resolve(function.logicalId() + ".log");
    }

    void start(String requestId) throws IOException {
        append("START RequestId: %s Version: $LATEST\n".formatted(requestId));
    }

    /** What the function itself has to say, whole lines. */
    void say(String lines) throws IOException {
        if (!lines.isEmpty()) {
            append(lines);
        }
    }

    void end(Invocation invocation) throws IOException {
        InvocationReport report = invocation.report();
        StringBuilder lines = new StringBuilder();
        lines.append("END RequestId: %s\n".formatted(report.requestId()));
        lines.append(
                "REPORT RequestId: %s\tDuration: %d ms\tBilled Duration: %d ms\tMemory Size: %d MB\tMax Memory Used: %d MB"
                        .formatted(
                                report.requestId(),
                                report.durationMillis(),
                                report.billedMillis(),
                                report.memoryMegabytes(),
                                report.maxMemoryUsedMegabytes()));
        if (report.initMillis() > 0) {
            lines.append("\tInit Duration: %d ms".formatted(report.initMillis()));
        }
        if (invocation instanceof Invocation.FunctionError error) {
            lines.append("\tStatus: error\tError Type: " + error.errorType());
        }
        append(lines.append('\n').toString());
    }

    /** In one write, at the end: processes write to the same file. */
    private void append(String lines) throws IOException {
        byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
        try {
            write(bytes);
        } catch (NoSuchFileException first) {
            Files.createDirectories(file.getParent());
            write(bytes);
        }
    }

    private void write(byte[] bytes) throws IOException {
        Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
