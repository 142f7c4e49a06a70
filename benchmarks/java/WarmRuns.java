import dev.perennial.local.Home;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.states.Execution;
import dev.perennial.local.template.TemplateReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** Runs one pipeline again and again in one local cloud: HOME SPEC CSV RUNS; prints seconds, the first run cold. */
class WarmRuns {
    public static void main(String[] arguments) throws Exception {
        byte[] spec = Files.readAllBytes(Path.of(arguments[1]));
        byte[] csv = Files.readAllBytes(Path.of(arguments[2]));
        Path template = Path.of(System.getProperty("perennial.root"), "template.yaml");
        try (Home home = Home.take(Path.of(arguments[0]));
                LocalCloud cloud =
                        LocalCloud.open(
                                home,
                                TemplateReader.read(template, Map.of("Pipeline", "bench")),
                                InstantSource.system(),
                                (_, _) -> {})) {
            cloud.artifacts().replace("pipelines/bench/spec.yaml", spec, "application/yaml");
            cloud.artifacts().put("store/bench/rows.csv", csv, "text/csv");
            for (int run = 0; run < Integer.parseInt(arguments[3]); run++) {
                long begin = System.nanoTime();
                Execution execution = cloud.run("run-" + run, "{\"source\":\"bench\"}");
                String output = execution.output().map(Object::toString).orElse(execution.toString());
                String status = output.replaceAll("(?s).*\"status\":\"([A-Z_]+)\".*", "$1");
                System.out.printf("perennial run %d: %.2f s, %s%n", run, (System.nanoTime() - begin) / 1e9, status);
            }
        }
    }
}
