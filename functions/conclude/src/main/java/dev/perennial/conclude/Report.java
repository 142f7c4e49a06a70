package dev.perennial.conclude;

import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.run.RunSummary;
import dev.perennial.core.spec.PipelineSpec;
import java.util.Optional;

final class Report {
    private Report() {}

    static String render(
            RunSummary summary, Optional<PipelineSpec> spec, Optional<TableProfile> profile) {
        return "<!doctype html><title>"
                + summary.run()
                + spec.isPresent()
                + profile.isPresent()
                + "</title>";
    }
}
