package dev.perennial.core.trigger;

import dev.perennial.core.retrain.ProbedWorth;
import dev.perennial.core.retrain.Worth;
import dev.perennial.core.spec.RetrainSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether an event may start a run: the spec's causes, a follow-up or a run that is overdue,
 * cooldown, daily limit, budget and costs.
 */
public final class StartRule {
    private StartRule() {}

    /**
     * What the rule needs to know.
     *
     * @param running a run that goes on now
     * @param lastRun when the last one started, whoever started it
     * @param spentUsd what runs cost within the budget's period
     * @param worth what a run would gain; empty where the spec has no costs, or no label came
     */
    public record Facts(
            Starts starts,
            Optional<String> running,
            Optional<Instant> lastRun,
            double spentUsd,
            Optional<Worth> worth) {}

    /**
     * Gives the reason to decline, in a sentence; nothing if the run may start. A person isn't held
     * up by cause, cooldown, daily limit or what a run is worth, but by a run that goes on and by
     * the budget.
     */
    public static Optional<String> declines(TriggerEvent event, RetrainSpec spec, Facts facts) {
        if (facts.running().isPresent()) {
            return Optional.of("run %s goes on".formatted(facts.running().get()));
        }
        Optional<String> overspent =
                spec.budget()
                        .filter(budget -> facts.spentUsd() >= budget.usd())
                        .map(budget ->
                                String.format(
                                        Locale.ROOT,
                                        "runs cost %.4f USD in the last %s, the budget is %.4f",
                                        facts.spentUsd(),
                                        budget.per(),
                                        budget.usd()));
        if (overspent.isPresent() || event instanceof TriggerEvent.Wish) {
            return overspent;
        }
        boolean isExempt = exemption(event, spec, facts).isPresent();
        if (event.cause().filter(spec.on()::contains).isEmpty() && !isExempt) {
            String causes =
                    spec.on().stream()
                            .map(RetrainSpec.Cause::spelling)
                            .collect(Collectors.joining(", "));
            return Optional.of(
                    "it starts no run: retrain.on has " + (causes.isEmpty() ? "nothing" : causes));
        }
        boolean isWeighedByProbes = facts.worth().filter(ProbedWorth.class::isInstance).isPresent();
        if (event instanceof TriggerEvent.Aged && !isWeighedByProbes) {
            return Optional.of("the probes don't know the champion that serves now");
        }
        Optional<String> worthless =
                facts.worth()
                        .filter(worth -> !isExempt && !worth.pays())
                        .map(worth -> "it isn't worth it yet: " + worth.words());
        return tooSoon(event, spec, facts.starts()).or(() -> worthless);
    }

    /**
     * Why a run needs no cause of the spec and isn't weighed: an error alarm's run wants its
     * follow-up, or none has started for too long. Cooldown, daily limit and budget hold it up all
     * the same.
     */
    static Optional<String> exemption(TriggerEvent event, RetrainSpec spec, Facts facts) {
        if (event instanceof TriggerEvent.Wish) {
            return Optional.empty();
        }
        Optional<String> followUp =
                facts.starts()
                        .last()
                        .filter(last -> last.followsUp(event.at()))
                        .map(last -> "to follow up run " + last.run());
        return followUp.or(() ->
                spec.maxAge()
                        .flatMap(age ->
                                facts.lastRun()
                                        .filter(last -> !event.at().isBefore(last.plus(age))))
                        .map(last -> "as the last run started at " + last));
    }

    private static Optional<String> tooSoon(TriggerEvent event, RetrainSpec spec, Starts starts) {
        Instant now = event.at();
        Optional<Instant> last = starts.last().map(Starts.Start::at);
        if (last.isPresent() && now.isBefore(last.get())) {
            return Optional.of("it happened before the last run started, at " + last.get());
        }
        if (last.isPresent() && now.isBefore(last.get().plus(spec.cooldown()))) {
            return Optional.of(
                    "the last run started %s before, the cooldown is %s"
                            .formatted(Duration.between(last.get(), now), spec.cooldown()));
        }
        int today = starts.withinDayBefore(now).size();
        return today >= spec.maxPerDay()
                ? Optional.of(
                        "%d runs started within a day, the limit is %d"
                                .formatted(today, spec.maxPerDay()))
                : Optional.empty();
    }
}
