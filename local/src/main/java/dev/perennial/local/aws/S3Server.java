package dev.perennial.local.aws;

import dev.perennial.local.template.BucketResource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** S3 over a folder: each bucket a folder in it, each object a file. */
public final class S3Server implements AutoCloseable {
    private final S3Proxy proxy;

    private S3Server(S3Proxy proxy) {
        this.proxy = proxy;
    }

    /**
     * Starts on a free loopback port, with the buckets that are missing.
     *
     * @param folder keeps the objects; survives the process
     * @param credentials whoever signs with others is refused
     * @throws IllegalStateException if it can't
     */
    public static S3Server start(
            Path folder, Credentials credentials, List<BucketResource> buckets) {
        try {
            for (BucketResource bucket : buckets) {
                Files.createDirectories(folder.resolve(bucket.name()));
            }
            Files.createDirectories(folder);
            // At once: clients keep idle connections open, which would be waited for.
            long stopMillis = 0;
            S3Proxy proxy =
                    S3Proxy.builder()
                            .blobStore(
                                    new FilesystemNio2BlobStore(folder.toAbsolutePath().toString()))
                            .endpoint(URI.create("http://127.0.0.1:0"))
                            .awsAuthentication(
                                    AuthenticationType.AWS_V2_OR_V4,
                                    credentials.accessKey(),
                                    credentials.secretKey())
                            .stopTimeout(stopMillis)
                            .build();
            proxy.start();
            return new S3Server(proxy);
        } catch (Exception failed) {
            throw new IllegalStateException(
                    "the local S3 can't start over %s: %s".formatted(folder, failed.getMessage()),
                    failed);
        }
    }

    /** Starts with the buckets that the folder has. */
    public static S3Server start(Path folder, Credentials credentials) {
        return start(folder, credentials, List.of());
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + proxy.getPort());
    }

    @Override
    public void close() throws IOException {
        try {
            proxy.stop();
        } catch (Exception failed) {
            throw new IOException("the local S3 can't stop", failed);
        }
    }
}
