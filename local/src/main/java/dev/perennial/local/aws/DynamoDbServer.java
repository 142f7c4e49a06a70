package dev.perennial.local.aws;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB Local over a folder. Its own server listens on every interface; this one on loopback
 * only.
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
     * Starts on a free loopback port.
     *
     * @throws IllegalStateException if it can't
     */
    public static DynamoDbServer start(Path folder) {
        try {
            Files.createDirectories(folder);
            findSqlite();
            boolean inMemory = false;
            boolean oneFileForAllKeys = true;
            boolean delaysDeletions = false;
            LocalDynamoDBServerHandler handler =
                    new LocalDynamoDBServerHandler(
                            new LocalDynamoDBRequestHandler(
                                    0,
                                    inMemory,
                                    folder.toAbsolutePath().toString(),
                                    oneFileForAllKeys,
                                    delaysDeletions),
                            null);
            Server server = new Server();
            ServerConnector connector = new ServerConnector(server);
            connector.setHost("127.0.0.1");
            connector.setPort(0);
            server.addConnector(connector);
            server.setHandler(new ContextHandler(handler, "/"));
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
     * DynamoDB Local keeps its data in SQLite, whose native library lies somewhere on the class
     * path.
     */
    private static void findSqlite() {
        if (System.getProperty(SQLITE_PATH) != null) {
            return;
        }
        String library = "libsqlite4java-linux-amd64";
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (String.valueOf(path.getFileName()).startsWith(library)) {
                System.setProperty(SQLITE_PATH, String.valueOf(path.toAbsolutePath().getParent()));
                return;
            }
        }
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
