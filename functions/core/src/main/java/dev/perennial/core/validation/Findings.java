package dev.perennial.core.validation;

import java.util.Comparator;
import java.util.List;

/** Everything that validation noticed, the worst first. */
public record Findings(List<Finding> findings) {
    public Findings {
        findings =
                findings.stream()
                        .sorted(Comparator.comparing(Finding::severity).reversed())
                        .toList();
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
