package dev.perennial.local.http;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** HTTP on a port of the loopback interface, with a virtual thread for each request. */
public final class LoopbackServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private LoopbackServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Listens.
     *
     * @param port 0: any that is free
     * @param root the path below which requests are served; any other gets 404
     * @throws IOException if the port is taken
     */
    public static LoopbackServer open(int port, String root, HttpHandler handler)
            throws IOException {
        LoopbackServer opened =
                new LoopbackServer(
                        HttpServer.create(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0));
        opened.server.setExecutor(opened.threads);
        opened.server.createContext(root, handler);
        opened.server.start();
        return opened;
    }

    /** Listens on any port that is free. */
    public static LoopbackServer onAnyPort(HttpHandler handler) {
        try {
            return open(0, "/", handler);
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "No port of the loopback interface can be listened on", failed);
        }
    }

    /** Host and port. */
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Without a path. */
    public URI uri() {
        return URI.create("http://" + address());
    }

    /** Breaks off what has begun. */
    @Override
    public void close() {
        close(0);
    }

    /**
     * Answers what has begun, then breaks it off.
     *
     * @param seconds for how long at most
     */
    public void close(int seconds) {
        server.stop(seconds);
        threads.shutdownNow();
    }
}
