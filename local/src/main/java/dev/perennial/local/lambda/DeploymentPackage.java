package dev.perennial.local.lambda;

import dev.perennial.core.store.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Deployment zips, unpacked once per content. */
final class DeploymentPackage {
    /** Lambda's own limit for an unzipped package. */
    private static final long MAX_UNZIPPED = 262_144_000;

    private static final String PARTIAL = "partial";

    /** Each build leaves new folders; one that is still wanted is unpacked again. */
    private static final Duration KEPT = Duration.ofDays(30);

    /** Unpacking takes seconds; a folder half unpacked for so long was left by a killed process. */
    private static final Duration UNPACKING = Duration.ofHours(1);

    private DeploymentPackage() {}

    /**
     * Gives the folder with a zip's content.
     *
     * @param zip as the template names it; its sibling for this machine's architecture is taken
     */
    static Path unpack(Path zip, Path cache) throws IOException {
        Path chosen = forThisMachine(zip);
        if (!Files.exists(chosen)) {
            throw new IOException(
                    "%s does not exist; build it with scripts/build".formatted(chosen));
        }
        Path target = cache.resolve(Digest.of(chosen).abbreviated());
        if (Files.exists(target)) {
            return target;
        }
        Files.createDirectories(cache);
        Path partial = Files.createTempDirectory(cache, PARTIAL);
        sweep(cache, Files.getLastModifiedTime(partial).toInstant());
        try {
            extract(chosen, partial);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException other) {
            if (!Files.exists(target)) { // else somebody was faster
                throw other;
            }
        } finally {
            if (Files.exists(partial)) {
                delete(partial);
            }
        }
        return target;
    }

    private static void sweep(Path cache, Instant now) throws IOException {
        try (var folders = Files.list(cache)) {
            for (Path folder : folders.toList()) {
                boolean isPartial = String.valueOf(folder.getFileName()).startsWith(PARTIAL);
                Instant old = now.minus(isPartial ? UNPACKING : KEPT);
                if (Files.getLastModifiedTime(folder).toInstant().isBefore(old)) {
                    delete(folder);
                }
            }
        } catch (NoSuchFileException other) {
            // another home that shares the folder sweeps too
        }
    }

    /**
     * Checks that zips can run here.
     *
     * @throws IllegalStateException if not
     */
    static void checkMachine() {
        String system = System.getProperty("os.name", "");
        if (!system.equals("Linux")) {
            throw new IllegalStateException(
                    "the deployment zips carry Linux libraries and this is %s; use Linux or WSL"
                            .formatted(system));
        }
    }

    static boolean isArm() {
        return System.getProperty("os.arch", "").equals("aarch64");
    }

    private static Path forThisMachine(Path zip) {
        return isArm()
                ? zip.resolveSibling(
                        String.valueOf(zip.getFileName())
                                .replace("-linux-x86_64.zip", "-linux-aarch64.zip"))
                : zip;
    }

    private static void extract(Path zip, Path folder) throws IOException {
        long size = 0;
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException(
                            "%s has an entry outside its folder: %s"
                                    .formatted(zip, entry.getName()));
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(target.getParent());
                size += Files.copy(limited(in, MAX_UNZIPPED - size + 1), target);
                if (size > MAX_UNZIPPED) {
                    throw new IOException(
                            "%s unpacks to more than Lambda's %,d bytes"
                                    .formatted(zip, MAX_UNZIPPED));
                }
            }
        }
    }

    private static InputStream limited(InputStream in, long limit) {
        return new InputStream() {
            private long left = limit;

            @Override
            public int read() throws IOException {
                return left-- <= 0 ? -1 : in.read();
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (left <= 0) {
                    return -1;
                }
                int read = in.read(buffer, offset, (int) Math.min(length, left));
                left -= Math.max(0, read);
                return read;
            }
        };
    }

    static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
