package dev.perennial.local;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.local.permission.Credentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Where a local cloud that stays up can be reached, as it tells other commands by a file in its
 * home that only its owner may read.
 *
 * @param predict the predict function's URL
 * @param feedback the feedback function's URL
 * @param invoke where functions are invoked as Lambda's API has it
 * @param dynamoDb endpoint of the registry's DynamoDB
 * @param table the registry's table
 * @param features the online feature store's table
 * @param s3 endpoint of the store
 * @param stepFunctions endpoint of the state machine
 * @param eventBridge endpoint of the event bus
 */
public record RunningCloud(
        String pipeline,
        URI predict,
        URI feedback,
        URI invoke,
        URI dynamoDb,
        String table,
        String features,
        URI s3,
        String bucket,
        URI stepFunctions,
        URI eventBridge,
        Credentials credentials) {
    private static final String FILE = "up.json";

    /** What the cloud of a home says, if one is up. */
    public static Optional<RunningCloud> of(Path home) {
        Path file = home.resolve(FILE);
        try {
            return Files.exists(file)
                    ? Optional.of(
                            Json.read(
                                    file.toString(), Files.readAllBytes(file), RunningCloud.class))
                    : Optional.empty();
        } catch (MalformedJsonException anotherVersions) {
            return Optional.empty(); // of a cloud that this command can't talk to
        } catch (IOException failed) {
            throw new UncheckedIOException("reading " + file, failed);
        }
    }

    void announce(Path home) {
        Path file = home.resolve(FILE);
        try {
            Files.deleteIfExists(file); // of a cloud that was killed
            try (var channel =
                    Files.newByteChannel(
                            file,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")))) {
                channel.write(java.nio.ByteBuffer.wrap(Json.pretty(this)));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("writing " + file, failed);
        }
    }

    static void withdraw(Path home) {
        try {
            Files.deleteIfExists(home.resolve(FILE));
        } catch (IOException failed) {
            throw new UncheckedIOException("deleting " + home.resolve(FILE), failed);
        }
    }
}
