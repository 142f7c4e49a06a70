package dev.perennial.core.table;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file (RFC 4180, UTF-8 with or without BOM, LF or CRLF) on its way into a {@link
 * TableReader}.
 */
final class CsvFile {
    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Path file;
    private final String name;
    private final TableReader reader;

    CsvFile(Path file, String name, TableReader reader) {
        this.file = file;
        this.name = name;
        this.reader = reader;
    }

    void read() throws IOException {
        Rows rows = new Rows();
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        try (Reader text = new InputStreamReader(withoutBom(Files.newInputStream(file)), decoder);
                CsvReader<Boolean> csv =
                        CsvReader.builder()
                                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                                .allowUnclosedQuote(false)
                                .build(rows, text)) {
            for (Iterator<Boolean> records = csv.iterator();
                    !reader.isFull() && records.hasNext(); ) {
                records.next();
            }
        } catch (UncheckedIOException | CsvParseException broken) {
            throw explained(broken);
        }
        if (!rows.sawHeader()) {
            throw new UnreadableDataException(name, "the file has no header line");
        }
    }

    /** Taken off before parsing: a quote behind it would not begin a quoted field. */
    private static InputStream withoutBom(InputStream in) throws IOException {
        InputStream buffered = new BufferedInputStream(in);
        buffered.mark(BOM.length);
        if (!Arrays.equals(buffered.readNBytes(BOM.length), BOM)) {
            buffered.reset();
        }
        return buffered;
    }

    private UnreadableDataException explained(RuntimeException broken) throws IOException {
        for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnreadableDataException unreadable) {
                return unreadable;
            }
            if (cause instanceof CharacterCodingException) {
                return new UnreadableDataException(
                        name,
                        "line %d is not UTF-8; save the file as UTF-8"
                                .formatted(firstMalformedLine()),
                        broken);
            }
        }
        Throwable root = broken;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new UnreadableDataException(name, "not valid CSV: " + root.getMessage(), broken);
    }

    private long firstMalformedLine() throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
        CharBuffer chars = CharBuffer.allocate(1 << 16);
        long line = 1;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            while (true) {
                int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
                bytes.position(bytes.position() + Math.max(read, 0)).flip();
                CoderResult result = decoder.decode(bytes, chars, read < 0);
                chars.flip();
                line += chars.chars().filter(each -> each == '\n').count();
                chars.clear();
                bytes.compact();
                if (result.isError() || read < 0) {
                    return line;
                }
            }
        }
    }

    /** Takes the parser's fields; the first record is the header. */
    private final class Rows extends AbstractBaseCsvCallbackHandler<Boolean> {
        private final List<String> header = new ArrayList<>();

        /** For each position in the file the schema's column, or −1. */
        private int[] columns = {};

        private boolean headerSeen;
        private long line;
        private int fields;
        private @Nullable BadRow bad;

        boolean sawHeader() {
            return headerSeen;
        }

        @Override
        protected void handleBegin(long startingLineNumber) {
            line = startingLineNumber;
            fields = 0;
            bad = null;
        }

        @Override
        protected void handleField(int index, char[] text, int offset, int length, boolean quoted) {
            fields++;
            if (!headerSeen) {
                header.add(new String(text, offset, length));
                return;
            }
            if (bad != null || index >= columns.length || columns[index] < 0) {
                return;
            }
            ColumnBuilder builder = reader.builder(columns[index]);
            String reason =
                    length > TableReader.MAX_CELL
                            ? "a cell of %,d characters; at most %,d"
                                    .formatted(length, TableReader.MAX_CELL)
                            : builder.set(reader.row(), text, offset, length);
            if (reason != null) {
                String value = new String(text, offset, Math.min(length, 201));
                bad = new BadRow(name, line, builder.name, value, reason);
            }
        }

        /** Spreadsheets of half the world export semicolons and call it CSV. */
        private void refuseOtherSeparators() {
            String only = header.size() == 1 ? header.getFirst() : "";
            for (Map.Entry<String, String> other :
                    Map.of(";", "semicolons", "\t", "tabs", "|", "bars").entrySet()) {
                if (only.contains(other.getKey())) {
                    throw new UnreadableDataException(
                            name,
                            "the header has %s where CSV has commas; export it anew with commas between the cells and points in the numbers"
                                    .formatted(other.getValue()));
                }
            }
        }

        @Override
        protected @Nullable Boolean buildRecord() {
            if (fields == 0) {
                return null; // a blank line
            }
            if (!headerSeen) {
                headerSeen = true;
                refuseOtherSeparators();
                int[] positions = reader.locate(name, header);
                columns = new int[header.size()];
                Arrays.fill(columns, -1);
                for (int column = 0; column < positions.length; column++) {
                    columns[positions[column]] = column;
                }
                return Boolean.TRUE;
            }
            if (fields != header.size()) {
                String reason = "%d fields, the header has %d".formatted(fields, header.size());
                reader.rejectRow(new BadRow(name, line, "", "", reason));
            } else if (bad != null) {
                reader.rejectRow(bad);
            } else {
                reader.acceptRow();
            }
            return Boolean.TRUE;
        }
    }
}
