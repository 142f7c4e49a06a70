package dev.perennial.local.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentPackageTest {
    @TempDir Path folder;

    private Path cache;

    @BeforeEach
    void makeCache() throws IOException {
        cache = Files.createDirectories(folder.resolve("cache"));
    }

    private Path zip(String entry) throws IOException {
        Path zip = folder.resolve("f.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry(entry));
            out.write('x');
        }
        return zip;
    }

    private void left(String name, Duration ago) throws IOException {
        Path left = Files.createDirectory(cache.resolve(name));
        FileTime now = Files.getLastModifiedTime(left);
        Files.writeString(left.resolve("Some.class"), "x");
        Files.setLastModifiedTime(left, FileTime.from(now.toInstant().minus(ago)));
    }

    private Set<String> cached() throws IOException {
        try (var folders = Files.list(cache)) {
            return folders.map(each -> String.valueOf(each.getFileName()))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void oldPackages_andWhatAKilledProcessLeft_areSwept() throws IOException {
        left("lastmonths", Duration.ofDays(31));
        left("partial1", Duration.ofHours(2));
        left("yesterdays", Duration.ofDays(1));
        left("partial2", Duration.ofMinutes(1));

        Path unpacked = DeploymentPackage.unpack(zip("A.class"), cache);

        assertEquals(
                Set.of(String.valueOf(unpacked.getFileName()), "yesterdays", "partial2"), cached());
    }

    /** What two zips have in common is on the disk once, and stays while one of them is there. */
    @Test
    void largeFiles_areShared_untilNoPackageHasThem() throws IOException {
        Path one = DeploymentPackage.unpack(library("one.zip", "a"), cache);
        Path other = DeploymentPackage.unpack(library("other.zip", "b"), cache);

        assertNotEquals(one, other);
        assertEquals(one, DeploymentPackage.unpack(library("one.zip", "a"), cache));
        assertTrue(Files.isSameFile(one.resolve("lib/x.jar"), other.resolve("lib/x.jar")));
        assertFalse(Files.isSameFile(one.resolve("own"), other.resolve("own")));
        DeploymentPackage.delete(one);
        DeploymentPackage.unpack(zip("A.class"), cache);
        assertEquals(1, filesIn(cache.resolve("files")));
        DeploymentPackage.delete(other);
        DeploymentPackage.unpack(zip("B.class"), cache);
        assertEquals(0, filesIn(cache.resolve("files")));
    }

    private Path library(String name, String own) throws IOException {
        Path zip = folder.resolve(name);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("lib/x.jar"));
            out.write(new byte[100_000]);
            out.putNextEntry(new ZipEntry("own"));
            out.write(own.getBytes(StandardCharsets.UTF_8));
        }
        return zip;
    }

    private static long filesIn(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.count();
        }
    }

    @Test
    void damagedPackage_isSaid_andDoesNotReachTheSharedFiles() throws IOException {
        Path zip = library("one.zip", "intact");
        byte[] bytes = Files.readAllBytes(zip);
        int own = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("own") + "own".length();
        bytes[own + 1] ^= 4; // within the deflated text
        Files.write(zip, bytes);

        assertThrows(IOException.class, () -> DeploymentPackage.unpack(zip, cache));

        assertEquals(Set.of("files"), cached());
    }

    @Test
    void packageThatCantBeUnpacked_leavesNothing() throws IOException {
        Path outside = zip("../A.class");

        assertThrows(IOException.class, () -> DeploymentPackage.unpack(outside, cache));

        assertEquals(Set.of(), cached());
    }
}
