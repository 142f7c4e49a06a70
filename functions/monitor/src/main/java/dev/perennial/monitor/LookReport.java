package dev.perennial.monitor;

import dev.perennial.core.json.Json;
import dev.perennial.core.monitor.Counts;
import dev.perennial.core.monitor.Drift;
import dev.perennial.core.monitor.ErrorEstimate;
import dev.perennial.core.monitor.LabelJoin.Aside;
import dev.perennial.core.monitor.Look;
import dev.perennial.core.monitor.Quality;
import dev.perennial.core.monitor.Reference;
import dev.perennial.core.monitor.Shifts;
import dev.perennial.core.monitor.TrialLook;
import dev.perennial.core.monitor.Watch;
import dev.perennial.core.monitor.WorseSlice;
import dev.perennial.core.retrain.LiveLoss;
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
 * @param open answers that wait for their label
 * @param waiting labels that wait for their prediction
 * @param worse parts of the rows in which the champion errs more than in its test
 * @param loss is what the trigger weighs
 * @param reference what live traffic was compared with
 * @param quality by day, version and role
 * @param trial of the challenger that predicts beside the champion
 * @param page with pictures, where something drifts
 * @param aside labels that were of no use, each with its reason
 */
record LookReport(
        Instant at,
        Counts counts,
        long open,
        int waiting,
        Optional<Reference> reference,
        double errorDrift,
        List<Drift> drifts,
        Optional<ErrorEstimate> estimate,
        List<WorseSlice> worse,
        Optional<LiveLoss> loss,
        Shifts shifts,
        List<Quality> quality,
        Optional<TrialLook> trial,
        Optional<ArtifactRef> page,
        List<Aside> aside) {
    static ArtifactRef write(
            ArtifactStore artifacts,
            String pipeline,
            long revision,
            Look look,
            Optional<ArtifactRef> page) {
        byte[] json =
                Json.pretty(
                        new LookReport(
                                look.state().at(),
                                look.state().join().counts(),
                                look.open(),
                                look.state().join().waiting().size(),
                                look.state().watch().map(Watch::reference),
                                look.errorDrift(),
                                look.drifts(),
                                look.estimate(),
                                look.worse(),
                                look.loss(),
                                look.shifts(),
                                look.state().quality(),
                                look.trial(),
                                page,
                                look.aside()));
        return artifacts.put(
                Keys.monitor(
                        pipeline,
                        "reports/%d-%s.json".formatted(revision, Digest.of(json).abbreviated())),
                json,
                "application/json");
    }
}
