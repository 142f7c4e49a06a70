package dev.perennial.tests;

import dev.perennial.aws.S3ArtifactStore;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.ArtifactStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/** The store's contract against the embedded S3. */
class S3ArtifactStoreTest extends ArtifactStoreContract {
    @TempDir static Path folder;

    private static EmbeddedServers servers;
    private String bucket = "";

    @BeforeAll
    static void start() {
        servers = new EmbeddedServers(folder);
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @Override
    protected ArtifactStore newStore() {
        bucket = servers.bucket();
        return new S3ArtifactStore(servers.s3, bucket);
    }

    @Override
    protected void overwriteBehindItsBack(String key, byte[] bytes) {
        servers.s3.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(bytes));
    }

    @Override
    protected void deleteBehindItsBack(String key) {
        servers.s3.deleteObject(delete -> delete.bucket(bucket).key(key));
    }
}
