package dev.perennial.local.aws;

import dev.perennial.local.permission.Credentials;
import dev.perennial.local.permission.Permissions;
import dev.perennial.local.template.TableResource;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB Local over a folder. Its own server listens on every interface and reports its use to
 * AWS; this one listens on loopback only and reports nothing.
 */
public final class DynamoDbServer implements AutoCloseable {
    private static final String SQLITE_PATH = "sqlite4java.library.path";

    private final Server server;
    private final LocalDynamoDBServerHandler handler;
    private final int port;

    private DynamoDbServer(Server server, LocalDynamoDBServerHandler handler, int port) {
        this.server = server;
        this.handler = handler;
        this.port = port;
    }

    /**
     * Starts on a free loopback port, with the tables that are missing. Signatures are not checked,
     * only whose access key they carry, and what he may do.
     *
     * @param folder keeps the items; survives the process
     * @throws IllegalStateException if it can't, or a table is there with other keys
     */
    public static DynamoDbServer start(
            Path folder, Permissions permissions, List<TableResource> tables) {
        DynamoDbServer server = start(folder, permissions);
        try {
            new Tables(server.endpoint(), permissions.owner()).createMissing(tables, folder);
            return server;
        } catch (RuntimeException failed) {
            try {
                server.close();
            } catch (IOException also) {
                failed.addSuppressed(also);
            }
            throw failed;
        }
    }

    /** Starts with the tables that the folder has. */
    public static DynamoDbServer start(Path folder, Credentials owner) {
        return start(folder, Permissions.ofOwner(owner));
    }

    private static DynamoDbServer start(Path folder, Permissions permissions) {
        try {
            Files.createDirectories(folder);
            findSqlite();
            LocalDynamoDBServerHandler handler = handler(folder.toAbsolutePath());
            Server server = new Server();
            ServerConnector connector = new ServerConnector(server);
            connector.setHost("127.0.0.1");
            connector.setPort(0);
            server.addConnector(connector);
            server.setHandler(new GuardedDynamoDb(new ContextHandler(handler, "/"), permissions));
            server.start();
            return new DynamoDbServer(server, handler, connector.getLocalPort());
        } catch (Exception failed) {
            throw new IllegalStateException(
                    "the local DynamoDB can't start over %s: %s"
                            .formatted(folder, failed.getMessage()),
                    failed);
        }
    }

    /**
     * One at a time: each handler fills DynamoDB Local's static tables of operations anew, plain
     * hash maps that two of them at once leave broken for the life of the process (every request is
     * then answered by 500).
     */
    private static synchronized LocalDynamoDBServerHandler handler(Path folder) {
        boolean inMemory = false;
        boolean oneFileForAllKeys = true;
        boolean delaysDeletions = false;
        return new LocalDynamoDBServerHandler(
                new LocalDynamoDBRequestHandler(
                        0, inMemory, folder.toString(), oneFileForAllKeys, delaysDeletions),
                null);
    }

    /**
     * DynamoDB Local keeps its data in SQLite, whose native library is a file of its own: an entry
     * of the class path, or beside the jars.
     */
    private static void findSqlite() throws IOException, URISyntaxException {
        if (System.getProperty(SQLITE_PATH) != null) {
            return;
        }
        Path jars =
                Path.of(
                                LocalDynamoDBRequestHandler.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toURI())
                        .resolveSibling("");
        try (Stream<Path> beside = Files.list(jars)) {
            Stream<Path> entries =
                    Arrays.stream(
                                    System.getProperty("java.class.path")
                                            .split(File.pathSeparator, -1))
                            .map(Path::of);
            Optional<Path> library =
                    Stream.concat(entries, beside)
                            .filter(DynamoDbServer::isSqlite)
                            .findFirst()
                            .map(file -> file.toAbsolutePath().getParent());
            library.ifPresent(folder -> System.setProperty(SQLITE_PATH, folder.toString()));
        }
    }

    private static boolean isSqlite(Path file) {
        String architecture =
                System.getProperty("os.arch", "").toLowerCase(Locale.ROOT).equals("aarch64")
                        ? "aarch64"
                        : "amd64";
        return String.valueOf(file.getFileName())
                .startsWith("libsqlite4java-linux-" + architecture);
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
            handler.close();
        } catch (Exception failed) {
            throw new IOException("the local DynamoDB can't stop", failed);
        }
    }
}
