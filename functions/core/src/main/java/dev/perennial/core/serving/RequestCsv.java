package dev.perennial.core.serving;

import dev.perennial.core.table.BadRow;
import dev.perennial.core.table.ReadTable;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.Schema.Field;
import dev.perennial.core.table.TableReader;
import dev.perennial.core.table.UnreadableDataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** CSV as a caller sends it, read by the rules that training data is read by. */
public final class RequestCsv {
    private RequestCsv() {}

    /**
     * Reads; bad rows are left to {@link #refuseBadRows}.
     *
     * @throws RefusedRequestException if it is no CSV with these columns
     */
    public static ReadTable read(byte[] body, List<Field> columns) {
        try {
            Path file = Files.createTempFile("request", ".csv");
            try {
                Files.write(file, body);
                return new TableReader(new Schema(columns)).add(file, "the request").finish();
            } catch (UnreadableDataException unreadable) {
                throw RefusedRequestException.of(String.valueOf(unreadable.getMessage()));
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("keeping a request's CSV for a moment", failed);
        }
    }

    /**
     * The columns that a request has.
     *
     * @throws RefusedRequestException if it is no CSV
     */
    static List<String> header(byte[] body) {
        return read(body, List.of()).skippedColumns();
    }

    /**
     * Unlike a file for training, a request is taken whole or not at all.
     *
     * @throws RefusedRequestException that says where the first bad row is and why
     */
    public static void refuseBadRows(ReadTable read) {
        if (read.badRowCount() > 0) {
            BadRow bad = read.badRows().getFirst();
            throw RefusedRequestException.of(
                    "line %d, column '%s': %s: %s"
                            .formatted(
                                    bad.line(),
                                    bad.column(),
                                    bad.reason(),
                                    RefusedRequestException.shown(bad.value())));
        }
    }
}
