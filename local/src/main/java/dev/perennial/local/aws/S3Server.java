package dev.perennial.local.aws;

import dev.perennial.local.permission.Credentials;
import dev.perennial.local.permission.Permissions;
import dev.perennial.local.template.BucketResource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.jspecify.annotations.Nullable;

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
     * @param permissions whoever signs with keys that nobody has is refused, and who may not do
     *     what he asks for
     * @param listener hears of each object that is created
     * @throws IllegalStateException if it can't
     */
    public static S3Server start(
            Path folder,
            Permissions permissions,
            List<BucketResource> buckets,
            ObjectListener listener) {
        try {
            for (BucketResource bucket : buckets) {
                Files.createDirectories(folder.resolve(bucket.name()));
            }
            Files.createDirectories(folder);
            // At once: clients keep idle connections open, which would be waited for.
            long stopMillis = 0;
            BlobStore store =
                    new AnnouncingBlobStore(
                            new FilesystemNio2BlobStore(folder.toAbsolutePath().toString()),
                            listener);
            S3Proxy proxy =
                    S3Proxy.builder()
                            .blobStore(store)
                            .endpoint(URI.create("http://127.0.0.1:0"))
                            .awsAuthentication(
                                    AuthenticationType.AWS_V2_OR_V4,
                                    permissions.owner().accessKey(),
                                    permissions.owner().secretKey())
                            .stopTimeout(stopMillis)
                            .build();
            proxy.setBlobStoreLocator((accessKey, _, _) -> grant(store, permissions, accessKey));
            proxy.start();
            return new S3Server(proxy);
        } catch (Exception failed) {
            throw new IllegalStateException(
                    "the local S3 can't start over %s: %s".formatted(folder, failed.getMessage()),
                    failed);
        }
    }

    /** Starts with the buckets that the folder has. */
    public static S3Server start(Path folder, Credentials owner) {
        return start(folder, Permissions.ofOwner(owner), List.of(), ObjectListener.NONE);
    }

    private static @Nullable AccessGrant grant(
            BlobStore store, Permissions permissions, @Nullable String accessKey) {
        if (accessKey == null) {
            return null;
        }
        return permissions
                .withAccessKey(accessKey)
                .map(keys ->
                        new AccessGrant(
                                keys.secretKey(),
                                keys.equals(permissions.owner())
                                        ? store
                                        : new GuardedBlobStore(store, permissions, accessKey)))
                .orElse(null);
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
