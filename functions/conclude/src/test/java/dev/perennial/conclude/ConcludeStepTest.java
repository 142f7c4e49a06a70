package dev.perennial.conclude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.SampleRun;
import dev.perennial.core.evaluation.Refitted;
import dev.perennial.core.json.Json;
import dev.perennial.core.registry.RunRecord;
import dev.perennial.core.run.RunStatus;
import dev.perennial.core.run.RunSummary;
import dev.perennial.core.run.Usage;
import dev.perennial.core.step.Conclude;
import dev.perennial.core.step.Promote;
import dev.perennial.core.step.Register;
import dev.perennial.core.step.Train;
import dev.perennial.core.store.ArtifactMissingException;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.Digest;
import dev.perennial.core.table.BadRow;
import dev.perennial.core.validation.Finding;
import dev.perennial.core.validation.Findings;
import dev.perennial.core.validation.Severity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConcludeStepTest {
    private static final String HOSTILE = "<script>alert('x')</script>&\"";

    private final SampleRun sample = SampleRun.good();
    private Optional<ArtifactRef> badRows = Optional.empty();
    private final ConcludeStep step = new ConcludeStep(sample.artifacts(), sample.registry());

    private Conclude.Input input(
            RunStatus status, Optional<ArtifactRef> evaluation, Optional<Train.Failure> error) {
        boolean promoted = status == RunStatus.PROMOTED;
        return new Conclude.Input(
                SampleRun.RUN,
                SampleRun.PIPELINE,
                SampleRun.STARTED,
                status,
                evaluation.map(_ -> sample.spec()),
                evaluation.map(_ -> sample.snapshot()),
                badRows,
                Optional.empty(),
                Optional.empty(),
                evaluation,
                Optional.empty(),
                Optional.empty(),
                promoted
                        ? Optional.of(new Register.Output(3, sample.spec(), sample.spec()))
                        : Optional.empty(),
                Optional.empty(),
                promoted ? Optional.of(new Promote.Output(3, 2, 5)) : Optional.empty(),
                error,
                List.of(new Usage("train", 2_000, 1_024, 300)));
    }

    private Conclude.Output rejected() {
        return step.apply(
                input(
                        RunStatus.REJECTED,
                        Optional.of(sample.evaluation(false, "size")),
                        Optional.empty()));
    }

    private RunSummary summary(Conclude.Output output) {
        return Json.read("run.json", sample.artifacts().read(output.summary()), RunSummary.class);
    }

    private String report(Conclude.Output output) {
        return new String(sample.artifacts().read(output.report()), StandardCharsets.UTF_8);
    }

    private RunRecord record() {
        return sample.registry().run(SampleRun.PIPELINE, SampleRun.RUN).orElseThrow();
    }

    @Test
    void promotedRun_saysVersionAndCost_andClosesItsRecord() {
        Conclude.Input input =
                input(
                        RunStatus.PROMOTED,
                        Optional.of(sample.evaluation(true, "size")),
                        Optional.empty());

        Conclude.Output output = step.apply(input);

        RunSummary summary = summary(output);
        assertEquals(OptionalInt.of(3), summary.version());
        assertEquals("version 3 passed all gates and is champion", summary.reason());
        assertEquals(Optional.of(sample.snapshot().digest()), summary.snapshot());
        // 2 GB-seconds by Lambda's list price, one request; Begin, Announce start, the Map with its
        // Choice, a candidate, the gates, Who decides, Conclude, Announce end, Outcome, Promoted.
        assertEquals(2 * 0.0000166667 + 0.0000002 + 11 * 0.000025, summary.cost().totalUsd(), 1e-9);
        assertEquals(RunStatus.PROMOTED, record().status());
        assertEquals(Optional.of(output.report()), record().report());
        assertEquals(output, step.apply(input), "the same bytes again");
    }

    @Test
    void modelThatWasTrainedAgain_orWasNotWorthIt_isInTheLineage() {
        Conclude.Input plain =
                input(
                        RunStatus.PROMOTED,
                        Optional.of(sample.evaluation(true, "size")),
                        Optional.empty());
        for (boolean used : new boolean[] {true, false}) {
            Refitted refit =
                    new Refitted(
                            used ? Optional.of(sample.spec()) : Optional.empty(),
                            1_512,
                            SampleRun.STARTED,
                            0.5,
                            used ? 0.4 : 0.6);
            Conclude.Output output =
                    step.apply(
                            new Conclude.Input(
                                    plain.run() + used,
                                    plain.pipeline(),
                                    plain.startedAt(),
                                    plain.status(),
                                    plain.spec(),
                                    plain.snapshot(),
                                    plain.badRows(),
                                    plain.profile(),
                                    plain.findings(),
                                    plain.evaluation(),
                                    Optional.of(refit),
                                    Optional.of(new Train.Failure("Boom", "no room")),
                                    plain.registered(),
                                    plain.decision(),
                                    plain.promoted(),
                                    plain.error(),
                                    plain.usage()));

            assertEquals(Optional.of(refit), summary(output).refit());
            assertTrue(report(output).contains("on 1,512 rows until"));
            assertEquals(!used, report(output).contains("so it is not used"));
            assertTrue(report(output).contains("what was judged serves: no room"));
        }
    }

    @Test
    void runThatBringsAFormerChampionBack_saysSo_andCallsItItsVersion() {
        Conclude.Input plain =
                input(
                        RunStatus.PROMOTED,
                        Optional.of(sample.recallingEvaluation(2)),
                        Optional.empty());

        Conclude.Output output =
                step.apply(
                        new Conclude.Input(
                                plain.run(),
                                plain.pipeline(),
                                plain.startedAt(),
                                plain.status(),
                                plain.spec(),
                                plain.snapshot(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                plain.evaluation(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(new Promote.Output(2, 4, 5)),
                                Optional.empty(),
                                plain.usage()));

        assertEquals(OptionalInt.of(2), summary(output).version());
        assertEquals(OptionalInt.of(2), record().version());
        assertEquals(
                "version 2, a champion of before, beats what was trained on newer rows; it passed all gates and is champion",
                summary(output).reason());
        assertTrue(
                report(output).contains("On the same rows version 2 is better than the champion"));
        assertTrue(report(output).contains("newest 10 weeks, eta 0.1"));
        assertTrue(!report(output).contains(">candidate<"), "who was judged is named");
    }

    @Test
    void rejectedRun_namesTheGatesThatFailed() {
        Conclude.Output output = rejected();

        assertEquals("gates failed: auc at least 0.9 (0.8000)", summary(output).reason());
        assertEquals(OptionalInt.empty(), summary(output).version());
    }

    @Test
    void runThatEndedAtOnce_isConcludedFromItsErrorAlone() {
        Conclude.Output output =
                step.apply(
                        input(
                                RunStatus.DATA_REJECTED,
                                Optional.empty(),
                                Optional.of(
                                        new Train.Failure(
                                                "NoDataException",
                                                "{\"errorMessage\":\"no row at all\"}"))));

        assertEquals("no row at all", summary(output).reason());
        assertEquals("no row at all", record().reason());
        assertTrue(report(output).contains("no row at all"));
    }

    @Test
    void reasonOfAThousandFaults_fitsTheRegistry_andSaysHowManyMore() {
        List<Finding> findings =
                IntStream.range(0, 1_000)
                        .mapToObj(i ->
                                new Finding(
                                        Severity.ERROR,
                                        "range",
                                        "c" + i,
                                        "x".repeat(500),
                                        "less",
                                        OptionalDouble.empty(),
                                        List.of()))
                        .toList();
        Conclude.Input plain = input(RunStatus.DATA_REJECTED, Optional.empty(), Optional.empty());
        Conclude.Output output =
                step.apply(
                        new Conclude.Input(
                                plain.run(),
                                plain.pipeline(),
                                plain.startedAt(),
                                plain.status(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(
                                        sample.put(
                                                "findings.json",
                                                Json.write(
                                                        new Findings(findings, Optional.empty())))),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                plain.usage()));

        assertTrue(record().reason().length() < 4_100, record().reason());
        assertTrue(record().reason().endsWith("; and 990 more, see the report"));
        assertTrue(report(output).contains("c999"));
    }

    @Test
    void hostileText_staysText() {
        Conclude.Output output =
                step.apply(
                        input(
                                RunStatus.REJECTED,
                                Optional.of(sample.evaluation(false, HOSTILE)),
                                Optional.of(new Train.Failure("Boom", HOSTILE))));

        assertFalse(report(output).contains("<script"), "as markup");
        assertTrue(report(output).contains("&lt;script&gt;alert("), "as text");
    }

    @Test
    void rowsThatCouldNotBeRead_areShown_withTheirFile() {
        List<BadRow> rows = new ArrayList<>();
        for (int line = 2; line <= 41; line++) {
            rows.add(new BadRow("shop.csv", line, "size", HOSTILE, "not a number"));
        }
        badRows = Optional.of(sample.put("bad-rows.json", Json.pretty(rows)));

        Conclude.Output output = rejected();

        RunSummary.BadRows shown = summary(output).badRows().orElseThrow();
        assertEquals(badRows, Optional.of(shown.file()));
        assertEquals(rows.subList(0, 20), shown.first());
        assertTrue(report(output).contains("<td>21</td>"), "the line");
        assertFalse(report(output).contains("<script"), "as markup");
    }

    @Test
    void noBadRow_isNothingToShow() {
        badRows = Optional.of(sample.put("bad-rows.json", Json.pretty(List.of())));

        Conclude.Output output = rejected();

        assertEquals(Optional.empty(), summary(output).badRows());
        assertFalse(report(output).contains("could not be read"));
    }

    @Test
    void artifactThatIsGone_isNamed() {
        ArtifactRef gone =
                new ArtifactRef("runs/gone.json", Digest.of(new byte[0]), 0, "application/json");

        assertTrue(
                assertThrows(
                                ArtifactMissingException.class,
                                () ->
                                        step.apply(
                                                input(
                                                        RunStatus.REJECTED,
                                                        Optional.of(gone),
                                                        Optional.empty())))
                        .getMessage()
                        .contains("runs/gone.json"));
    }
}
