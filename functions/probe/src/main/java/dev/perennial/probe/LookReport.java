package dev.perennial.probe;

import dev.perennial.core.store.ArtifactRef;
import java.time.Instant;

/**
 * What a look at the probes came to, for {@code perennial status}.
 *
 * @param says in a sentence
 * @param page with pictures
 */
record LookReport(Instant at, String says, ArtifactRef page) {}
