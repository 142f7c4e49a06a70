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
 * Whether an event may start a run: the spec's causes, a follow-up that is due, cooldown, daily
 * limit, budget and costs.
 */
public final class StartRule {
    private StartRule() {}

    /**
     * What the rule needs to know.
     *
     * @param running a run that goes on now
     * @param spentUsd what runs cost within the budget's period
     * @param worth what a run would gain; empty where the spec has no costs, or no label came
     */
    public record Facts(
            Starts starts, Optional<String> running, double spentUsd, Optional<Worth> worth) {}

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
        if (event.cause().filter(spec.on()::contains).isEmpty()
                && followed(event, facts.starts()).isEmpty()) {
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
        return tooSoon(event, spec, facts.starts())
                .or(() ->
                        followed(event, facts.starts()).isPresent()
                                        || isOverdue(event, spec, facts.starts())
                                ? Optional.<String>empty()
                                : facts.worth()
                                        .filter(worth -> !worth.pays())
                                        .map(worth -> "it isn't worth it yet: " + worth.words()));
    }

    /** The run whose follow-up an event of any kind starts: one that an error alarm began. */
    static Optional<Starts.Start> followed(TriggerEvent event, Starts starts) {
        return starts.last().filter(last -> last.followsUp(event.at()));
    }

    /** Whether the last run started so long ago that the next one needn't be worth it. */
    static boolean isOverdue(TriggerEvent event, RetrainSpec spec, Starts starts) {
        return spec.maxAge()
                .filter(age ->
                        starts.last()
                                .map(last -> !event.at().isBefore(last.at().plus(age)))
                                .orElse(true))
                .isPresent();
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
