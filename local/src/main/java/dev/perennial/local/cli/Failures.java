package dev.perennial.local.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Failures as a person wants to read them. */
final class Failures {
    /** One of the larger single writes of a run. */
    private static final long LEAST_FREE_BYTES = 20_000_000;

    private static final String SYSTEMS_WORDS = "No space left on device";

    private Failures() {}

    static String sentence(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    /**
     * Says that a disk is full, if one is: whatever failed then failed for that, and what it says
     * of it rarely helps.
     *
     * @param folders what the command writes to
     */
    static Optional<String> fullDisk(List<Path> folders) {
        for (Path folder : folders) {
            Path existing = folder.toAbsolutePath();
            while (existing.getParent() != null && !Files.exists(existing)) {
                existing = existing.getParent();
            }
            long free = existing.toFile().getUsableSpace();
            if (free < LEAST_FREE_BYTES) {
                return Optional.of(fullDisk(folder, free));
            }
        }
        return Optional.empty();
    }

    /**
     * As {@link #fullDisk(List)}, of a failure that says so itself: what filled the disk may have
     * been cleared away since.
     */
    static Optional<String> fullDisk(Path folder, String said) {
        return said.contains(SYSTEMS_WORDS)
                ? Optional.of(fullDisk(folder, folder.toFile().getUsableSpace()))
                : Optional.empty();
    }

    private static String fullDisk(Path folder, long free) {
        return "The disk of %s is full (%,d kB free): make room there, or choose another folder with --home."
                .formatted(folder, free / 1_000);
    }
}
