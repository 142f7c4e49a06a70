package dev.perennial.core.retrain;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;

/**
 * By probes: {@link BreakEven}'s advice, in money.
 *
 * @param lostUsd what models that are always fresh would have saved since the last run
 * @param runUsd what a run costs, with all that people do for it
 * @param until how far labels have come
 */
public record ProbedWorth(boolean pays, double lostUsd, double runUsd, Instant until)
        implements Worth {
    /** Asks the policy. */
    public static ProbedWorth of(LoggedEvidence evidence) {
        ProbeLog log = evidence.log();
        Advice advice = new BreakEven(false).advise(evidence);
        return new ProbedWorth(
                advice.retrain(),
                advice.saved().orElse(0) * evidence.stakes().periodUsd(log),
                evidence.stakes().runUsd(),
                log.begin(evidence.labelled()));
    }

    /**
     * What fresh models would have saved since the last run of each time, as it is known now.
     *
     * @return US dollars by period of the log, up to and with the one that goes on
     */
    public static double[] courseUsd(LoggedEvidence evidence) {
        double periodUsd = evidence.stakes().periodUsd(evidence.log());
        return Arrays.stream(BreakEven.accumulated(evidence))
                .map(each -> each * periodUsd)
                .toArray();
    }

    @Override
    public String words() {
        return String.format(
                Locale.ROOT,
                "probes say that fresh models would have saved %.2f USD since the last run (labels up to %s); a run costs %.2f USD",
                lostUsd,
                until,
                runUsd);
    }
}
