import dev.perennial.local.RunningCloud;
import dev.perennial.local.lambda.InvokeApi;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Times predict in a local cloud that is up: HOME FOLDER, where FOLDER has requests as JSON, 1.json and 1000.json. Over HTTP,
 * and invoked through the runtime client beside EchoFunction, which gives back what it gets. Kinds of calls take turns, so all
 * of them see the same machine. Prints a JSON object per line, times in milliseconds.
 */
class PredictOverHttp {
    private static final int ROUNDS = 4;

    /** The first of a kind warm up the functions' compilers too. */
    private static final int WARM_UP = 3_000;

    private record Kind(String where, String what, String who, int rows, int calls, int status, URI target, byte[] body) {}

    public static void main(String[] arguments) throws Exception {
        RunningCloud cloud = RunningCloud.of(Path.of(arguments[0])).orElseThrow();
        byte[] one = Files.readAllBytes(Path.of(arguments[1], "1.json"));
        byte[] thousand = Files.readAllBytes(Path.of(arguments[1], "1000.json"));
        byte[] refused = "{\"rows\": [{\"nonsense\": 1}]}".getBytes(StandardCharsets.UTF_8);
        URI echo = cloud.invoke().resolve(InvokeApi.path("EchoFunction"));
        URI predict = cloud.invoke().resolve(InvokeApi.path("PredictFunction"));
        Kind[] kinds = {
            new Kind("over HTTP", "predict", "perennial", 1, 1_000, 200, cloud.predict(), one),
            new Kind("over HTTP", "refuse: no model, no queue", "perennial", 1, 1_000, 400, cloud.predict(), refused),
            new Kind("runtime client", "predict", "perennial", 1, 1_000, 200, predict, one),
            new Kind("runtime client", "plain handler", "echo", 1, 1_000, 200, echo, one),
            new Kind("over HTTP", "predict", "perennial", 1_000, 50, 200, cloud.predict(), thousand),
            new Kind("runtime client", "predict", "perennial", 1_000, 50, 200, predict, thousand),
            new Kind("runtime client", "plain handler", "echo", 1_000, 50, 200, echo, thousand),
        };
        try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (Kind kind : kinds) {
                time(client, kind, kind.rows() == 1 ? WARM_UP : WARM_UP / 20);
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (Kind kind : kinds) {
                    print(kind, time(client, kind, kind.calls()));
                }
            }
        }
    }

    private static double[] time(HttpClient client, Kind kind, int calls) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(kind.target())
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(kind.body()))
                        .build();
        double[] millis = new double[calls];
        for (int call = 0; call < calls; call++) {
            long begin = System.nanoTime();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            millis[call] = (System.nanoTime() - begin) / 1e6;
            if (response.statusCode() != kind.status()) {
                throw new IllegalStateException(
                        "%s answered %d, expected %d: %s"
                                .formatted(kind.target(), response.statusCode(), kind.status(), response.body()));
            }
        }
        return millis;
    }

    private static void print(Kind kind, double[] millis) {
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "{\"where\": \"%s\", \"what\": \"%s\", \"who\": \"%s\", \"rows\": %d, \"calls\": %d, \"p50\": %.4f, \"p99\": %.4f}%n",
                kind.where(),
                kind.what(),
                kind.who(),
                kind.rows(),
                millis.length,
                millis[millis.length / 2],
                millis[millis.length * 99 / 100]);
    }
}
