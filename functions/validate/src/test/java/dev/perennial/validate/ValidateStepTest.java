package dev.perennial.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Rows;
import dev.perennial.core.SampleRun;
import dev.perennial.core.json.Json;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.step.Validate;
import dev.perennial.core.store.ArtifactCorruptedException;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.validation.Finding;
import dev.perennial.core.validation.Findings;
import dev.perennial.core.validation.Findings.Verdict;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidateStepTest {
    private static Validate.Output validate(SampleRun run) {
        return new ValidateStep(run.artifacts(), run.registry())
                .apply(
                        new Validate.Input(
                                SampleRun.RUN,
                                SampleRun.PIPELINE,
                                SampleRun.STARTED,
                                run.spec(),
                                run.snapshot()));
    }

    private static List<Finding> findings(SampleRun run, Validate.Output output) {
        return Json.read("findings", run.artifacts().read(output.findings()), Findings.class)
                .findings();
    }

    private static String edited(String pattern, String replacement) {
        return Rows.HEADER
                + "\n"
                + Rows.lines(1_500, 1).stream()
                        .skip(1)
                        .map(line -> line.replaceFirst(pattern, replacement))
                        .collect(Collectors.joining("\n"))
                + "\n";
    }

    @Test
    void goodRows_areAccepted_andTheProfileKnowsThem() {
        SampleRun run = SampleRun.good();

        Validate.Output output = validate(run);

        assertEquals(Verdict.ACCEPTED, output.verdict(), () -> findings(run, output).toString());
        TableProfile profile = TableProfile.fromJson(run.artifacts().read(output.profile()));
        assertEquals(1_500, profile.rows());
        assertEquals(output, validate(run), "the same bytes again");
    }

    /** Each column's cells are replaced in every row; what is found names rule and column. */
    @ParameterizedTest
    @CsvSource({
        "'(,[-\\d.]*),([-\\d.]*),(yes|no)$', '$1,$2,yes', label, bought",
        "'(,[-\\d.]*),([-\\d.]*),(yes|no)$', ',,$2,$3', nulls, size",
        "'(,[-\\d.]*),([-\\d.]*),(yes|no)$', ',99,$2,$3', range, size",
        "'(,[-\\d.]*),([-\\d.]*),(yes|no)$', '$1,-3,$3', range, price",
        "'(,[-\\d.]*),([-\\d.]*),(yes|no)$', '$1,1e39,$3', range, price",
    })
    void badRows_areRejected_namingRuleAndColumn(
            String pattern, String replacement, String rule, String column) {
        SampleRun run = new SampleRun(Rows.spec("shop"), edited(pattern, replacement));

        Validate.Output output = validate(run);

        assertEquals(Verdict.REJECTED, output.verdict());
        Finding finding =
                findings(run, output).stream()
                        .filter(each -> each.rule().equals(rule))
                        .findFirst()
                        .orElseThrow();
        assertEquals(column, finding.column());
        assertTrue(!finding.found().isEmpty() && !finding.expected().isEmpty());
        assertTrue(output.errors() >= 1);
    }

    @Test
    void anotherPopulationThanTheChampionLearned_isAWarning() {
        SampleRun run = SampleRun.good();
        SampleRun other =
                new SampleRun(
                        Rows.spec("shop"),
                        edited(",(1[0-4])(\\.\\d+),(yes|no)$", ",9$1$2,$3")
                                .lines()
                                .limit(1_001)
                                .collect(Collectors.joining("\n", "", "\n")));
        ArtifactRef profile =
                run.put("profile.json", other.artifacts().read(validate(other).profile()));
        run.champion("earlier", run.spec(), profile);

        Validate.Output output = validate(run);

        assertEquals(Verdict.ACCEPTED, output.verdict());
        assertEquals(
                List.of("price"),
                findings(run, output).stream()
                        .filter(each -> each.rule().equals("skew"))
                        .map(Finding::column)
                        .toList());
    }

    @Test
    void damagedSnapshotOrChampionProfile_isNamed() {
        SampleRun snapshot = SampleRun.good();
        snapshot.damage(snapshot.snapshot().data());
        assertTrue(
                assertThrows(ArtifactCorruptedException.class, () -> validate(snapshot))
                        .getMessage()
                        .contains("data.csv"));

        SampleRun champion = SampleRun.good();
        ArtifactRef profile = champion.put("profile.json", new byte[] {1});
        champion.champion("earlier", profile, profile);
        champion.damage(profile);
        assertTrue(
                assertThrows(ArtifactCorruptedException.class, () -> validate(champion))
                        .getMessage()
                        .contains("profile.json"));
    }
}
