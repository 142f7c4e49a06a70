package dev.perennial.core.monitor;

import dev.perennial.core.metric.ConfidenceSequence;
import dev.perennial.core.metric.Interval;
import dev.perennial.core.promotion.Answer;
import dev.perennial.core.promotion.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A challenger beside the champion, both on the same rows, as their labels come. It may be judged
 * at every look: see {@link ConfidenceSequence}.
 *
 * @param rows that both predicted and whose label came
 * @param hours in order of time
 * @param waiting for the other version's prediction of the same row
 */
public record Trial(
        String run, int challenger, int champion, long rows, List<Hour> hours, List<Half> waiting) {
    private static final long HOUR = Duration.ofHours(1).toNanos() / 1_000;

    /**
     * What one hour's rows came to, by the rows' own time: what is asked in one request may be of
     * many hours.
     *
     * @param hour since the epoch
     * @param advantage sum of the champion's losses less the challenger's
     */
    public record Hour(long hour, long rows, double advantage) {}

    /** One version's part of a row. */
    public record Half(String id, int version, long time, long at, double loss) {}

    public Trial {
        hours = List.copyOf(hours);
        waiting = List.copyOf(waiting);
    }

    static Trial begin(Question question, int champion) {
        return new Trial(question.run(), question.version(), champion, 0, List.of(), List.of());
    }

    /**
     * Takes in labelled predictions, those of other versions aside.
     *
     * @param before halves older than this, in microseconds since the epoch, wait no more
     */
    Trial follow(List<Outcome> outcomes, long before) {
        Map<String, Half> halves = new HashMap<>();
        waiting.stream()
                .filter(half -> half.at() >= before)
                .forEach(half -> halves.put(half.id(), half));
        TreeMap<Long, Hour> byHour = new TreeMap<>();
        hours.forEach(hour -> byHour.put(hour.hour(), hour));
        long paired = rows;
        for (Outcome outcome : outcomes) {
            if (outcome.version() != challenger && outcome.version() != champion) {
                continue;
            }
            Half half =
                    new Half(
                            outcome.id(),
                            outcome.version(),
                            outcome.time(),
                            outcome.at(),
                            outcome.loss());
            Half other = halves.remove(outcome.id());
            if (other == null || other.version() == half.version()) {
                halves.put(half.id(), half);
                continue;
            }
            paired++;
            boolean won = half.version() == challenger;
            double advantage = won ? other.loss() - half.loss() : half.loss() - other.loss();
            byHour.merge(
                    Math.floorDiv(half.time(), HOUR),
                    new Hour(Math.floorDiv(half.time(), HOUR), 1, advantage),
                    (a, b) ->
                            new Hour(a.hour(), a.rows() + b.rows(), a.advantage() + b.advantage()));
        }
        return new Trial(
                run,
                challenger,
                champion,
                paired,
                List.copyOf(byHour.values()),
                new ArrayList<>(halves.values()));
    }

    /**
     * By how much the challenger's mean loss is lower, with bounds that hold at all looks; empty
     * while too little is known.
     */
    public Optional<Interval> advantage(Question question) {
        double within = Duration.between(question.askedAt(), question.until()).toMinutes() / 60.0;
        return ConfidenceSequence.of(
                hours.stream().mapToDouble(Hour::advantage).toArray(),
                hours.stream().mapToLong(Hour::rows).toArray(),
                question.confidence(),
                Math.max(1, within / 2));
    }

    /**
     * The answer to the question that began it, as soon as there is one.
     *
     * @param serving the champion's version now
     */
    Optional<Answer> answer(Question question, int serving, Instant now) {
        if (serving != champion) {
            return Optional.of(
                    no(
                            "version %d took version %d's place as champion meanwhile"
                                    .formatted(serving, champion)));
        }
        Optional<Interval> found = advantage(question);
        if (found.filter(each -> each.low() > 0).isPresent()) {
            return Optional.of(new Answer(true, BY, said("won", found.get())));
        }
        if (found.filter(each -> each.high() < 0).isPresent()) {
            return Optional.of(no(said("lost", found.get())));
        }
        if (!now.isBefore(question.until())) {
            return Optional.of(
                    no(
                            found.map(each -> said("did not win", each))
                                    .orElse(
                                            "version %d did not win: %,d labelled rows in %,d hours are too few to tell"
                                                    .formatted(challenger, rows, hours.size()))));
        }
        return Optional.empty();
    }

    private static final String BY = "live labels";

    private static Answer no(String reason) {
        return new Answer(false, BY, reason);
    }

    private String said(String how, Interval found) {
        return "version %d %s against version %d: its mean loss is lower by %.4g (%.4g to %.4g) on %,d labelled rows"
                .formatted(
                        challenger,
                        how,
                        champion,
                        found.estimate(),
                        found.low(),
                        found.high(),
                        rows);
    }
}
