package dev.perennial.monitor;

import dev.perennial.core.json.Json;
import dev.perennial.core.metric.Interval;
import dev.perennial.core.monitor.Counts;
import dev.perennial.core.monitor.Drift;
import dev.perennial.core.monitor.FeatureShift;
import dev.perennial.core.monitor.LabelJoin.Aside;
import dev.perennial.core.monitor.Look;
import dev.perennial.core.monitor.Quality;
import dev.perennial.core.monitor.Reference;
import dev.perennial.core.monitor.Trial;
import dev.perennial.core.monitor.Watch;
import dev.perennial.core.promotion.Answer;
import dev.perennial.core.promotion.Question;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.Keys;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a look found, for people and for {@code perennial status}; and the labels that it put aside.
 *
 * @param open predictions that wait for their label
 * @param waiting labels that wait for their prediction
 * @param reference what live traffic was compared with
 * @param quality by day, version and role
 * @param trial of the challenger that predicts beside the champion
 * @param aside labels that were of no use, each with its reason
 */
record LookReport(
        Instant at,
        Counts counts,
        int open,
        int waiting,
        Optional<Reference> reference,
        double errorDrift,
        List<Drift> drifts,
        List<FeatureShift> features,
        List<Quality> quality,
        Optional<TrialReport> trial,
        List<Aside> aside) {
    /**
     * A challenger's trial.
     *
     * @param advantage by how much its mean loss is lower, with bounds that hold at all looks;
     *     empty while too little is known
     * @param decision empty while it goes on
     */
    record TrialReport(
            String run,
            int challenger,
            int champion,
            long rows,
            Optional<Interval> advantage,
            Optional<Answer> decision) {
        static TrialReport of(Trial trial, Question question, Look look) {
            return new TrialReport(
                    trial.run(),
                    trial.challenger(),
                    trial.champion(),
                    trial.rows(),
                    trial.advantage(question),
                    look.trial());
        }
    }

    static ArtifactRef write(
            ArtifactStore artifacts,
            String pipeline,
            long revision,
            Look look,
            Optional<Question> question) {
        byte[] json =
                Json.pretty(
                        new LookReport(
                                look.state().at(),
                                look.state().join().counts(),
                                look.state().join().open().size(),
                                look.state().join().waiting().size(),
                                look.state().watch().map(Watch::reference),
                                look.errorDrift(),
                                look.drifts(),
                                look.features(),
                                look.state().quality(),
                                look.state()
                                        .trial()
                                        .map(trial ->
                                                TrialReport.of(
                                                        trial, question.orElseThrow(), look)),
                                look.aside()));
        return artifacts.put(
                Keys.monitor(
                        pipeline,
                        "reports/%d-%s.json".formatted(revision, Digest.of(json).abbreviated())),
                json,
                "application/json");
    }
}
