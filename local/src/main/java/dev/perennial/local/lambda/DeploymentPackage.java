package dev.perennial.local.lambda;

import dev.perennial.core.store.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Deployment zips, unpacked once per content. Zips have most of their libraries in common, so a
 * large file is a hard link to the one that came first.
 */
final class DeploymentPackage {
    /** Lambda's own limit for an unzipped package. */
    private static final long MAX_UNZIPPED = 262_144_000;

    private static final String PARTIAL = "partial";

    /** The folder of large files, one link to each. */
    private static final String FILES = "files";

    /** In bytes; smaller files are copied. */
    private static final long LARGE = 16_384;

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
        try (ZipFile opened = new ZipFile(chosen.toFile())) {
            Path target = cache.resolve(content(opened).abbreviated());
            if (!Files.exists(target)) {
                unpack(opened, target, cache);
            }
            return target;
        }
    }

    /** By names, sizes and checksums, as the zip's own directory has them. */
    private static Digest content(ZipFile zip) {
        StringBuilder listing = new StringBuilder();
        for (ZipEntry entry : Collections.list(zip.entries())) {
            listing.append(
                    "%s %d %08x\n".formatted(entry.getName(), entry.getSize(), entry.getCrc()));
        }
        return Digest.of(listing.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void unpack(ZipFile zip, Path target, Path cache) throws IOException {
        Files.createDirectories(cache);
        Path partial = Files.createTempDirectory(cache, PARTIAL);
        sweep(cache, Files.getLastModifiedTime(partial).toInstant());
        try {
            extract(zip, partial, cache.resolve(FILES));
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
    }

    private static void sweep(Path cache, Instant now) throws IOException {
        try (var folders = Files.list(cache)) {
            for (Path folder : folders.filter(each -> !each.endsWith(FILES)).toList()) {
                boolean isPartial = String.valueOf(folder.getFileName()).startsWith(PARTIAL);
                Instant old = now.minus(isPartial ? UNPACKING : KEPT);
                if (Files.getLastModifiedTime(folder).toInstant().isBefore(old)) {
                    delete(folder);
                }
            }
            if (Files.isDirectory(cache.resolve(FILES))) {
                sweepFiles(cache.resolve(FILES));
            }
        } catch (NoSuchFileException other) {
            // another home that shares the folder sweeps too
        }
    }

    /** Those that no package links to any more. */
    private static void sweepFiles(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (Files.getAttribute(file, "unix:nlink") instanceof Integer links && links == 1) {
                    Files.deleteIfExists(file);
                }
            }
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

    private static void extract(ZipFile zip, Path folder, Path large) throws IOException {
        long size = 0;
        for (ZipEntry entry : Collections.list(zip.entries())) {
            Path target = folder.resolve(entry.getName()).normalize();
            if (!target.startsWith(folder)) {
                throw new IOException(
                        "%s has an entry outside its folder: %s"
                                .formatted(zip.getName(), entry.getName()));
            }
            if (entry.isDirectory()) {
                Files.createDirectories(target);
                continue;
            }
            Files.createDirectories(target.getParent());
            boolean isLarge = entry.getSize() >= LARGE;
            Path twin =
                    large.resolve(
                            "%08x-%d-%s"
                                    .formatted(
                                            entry.getCrc(), entry.getSize(), target.getFileName()));
            if (isLarge && linked(target, twin)) {
                size += entry.getSize();
            } else {
                CRC32 checksum = new CRC32();
                try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), checksum)) {
                    size += Files.copy(limited(in, MAX_UNZIPPED - size + 1), target);
                }
                if (size <= MAX_UNZIPPED && checksum.getValue() != entry.getCrc()) {
                    throw new IOException(
                            "%s is damaged at %s; build it anew with scripts/build --force"
                                    .formatted(zip.getName(), entry.getName()));
                }
                if (isLarge) {
                    Files.createDirectories(large);
                    linked(twin, target);
                }
            }
            if (size > MAX_UNZIPPED) {
                throw new IOException(
                        "%s unpacks to more than Lambda's %,d bytes"
                                .formatted(zip.getName(), MAX_UNZIPPED));
            }
        }
    }

    /** Whether that could be done: a file system need not have links, or has no such file. */
    private static boolean linked(Path link, Path existing) {
        try {
            Files.createLink(link, existing);
            return true;
        } catch (IOException | UnsupportedOperationException copyInstead) {
            return false;
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
