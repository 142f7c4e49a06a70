package dev.perennial.aws;

import dev.perennial.core.feature.Inbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Files that arrive in a bucket. What is taken away is kept as an earlier version for as long as
 * the bucket's rules say.
 */
public final class S3Inbox implements Inbox {
    private static final int NOT_FOUND = 404;

    private final S3Client s3;
    private final String bucket;

    public S3Inbox(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    @Override
    public boolean fetch(Arrival arrival, Path target) {
        try {
            AwsCall.of(
                    "reading " + arrival.key(),
                    () -> {
                        delete(target); // also what a broken attempt left
                        return s3.getObject(
                                get ->
                                        get.bucket(bucket)
                                                .key(arrival.key())
                                                .versionId(arrival.version().orElse(null)),
                                ResponseTransformer.<GetObjectResponse>toFile(target));
                    });
            return true;
        } catch (NoSuchKeyException gone) {
            return false;
        } catch (S3Exception refused) { // NoSuchVersion has no class of its own
            if (refused.statusCode() == NOT_FOUND) {
                return false;
            }
            throw refused;
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw new UncheckedIOException("deleting " + file, failed);
        }
    }

    @Override
    public void remove(Arrival arrival) {
        AwsCall.of(
                "removing " + arrival.key(),
                () -> s3.deleteObject(delete -> delete.bucket(bucket).key(arrival.key())));
    }
}
