package dev.perennial.core.json;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** JSON in gzip. */
public final class PackedJson {
    public static final String MEDIA_TYPE = "application/gzip";

    private PackedJson() {}

    public static byte[] write(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(Json.write(value));
        } catch (IOException impossible) {
            throw new UncheckedIOException("packing JSON", impossible);
        }
        return bytes.toByteArray();
    }

    /**
     * The JSON inside.
     *
     * @param what names it in messages
     * @throws MalformedJsonException if it is no gzip
     */
    public static byte[] unpack(String what, byte[] packed) {
        try (GZIPInputStream json = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return json.readAllBytes();
        } catch (IOException broken) {
            throw new MalformedJsonException(what, "is no gzip", broken);
        }
    }
}
