package dev.perennial.core.run;

import dev.perennial.core.evaluation.Evaluation;
import dev.perennial.core.evaluation.Refitted;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.Digest;
import dev.perennial.core.table.BadRow;
import dev.perennial.core.validation.Finding;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A run in one document: what {@code run.json} holds and what the report shows.
 *
 * @param reason why it ended as it did, in a sentence
 * @param version registered by this run, or the former champion that it chose instead
 * @param championBefore version that was champion when it was evaluated
 * @param championAfter version that is champion after it
 * @param seed everything random followed from it
 * @param refit what became of training it again on the newest rows too
 * @param refitFailure why that failed, and what was judged serves
 * @param badRows those that could not be read, if any
 * @param usage per function call, in the order they ended
 */
public record RunSummary(
        String pipeline,
        String run,
        RunStatus status,
        String reason,
        Instant startedAt,
        OptionalInt version,
        OptionalInt championBefore,
        OptionalInt championAfter,
        OptionalLong seed,
        Optional<Digest> snapshot,
        Optional<SnapshotManifest> data,
        Optional<BadRows> badRows,
        Optional<ArtifactRef> model,
        Optional<ArtifactRef> modelCard,
        List<Finding> findings,
        Optional<Evaluation> evaluation,
        Optional<Refitted> refit,
        Optional<String> refitFailure,
        List<Usage> usage,
        Cost cost) {
    public RunSummary {
        findings = List.copyOf(findings);
        usage = List.copyOf(usage);
    }

    /**
     * Rows that were kept aside.
     *
     * @param file all that were kept, as a JSON array
     * @param first the first of them
     */
    public record BadRows(ArtifactRef file, List<BadRow> first) {
        public BadRows {
            first = List.copyOf(first);
        }
    }
}
