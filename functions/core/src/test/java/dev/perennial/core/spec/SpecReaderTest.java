package dev.perennial.core.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import dev.perennial.core.spec.FeatureSpec.NumberFeature;
import dev.perennial.core.table.ColumnType;
import dev.perennial.core.table.Schema.Field;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecReaderTest {
    /** Line numbers below count from here. */
    private static final String VALID =
            """
            name: churn
            task: binary
            time: at
            key: [customer]
            label: {column: left, positive: 'yes', classes: ['no', 'yes'], delay: P30D}
            features:
              - {name: age, type: number, min: 0, max: 130, maxNulls: 0.1}
              - {name: plan, type: category, values: [free, paid]}
            window: P52W
            split: {validation: P4W, test: P4W}
            data: {minRows: 200, maxBadRows: 0.02, maxAge: P1DT12H}
            train: {trainer: xgboost, candidates: 4, seed: 3, search: {eta: [0.05, 0.2], maxDepth: 6}}
            gates:
              - {metric: auc, min: 0.7}
              - {metric: logLoss, versus: previousLabel, confidence: 0.9, margin: 0.01}
              - {metric: accuracy, slice: plan, maxDrop: 0.05, confidence: 0.99, incomparable: pass}
            """;

    @Test
    void validSpec_isReadWhole() {
        PipelineSpec spec = SpecReader.read("spec.yaml", VALID);

        assertEquals("churn", spec.name());
        assertEquals(Task.BINARY, spec.task());
        assertEquals(List.of("customer"), spec.key());
        assertEquals(
                new LabelSpec(
                        "left",
                        Optional.of("yes"),
                        List.of("no", "yes"),
                        Duration.ofDays(30),
                        Duration.ofDays(37)),
                spec.label());
        assertEquals(
                List.of(
                        new NumberFeature(
                                "age", OptionalDouble.of(0), OptionalDouble.of(130), 0.1, false),
                        new CategoryFeature("plan", List.of("free", "paid"), 1, false)),
                spec.features());
        assertEquals(Duration.ofDays(364), spec.window());
        assertEquals(new SplitSpec(Duration.ofDays(28), Duration.ofDays(28)), spec.split());
        assertEquals(new DataSpec(200, 0.02, Optional.of(Duration.ofHours(36))), spec.data());
        assertEquals(4, spec.train().candidates());
        assertEquals(
                Map.of(
                        Hyperparameter.ETA, new Range(0.05, 0.2),
                        Hyperparameter.MAX_DEPTH, new Range(6, 6)),
                spec.train().search());
        assertEquals(
                List.of(
                        new GateSpec.Absolute(
                                "auc", OptionalDouble.of(0.7), OptionalDouble.empty()),
                        new GateSpec.Versus(
                                "logLoss",
                                GateSpec.Opponent.PREVIOUS_LABEL,
                                0.9,
                                0.01,
                                GateSpec.Incomparable.REJECT),
                        new GateSpec.Slice(
                                "accuracy", "plan", 0.05, 0.99, GateSpec.Incomparable.PASS)),
                spec.gates());
        assertEquals(
                List.of(
                        new Field("at", ColumnType.TIME),
                        new Field("age", ColumnType.NUMBER),
                        new Field("plan", ColumnType.CATEGORY),
                        new Field("customer", ColumnType.CATEGORY),
                        new Field("left", ColumnType.CATEGORY)),
                spec.schema().fields());
    }

    @Test
    void trial_isReadWithItsDefaults() {
        PromotionSpec canary =
                SpecReader.read("s.yaml", VALID + "promotion: {mode: canary, within: P60D}\n")
                        .promotion();
        PromotionSpec shadow =
                SpecReader.read(
                                "s.yaml",
                                VALID
                                        + "promotion: {mode: shadow, within: P45D, confidence: 0.9}\n")
                        .promotion();

        assertEquals(
                new PromotionSpec(PromotionSpec.Mode.CANARY, Duration.ofDays(60), 0.1, 0.95),
                canary);
        assertEquals(
                new PromotionSpec(PromotionSpec.Mode.SHADOW, Duration.ofDays(45), 0, 0.9), shadow);
    }

    @Test
    void canaryWithoutKey_isRefused_sinceCallersCannotBeToldApart() {
        SpecProblem problem =
                problems(VALID.replaceAll("(?m)^key:.*\n", "") + "promotion: {mode: canary}\n")
                        .getFirst();

        assertEquals("promotion.mode", problem.key());
        assertTrue(problem.expected().contains("key"), problem.expected());
    }

    @Test
    void trialShorterThanTheLabelsDelay_isRefused() {
        SpecProblem problem = problems(VALID + "promotion: {mode: shadow}\n").getFirst();

        assertEquals("promotion.within", problem.key());
        assertTrue(problem.expected().contains("label.delay"), problem.expected());
    }

    @Test
    void confidence_isOfTrialsOnly() {
        assertEquals(
                "promotion.confidence",
                problems(VALID + "promotion: {mode: approval, confidence: 0.9}\n")
                        .getFirst()
                        .key());
    }

    @Test
    void shippedPipeline_isValid() throws IOException {
        Path file = Path.of("../../pipelines/electricity.yaml");

        PipelineSpec spec = SpecReader.read(file.toString(), Files.readString(file));

        assertEquals("electricity", spec.name());
        assertEquals(7, spec.features().size());
        assertEquals(3, spec.gates().size());
        assertEquals(Duration.ofMinutes(30), spec.label().delay());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // replaced | by | line | key | found | expected
                "window: P52W | windw: P52W | 9 | windw | an unknown key | did you mean 'window'?",
                "candidates: 4 | candidats: 4 | 12 | train.candidats | an unknown key | did you mean 'candidates'?",
                "maxNulls: 0.1 | maxNuls: 0.1 | 7 | features[0].maxNuls | an unknown key | did you mean 'maxNulls'?",
                "eta: [0.05, 0.2] | l2: 0.1 | 12 | train.search.l2 | an unknown key | one of [eta",
                "candidates: 4 | candidates: many | 12 | train.candidates | 'many' | a whole number from 1 to 64",
                "candidates: 4 | candidates: 4.5 | 12 | train.candidates | 4.5 | a whole number from 1 to 64",
                "candidates: 4 | candidates: 65 | 12 | train.candidates | 65 | a whole number from 1 to 64",
                "candidates: 4 | candidates: 99999999999999999999 | 12 | train.candidates | 99999999999999999999 | a whole number",
                "candidates: 4 | candidates: 4, average: 5 | 12 | train.average | 5 | a whole number from 1 to 4",
                "trainer: xgboost, candidates: 4 | trainer: linear, candidates: 4, average: 2 | 12 | train.average | 2 | 1 with this trainer",
                "candidates: 4 | candidates: 4, average: 0 | 12 | train.average | 0 | a whole number from 1 to 4",
                "candidates: 4 | candidates: 1, windows: [P4W, P8W] | 12 | train.candidates | 1 | one for each of 2 windows and half lives",
                "candidates: 4 | candidates: 1, halfLives: [P8W] | 12 | train.candidates | 1 | one for each of 2 windows and half lives",
                "candidates: 4 | candidates: 4, windows: [P4W, P53W] | 12 | train.windows | PT8904H | at most window, PT8736H",
                "candidates: 4 | candidates: 4, windows: [P4W, P28D] | 12 | train.windows | 'P28D' | each once",
                "candidates: 4 | candidates: 4, windows: [P0D] | 12 | train.windows | 'P0D' | longer than nothing",
                "candidates: 4 | candidates: 4, halfLives: [P1M] | 12 | train.halfLives | 'P1M' | months and years differ in length",
                "candidates: 4 | candidates: 4, halfLives: P8W | 12 | train.halfLives | 'P8W' | a list",
                "min: 0.7 | min: .nan | 14 | gates[0].min | .nan | a number from",
                "min: 0.7 | min: .inf | 14 | gates[0].min | .inf | a number from",
                "min: 0.7 | min: 'high' | 14 | gates[0].min | 'high' | a number from",
                "window: P52W | window: P1M | 9 | window | 'P1M' | months and years differ in length",
                "window: P52W | window: 52 weeks | 9 | window | '52 weeks' | a duration in weeks",
                "window: P52W | window: P9999999W | 9 | window | 'P9999999W' | a duration in weeks",
                "window: P52W | window: PT | 9 | window | 'PT' | a duration in weeks",
                "window: P52W | window: P8W | 10 | split.test | as long as the window | room for training rows",
                "test: P4W | test: P0D | 10 | split.validation | an empty part | longer than zero",
                "slice: plan | slice: plam | 16 | gates[2].slice | 'plam' | a category feature of this spec",
                "slice: plan | slice: age | 16 | gates[2].slice | 'age' | a category feature of this spec",
                "`, maxDrop: 0.05` | `` | 16 | gates[2].maxDrop | nothing | the largest drop",
                "metric: auc | metric: gini | 14 | gates[0].metric | 'gini' | one of [auc, logLoss",
                "metric: auc | metric: rmse | 14 | gates[0].metric | 'rmse' | a metric of this task",
                "`, min: 0.7` | `` | 14 | gates[0].metric | a gate without a condition | min, max, versus or slice",
                "versus: previousLabel | versus: rival | 15 | gates[1].versus | 'rival' | one of [champion, linear, previousLabel]",
                "confidence: 0.9 | confidence: 95 | 15 | gates[1].confidence | 95 | a number from 0.5 to 0.9999",
                "name: churn | name: ../churn | 1 | name | '../churn' | lower-case letters",
                "name: churn | name: Churn | 1 | name | 'Churn' | lower-case letters",
                "name: churn | name: [churn] | 1 | name | a list | a text",
                "name: churn | name: | 1 | name | nothing | a text",
                "task: binary | task: ranking | 2 | task | 'ranking' | one of [binary, multiclass, regression]",
                "name: plan, type: category, values: [free, paid] | name: age, type: number | 6 | features | 'age' twice | each feature once",
                "name: age | name: left | 6 | features | the label 'left' | no feature that is the label",
                "name: age | name: at | 6 | features | the time column 'at' | another column",
                "name: age | name: probability | 6 | features | 'probability' | outputs are called so",
                "name: age | name: '' | 7 | features[0].name | '' | a text that is not empty",
                "time: at | time: left | 3 | time | the label 'left' | another column",
                "time: at | time: '' | 3 | time | '' | a text that is not empty",
                "key: [customer] | key: [left] | 4 | key | the label 'left' | another column",
                "key: [customer] | key: [at] | 4 | key | the time column 'at' | another column",
                "key: [customer] | key: [age] | 4 | key | the number 'age' | a category",
                "key: [customer] | key: [customer, customer] | 4 | key | 'customer' twice | each column once",
                "key: [customer] | key: customer | 4 | key | 'customer' | a list",
                "type: number | type: text | 7 | features[0].type | 'text' | number or category",
                "min: 0, max: 130 | min: 131, max: 130 | 7 | features[0].max | 130.0 | at least min, 131.0",
                "maxNulls: 0.1 | maxNulls: 10 | 7 | features[0].maxNulls | 10 | a number from 0 to 1",
                "eta: [0.05, 0.2] | eta: [0.2, 0.05] | 12 | train.search.eta | [0.2, 0.05] | the lower number first",
                "eta: [0.05, 0.2] | eta: [0.05, 0.2, 0.3] | 12 | train.search.eta | a list | a number or [low, high]",
                "eta: [0.05, 0.2] | eta: 0 | 12 | train.search.eta | 0 | within 1.0E-4 to 1",
                "`, positive: 'yes'` | `` | 5 | label.positive | nothing | the class whose probability is predicted",
                "positive: 'yes' | positive: maybe | 5 | label.classes | [no, yes] | one of them the positive one",
                "classes: ['no', 'yes'] | classes: ['yes', 'yes'] | 5 | label.classes | [yes, yes] | each class once",
                "classes: ['no', 'yes'] | classes: [a, b, 'yes'] | 5 | label.classes | [a, b, yes] | two classes",
                "{name: age, type: number, min: 0, max: 130, maxNulls: 0.1} | {view: customers, columns: [age]} | 7 | features[0].view | 'customers' | views/customers.yaml beside the spec",
                "task: binary | `name: again` | 2 | name | the key a second time | each key once",
                "key: [customer] | ? [a] | 4 | `` | a key that is not a word | a plain key",
            })
    void wrongSpec_isRefused_namingFileLineKeyFoundAndExpected(
            String replaced, String by, int line, String key, String found, String expected) {
        assertTrue(VALID.contains(replaced), replaced);

        List<SpecProblem> problems = problems(VALID.replace(replaced, by == null ? "" : by));

        assertTrue(
                problems.stream()
                        .anyMatch(each ->
                                each.file().equals("spec.yaml")
                                        && each.line() == line
                                        && each.key().equals(key)
                                        && each.found().contains(found)
                                        && each.expected().contains(expected)),
                problems.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"name", "task", "time", "label", "features", "window", "split", "train"})
    void missingPart_isNamed(String key) {
        String without = VALID.replaceAll("(?m)^" + key + ":.*\\n(  .*\\n)*", "");

        List<SpecProblem> problems = problems(without);

        assertTrue(problems.stream().anyMatch(each -> each.key().equals(key)), problems.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gates: []\n", "gates: {}\n", "gates:\n"})
    void noGate_isRefused_sinceEverythingWouldBePromoted(String gates) {
        List<SpecProblem> problems = problems(VALID.substring(0, VALID.indexOf("gates:")) + gates);

        assertTrue(
                problems.stream()
                        .anyMatch(each ->
                                each.key().equals("gates")
                                        && each.expected().contains("at least one")),
                problems.toString());
    }

    @Test
    void everyProblem_isToldAtOnce() {
        List<SpecProblem> problems =
                problems(
                        VALID.replace("name: churn", "name: ../x")
                                .replace("window: P52W", "window: P1Y")
                                .replace("metric: auc", "metric: gini"));

        assertEquals(
                List.of("name", "window", "gates[0].metric"),
                problems.stream().map(SpecProblem::key).toList());
    }

    @Test
    void message_isOneSentencePerProblem() {
        InvalidSpecException refused =
                assertThrows(
                        InvalidSpecException.class,
                        () ->
                                SpecReader.read(
                                        "p/spec.yaml", VALID.replace("min: 0.7", "min: high")));

        assertTrue(
                refused.getMessage()
                        .startsWith(
                                "p/spec.yaml:14: gates[0].min: found 'high', expected a number from"),
                refused.getMessage());
    }

    @Test
    void brokenYaml_namesTheLine() {
        SpecProblem problem = problems(VALID.replace("window: P52W", "window: [P52W")).getFirst();

        assertTrue(problem.line() >= 9 && problem.line() <= 10, problem.toString());
        assertEquals("valid YAML", problem.expected());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# only a comment\n"})
    void emptyFile_isRefused(String yaml) {
        assertEquals("an empty file", problems(yaml).getFirst().found());
    }

    @ParameterizedTest
    @ValueSource(strings = {"- a\n- b\n", "just words", "42", "null"})
    void whatIsNoMapping_isRefused(String yaml) {
        assertEquals("keys and values, one per line", problems(yaml).getFirst().expected());
    }

    @Test
    void aSecondDocumentThatIsNoView_isRefused() {
        assertEquals("columns", problems(VALID + "---\n" + VALID).getFirst().key());
    }

    @Test
    void aliasBomb_isRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }

        assertEquals("valid YAML", problems(bomb.toString()).getFirst().expected());
    }

    @Test
    void listThatContainsItself_isRefused() {
        assertNotNull(problems(VALID.replace("[customer]", "&k [*k]")));
    }

    @Test
    void hugeFile_isRefusedUnread() {
        SpecProblem problem = problems(VALID + "#".repeat(2 << 20)).getFirst();

        assertEquals("at most 1 MiB", problem.expected());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- "})
    void deepNesting_isRefused_notAStackOverflow(String opening) {
        assertEquals("(document)", problems("a: " + opening.repeat(200_000)).getFirst().key());
    }

    @Test
    void damagedSpec_isReadOrRefused_neverAnythingElse() {
        SplittableRandom random = new SplittableRandom(17);
        String alphabet = "[]{}:,-#&*!|>'\"%@`?\n\t \0é0P";
        for (int draw = 0; draw < 2_000; draw++) {
            StringBuilder damaged = new StringBuilder(VALID);
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                int at = random.nextInt(damaged.length());
                switch (random.nextInt(3)) {
                    case 0 -> damaged.deleteCharAt(at);
                    case 1 ->
                            damaged.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    default ->
                            damaged.setCharAt(
                                    at, alphabet.charAt(random.nextInt(alphabet.length())));
                }
            }
            try {
                SpecReader.read("spec.yaml", damaged.toString());
            } catch (InvalidSpecException refused) {
                assertTrue(refused.problems().stream().allMatch(each -> each.line() >= 1));
            } catch (RuntimeException surprise) {
                fail("draw " + draw + ": " + damaged, surprise);
            }
        }
    }

    @Test
    void lookbacks_areWindows_thenHalfLives_andEverythingWhereNoWindowIsNamed() {
        String spec = VALID.replace("candidates: 4", "candidates: 4, %s");

        assertEquals(List.of(Lookback.ALL), SpecReader.read("s", VALID).train().lookbacks());
        assertEquals(
                List.of(
                        Lookback.window(Duration.ofDays(28)),
                        Lookback.window(Duration.ofDays(364)),
                        Lookback.halfLife(Duration.ofDays(56))),
                SpecReader.read("s", spec.formatted("windows: [P4W, P52W], halfLives: [P8W]"))
                        .train()
                        .lookbacks());
        assertEquals(
                List.of(Lookback.ALL, Lookback.halfLife(Duration.ofDays(56))),
                SpecReader.read("s", spec.formatted("halfLives: [P8W]")).train().lookbacks());
    }

    @Test
    void followUpAndMaxAge_areNoShorterThanTheCooldown() {
        String spec = VALID + "retrain: {cooldown: P3D, %s: %s}\n";

        assertEquals(
                Optional.of(Duration.ofDays(10)),
                SpecReader.read("s", spec.formatted("followUp", "P10D")).retrain().followUp());
        assertEquals(
                Optional.of(Duration.ofDays(90)),
                SpecReader.read("s", spec.formatted("maxAge", "P90D")).retrain().maxAge());
        for (String key : List.of("followUp", "maxAge")) {
            assertEquals("retrain." + key, problems(spec.formatted(key, "P2D")).getFirst().key());
        }
    }

    @Test
    void costs_areInDollars_andNeedThatOfAnError() {
        String costs =
                VALID.replaceAll("(?s)\nretrain:.*?\n(?=\\S)", "\n") + "retrain: {costs: %s}\n";

        assertEquals(
                Optional.of(new RetrainSpec.Costs(0.05, 20)),
                SpecReader.read("s", costs.formatted("{error: 0.05, run: 20}")).retrain().costs());
        assertEquals(
                Optional.of(new RetrainSpec.Costs(2, 0)),
                SpecReader.read("s", costs.formatted("{error: 2}")).retrain().costs());
        assertEquals(
                "retrain.costs.error", problems(costs.formatted("{run: 20}")).getFirst().key());
        assertEquals(
                "retrain.costs.error", problems(costs.formatted("{error: -1}")).getFirst().key());
    }

    @Test
    void probes_areHoursToWeeksLong_andNeedCosts() {
        String retrain = VALID.replaceAll("(?s)\nretrain:.*?\n(?=\\S)", "\n") + "retrain: {%s}\n";

        assertEquals(
                Optional.of(Duration.ofDays(7)),
                SpecReader.read("s", retrain.formatted("probes: P7D, costs: {error: 2}"))
                        .retrain()
                        .probes());
        assertTrue(
                problems(retrain.formatted("probes: P7D"))
                        .getFirst()
                        .toString()
                        .contains("costs beside it"));
        for (String wrong : List.of("PT30M", "P31D", "PT0S")) {
            assertEquals(
                    "retrain.probes",
                    problems(retrain.formatted("probes: " + wrong + ", costs: {error: 2}"))
                            .getFirst()
                            .key());
        }
    }

    private static List<SpecProblem> problems(String yaml) {
        return assertThrows(InvalidSpecException.class, () -> SpecReader.read("spec.yaml", yaml))
                .problems();
    }
}
