package dev.perennial.core.validation;

import dev.perennial.core.store.ArtifactRef;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Everything that validation noticed, the worst first.
 *
 * @param champion profile of the champion's training data, which the data was compared with
 */
public record Findings(List<Finding> findings, Optional<ArtifactRef> champion) {
    public Findings {
        findings =
                findings.stream()
                        .sorted(Comparator.comparing(Finding::severity).reversed())
                        .toList();
    }

    /** The same, naming what the data was compared with. */
    public Findings against(Optional<ArtifactRef> profile) {
        return new Findings(findings, profile);
    }

    public Verdict verdict() {
        return count(Severity.ERROR) > 0 ? Verdict.REJECTED : Verdict.ACCEPTED;
    }

    public int count(Severity severity) {
        return (int) findings.stream().filter(finding -> finding.severity() == severity).count();
    }

    /** What validation says of a data set. */
    public enum Verdict {
        ACCEPTED,
        REJECTED
    }
}
