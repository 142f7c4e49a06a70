package dev.perennial.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.local.permission.Credentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningCloudTest {
    @TempDir Path home;

    @Test
    void announcement_isReadBack_byItsOwnerOnly_untilItIsWithdrawn() throws IOException {
        RunningCloud running =
                new RunningCloud(
                        "shop",
                        URI.create("http://127.0.0.1:1/"),
                        URI.create("http://127.0.0.1:2/"),
                        URI.create("http://127.0.0.1:3/"),
                        URI.create("http://127.0.0.1:4"),
                        "table",
                        "features",
                        URI.create("http://127.0.0.1:5"),
                        "bucket",
                        URI.create("http://127.0.0.1:6"),
                        URI.create("http://127.0.0.1:7"),
                        Credentials.random());
        assertEquals(Optional.empty(), RunningCloud.of(home));

        running.announce(home);
        running.announce(home); // over what a killed one left

        assertEquals(Optional.of(running), RunningCloud.of(home));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(home.resolve("up.json"))));
        RunningCloud.withdraw(home);
        assertEquals(Optional.empty(), RunningCloud.of(home));
    }
}
