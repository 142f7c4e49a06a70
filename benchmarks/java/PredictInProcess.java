import dev.perennial.core.serving.RequestReader;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.table.Table;
import dev.perennial.model.Predictor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Times the predictor that the predict function uses: SPEC MODEL FOLDER, where FOLDER has requests as JSON, 1.json and
 * 1000.json. Prints a JSON object per line, times in milliseconds.
 */
class PredictInProcess {
    private static final int ROUNDS = 3;

    private interface Work {
        Object run();
    }

    public static void main(String[] arguments) throws Exception {
        PipelineSpec spec = SpecReader.read(arguments[0], Files.readString(Path.of(arguments[0])));
        RequestReader reader = new RequestReader(spec);
        try (Predictor predictor = Predictor.open(Files.readAllBytes(Path.of(arguments[1])), 1)) {
            for (int rows : new int[] {1, 1_000}) {
                byte[] json = Files.readAllBytes(Path.of(arguments[2], rows + ".json"));
                Table table = reader.json(json).rows();
                int calls = rows == 1 ? 20_000 : 500;
                time("predict", "perennial", rows, calls, () -> predictor.predict(table));
                time("read and predict", "perennial", rows, calls, () -> predictor.predict(reader.json(json).rows()));
            }
        }
    }

    /** The first round warms up. */
    private static void time(String what, String who, int rows, int calls, Work work) {
        double[] millis = new double[calls];
        for (int round = 0; round < ROUNDS; round++) {
            for (int call = 0; call < calls; call++) {
                long begin = System.nanoTime();
                if (work.run() == null) {
                    throw new IllegalStateException("no answer");
                }
                millis[call] = (System.nanoTime() - begin) / 1e6;
            }
            if (round > 0) {
                print(what, who, rows, millis);
            }
        }
    }

    private static void print(String what, String who, int rows, double[] millis) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "{\"where\": \"in process\", \"what\": \"%s\", \"who\": \"%s\", \"rows\": %d, \"calls\": %d, \"p50\": %.4f, \"p99\": %.4f}%n",
                what,
                who,
                rows,
                sorted.length,
                sorted[sorted.length / 2],
                sorted[sorted.length * 99 / 100]);
    }
}
