package dev.perennial.core.monitor;

import dev.perennial.core.metric.ConfidenceSequence;
import dev.perennial.core.metric.Interval;
import dev.perennial.core.metric.Task;
import dev.perennial.core.promotion.Answer;
import dev.perennial.core.promotion.Question;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.EventTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * A challenger beside the champion, both on the same rows, as their labels come. It may be judged
 * at every look: see {@link ConfidenceSequence}.
 *
 * @param rows that both predicted and whose label came
 * @param largest difference of the losses of one row
 * @param hours in order of time
 * @param waiting for the other version's prediction of the same row
 */
public record Trial(
        String run,
        int challenger,
        int champion,
        long rows,
        double largest,
        List<Hour> hours,
        List<Half> waiting) {
    private static final String BY = "live labels";
    private static final long HOUR = EventTime.micros(Duration.ofHours(1));

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
        return new Trial(question.run(), question.version(), champion, 0, 0, List.of(), List.of());
    }

    /**
     * Takes in labelled predictions, each once, those of other versions aside.
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
        double most = largest;
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
            if (other == null) {
                halves.put(half.id(), half);
                continue;
            }
            paired++;
            boolean won = half.version() == challenger;
            double advantage = won ? other.loss() - half.loss() : half.loss() - other.loss();
            most = Math.max(most, Math.abs(advantage));
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
                most,
                List.copyOf(byHour.values()),
                new ArrayList<>(halves.values()));
    }

    /**
     * Judges.
     *
     * @param championRevision of the champion alias now
     */
    TrialLook look(Question question, int championRevision, Instant now, PipelineSpec spec) {
        Optional<Interval> advantage = advantage(question, now, spec);
        return new TrialLook(
                run,
                challenger,
                champion,
                rows,
                advantage,
                decision(question, championRevision, now, advantage));
    }

    /**
     * By how much the challenger's mean loss is lower. An hour counts once its labels are due:
     * before that, those that come early may be of one kind. Each bound counts one more row that
     * speaks against it as much as a row can, since what is rare may not have come yet: while
     * nothing has been refunded, whoever never expects a refund looks best.
     */
    private Optional<Interval> advantage(Question question, Instant now, PipelineSpec spec) {
        long due = EventTime.micros(now.minus(spec.label().delay()));
        List<Hour> counted =
                hours.stream().filter(hour -> (hour.hour() + 1) * HOUR <= due).toList();
        double worst = spec.task() == Task.REGRESSION ? largest : 1;
        Optional<Interval> low = bounds(counted, -worst, question);
        Optional<Interval> high = bounds(counted, worst, question);
        if (low.isEmpty() || high.isEmpty()) {
            return Optional.empty();
        }
        double mean =
                counted.stream().mapToDouble(Hour::advantage).sum()
                        / counted.stream().mapToLong(Hour::rows).sum();
        return Optional.of(
                new Interval(mean, low.get().low(), high.get().high(), low.get().confidence()));
    }

    private static Optional<Interval> bounds(List<Hour> hours, double more, Question question) {
        double within = Duration.between(question.askedAt(), question.until()).toMinutes() / 60.0;
        return ConfidenceSequence.of(
                DoubleStream.concat(
                                hours.stream().mapToDouble(Hour::advantage), DoubleStream.of(more))
                        .toArray(),
                LongStream.concat(hours.stream().mapToLong(Hour::rows), LongStream.of(1)).toArray(),
                question.confidence(),
                Math.max(1, within / 2));
    }

    /** The answer to the question that began it, as soon as there is one. */
    private Optional<Answer> decision(
            Question question, int championRevision, Instant now, Optional<Interval> advantage) {
        if (championRevision != question.championRevision()) {
            return no(
                    "the champion that version %d was evaluated against was replaced meanwhile"
                            .formatted(challenger));
        }
        if (advantage.filter(each -> each.low() > 0).isPresent()) {
            return Optional.of(new Answer(true, BY, said("won against", advantage.get())));
        }
        if (advantage.filter(each -> each.high() < 0).isPresent()) {
            return no(said("lost against", advantage.get()));
        }
        if (!now.isBefore(question.until())) {
            return no(
                    advantage
                            .map(each -> said("did not surely beat", each))
                            .orElse(
                                    "%,d labelled rows in %,d hours are too few to tell whether version %d is better"
                                            .formatted(rows, hours.size(), challenger)));
        }
        return Optional.empty();
    }

    private static Optional<Answer> no(String reason) {
        return Optional.of(new Answer(false, BY, reason));
    }

    private String said(String how, Interval advantage) {
        return "version %d %s version %d: mean loss lower by %.4g (%.4g to %.4g) on %,d labelled rows"
                .formatted(
                        challenger,
                        how,
                        champion,
                        advantage.estimate(),
                        advantage.low(),
                        advantage.high(),
                        rows);
    }
}
