package dev.perennial.local.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** One request to a function of the cloud that is up. */
record Posting(int status, String body) {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    static Posting to(URI target, String contentType, byte[] content)
            throws IOException, InterruptedException {
        return to(target, contentType, content, LONGEST);
    }

    /** As above, for an answer that may take longer. */
    static Posting to(URI target, String contentType, byte[] content, Duration longest)
            throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> response =
                    client.send(
                            HttpRequest.newBuilder(target)
                                    .timeout(longest)
                                    .header("content-type", contentType)
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(content))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            boolean failed = response.headers().firstValue("X-Amz-Function-Error").isPresent();
            return new Posting(failed ? 502 : response.statusCode(), response.body());
        }
    }

    /** 4xx is the caller's fault. */
    int exitCode() {
        boolean refused = status >= 400 && status < 500;
        return status < 300 ? Main.OK : refused ? Main.USAGE : Main.FAILED;
    }
}
