package dev.perennial.core.retrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.retrain.ProbeLog.Champion;
import dev.perennial.core.retrain.ProbeLog.Period;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A log tells a policy what the errors would that it was made of: played through a hundred periods
 * of two concepts by turns, both get the same advice.
 */
class LoggedEvidenceTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final int ROWS = 300;
    private static final int PERIODS = 100;
    private static final ArtifactRef FILE =
            new ArtifactRef("runs/r/probe/p.onnx", Digest.of(new byte[1]), 1, "application/onnx");
    private static final Stakes STAKES = new Stakes(1, 30, 0.2, OptionalDouble.of(ROWS));

    /** The errors themselves. Labels come a period late. */
    private record Errors(long seed, Course course) implements Evidence {
        double[] of(int model, int period, boolean probe) {
            double wrong = model / 25 % 2 == period / 25 % 2 ? 0.1 : 0.3;
            SplittableRandom random =
                    new SplittableRandom(
                            ((seed * 1_000 + model) * 1_000 + period) * 2 + (probe ? 1 : 0));
            return random.doubles(ROWS).map(each -> each < wrong ? 1 : 0).toArray();
        }

        private static double mean(double[] errors) {
            return IntStream.range(0, ROWS).mapToDouble(row -> errors[row]).average().orElseThrow();
        }

        @Override
        public int labelled() {
            return Math.max(0, course.period() - 1);
        }

        @Override
        public double price() {
            return STAKES.runUsd() / ROWS;
        }

        @Override
        public double probePrice() {
            return STAKES.probeUsd() / ROWS;
        }

        @Override
        public boolean alarmed() {
            return false;
        }

        @Override
        public Difference models(int model, int other, int period) {
            return Difference.of(of(model, period, false), of(other, period, false));
        }

        @Override
        public Difference probes(int probe, int other, int period) {
            return Difference.of(of(probe, period, true), of(other, period, true));
        }

        @Override
        public double modelLoss(int model, int period) {
            return mean(of(model, period, false));
        }

        @Override
        public double probeLoss(int probe, int period) {
            return mean(of(probe, period, true));
        }
    }

    private static Period period(Errors errors, ProbeLog log, int period) {
        TreeMap<Integer, double[]> champions = new TreeMap<>();
        log.course().models().stream()
                .filter(model -> model <= period)
                .forEach(model -> champions.put(model, errors.of(model, period, false)));
        TreeMap<Integer, double[]> probes = new TreeMap<>();
        log.course().probes().stream()
                .filter(probe -> probe <= period)
                .forEach(probe -> probes.put(probe, errors.of(probe, period, true)));
        return Period.of(champions, probes, OptionalDouble.of(1));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aLog_givesTheAdviceThatItsErrorsGive(long seed) {
        BreakEven policy = new BreakEven(true);
        Errors errors = new Errors(seed, Course.BEGINNING);
        Champion champion = new Champion(1, START);
        ProbeLog log = ProbeLog.begin(START, DAY, champion, START, FILE);
        Optional<Instant> lastRun = Optional.empty();
        int runs = 0;
        int returns = 0;
        for (int now = 0; now < PERIODS; now++) {
            log = log.reach(now, champion, _ -> FILE);
            assertEquals(errors.course(), log.course());
            while (log.periods().size() < errors.labelled()) {
                log = log.with(period(errors, log, log.periods().size()));
            }
            Advice expected = policy.advise(errors);
            LoggedEvidence evidence = new LoggedEvidence(log, STAKES, lastRun, _ -> true);
            Advice advice = policy.advise(evidence);
            assertEquals(
                    new BreakEven(false).advise(evidence).saved().orElseThrow(),
                    BreakEven.accumulated(evidence)[now],
                    1e-12,
                    "what the picture ends with, period " + now);
            LoggedEvidence paid =
                    new LoggedEvidence(log, STAKES, Optional.of(log.begin(now)), _ -> true);
            assertEquals(0, BreakEven.accumulated(paid)[now], "a run began, whatever comes of it");
            assertEquals(expected.retrain(), advice.retrain());
            assertEquals(expected.probe(), advice.probe());
            assertEquals(expected.serve(), advice.serve());
            assertEquals(
                    expected.saved().orElseThrow(),
                    advice.saved().orElseThrow(),
                    1e-9,
                    "period " + now);
            errors = new Errors(seed, errors.course().after(advice));
            if (advice.probe()) {
                log = log.probed(FILE);
            }
            if (advice.retrain()) {
                runs++;
                lastRun = Optional.of(log.begin(now));
                champion = new Champion(now + 1, log.begin(now));
            } else if (advice.serve() != log.live()) {
                returns++;
                champion = new Champion(log.version(advice.serve()), log.begin(now));
            }
        }
        assertTrue(runs >= 1 && returns >= 2, "%d runs, %d returns".formatted(runs, returns));
    }

    /** One without labels is no period without errors. */
    @Test
    void periodWithoutRows_tellsNothing() {
        Errors errors = new Errors(7, Course.BEGINNING);
        Champion champion = new Champion(1, START);
        ProbeLog full = ProbeLog.begin(START, DAY, champion, START, FILE);
        ProbeLog gaps = full;
        for (int now = 1; now <= 40; now++) {
            full = full.reach(now, champion, _ -> FILE);
            full = full.with(period(errors, full, now - 1)).probed(FILE);
            gaps = gaps.reach(now, champion, _ -> FILE);
            gaps =
                    gaps.with(now % 3 == 0 ? Period.EMPTY : period(errors, gaps, now - 1))
                            .probed(FILE);
        }

        Map<Boolean, Double> saved = new TreeMap<>();
        for (ProbeLog each : new ProbeLog[] {full, gaps}) {
            saved.put(
                    each == full,
                    new BreakEven(true)
                            .advise(new LoggedEvidence(each, STAKES, Optional.empty(), _ -> true))
                            .saved()
                            .orElseThrow());
        }

        double all = saved.get(true);
        assertTrue(all > 1, "the concept turned at 25: " + all);
        assertEquals(all, saved.get(false), 0.25 * all);
    }
}
