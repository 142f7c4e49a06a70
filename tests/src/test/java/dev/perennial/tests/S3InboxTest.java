package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.aws.S3Inbox;
import dev.perennial.core.feature.Inbox.Arrival;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;

class S3InboxTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"incoming/v/a.csv", "incoming/v/my file (1)+ä.csv"})
    void aFileIsBrought_andTakenAwayOnce(String key) throws IOException {
        try (EmbeddedServers servers = new EmbeddedServers(folder)) {
            String bucket = servers.bucket();
            servers.s3.putObject(
                    put -> put.bucket(bucket).key(key), RequestBody.fromString("at,x\n"));
            S3Inbox inbox = new S3Inbox(servers.s3, bucket);
            Arrival arrival = new Arrival(key, Optional.empty());
            Path target = folder.resolve("brought");

            assertTrue(inbox.fetch(arrival, target));
            assertEquals("at,x\n", Files.readString(target));
            assertTrue(inbox.fetch(arrival, target), "over what was there");
            inbox.remove(arrival);
            assertFalse(inbox.fetch(arrival, target));
            inbox.remove(arrival);
        }
    }

    @Test
    void whatNeverWas_isGone() {
        try (EmbeddedServers servers = new EmbeddedServers(folder)) {
            S3Inbox inbox = new S3Inbox(servers.s3, servers.bucket());

            assertFalse(
                    inbox.fetch(
                            new Arrival("incoming/v/x.csv", Optional.empty()),
                            folder.resolve("brought")));
        }
    }
}
