package dev.perennial.local.lambda;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;

/** Builds tiny deployment zips as AWS wants them: classes at the root, libraries under lib. */
public final class FunctionZip {
    private FunctionZip() {}

    /**
     * Compiles and packs.
     *
     * @param name of the class, which becomes {@code demo.<name>}
     * @param body of its handleRequest(in, out, context)
     * @param members fields and static initialisers
     */
    public static Path build(Path folder, String name, String members, String body)
            throws IOException {
        Path source = Files.createDirectories(folder.resolve("source-" + name));
        Path classes = Files.createDirectories(folder.resolve("classes-" + name));
        Path file =
                Files.writeString(
                        source.resolve(name + ".java"),
                        """
                        package demo;
                        import com.amazonaws.services.lambda.runtime.*;
                        import java.io.*;
                        import java.nio.charset.StandardCharsets;
                        import java.util.*;
                        public class %s implements RequestStreamHandler {
                            %s
                            static void write(OutputStream out, String text) throws IOException {
                                out.write(text.getBytes(StandardCharsets.UTF_8));
                            }
                            @Override
                            public void handleRequest(InputStream in, OutputStream out, Context context)
                                    throws IOException {
                                String event = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                                %s
                            }
                        }
                        """
                                .formatted(name, members, body));
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-cp",
                                core().toString(),
                                "-d",
                                classes.toString(),
                                file.toString());
        if (status != 0) {
            throw new IllegalStateException("the test's function does not compile");
        }
        Path zip = folder.resolve(name + "-linux-x86_64.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip));
                Stream<Path> files = Files.walk(classes)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            for (Path each : all) {
                put(out, classes.relativize(each).toString(), Files.readAllBytes(each));
            }
            put(out, "lib/core.jar", Files.readAllBytes(core()));
        }
        return zip;
    }

    static void put(ZipOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new ZipEntry(name));
        out.write(content);
        out.closeEntry();
    }

    static Path core() {
        try {
            return Path.of(
                    RequestStreamHandler.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI());
        } catch (URISyntaxException wrong) {
            throw new UncheckedIOException(new IOException(wrong));
        }
    }
}
