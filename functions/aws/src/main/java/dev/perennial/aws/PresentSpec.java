package dev.perennial.aws;

import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline's spec as it is now, for a function that lives long: it is fetched each time, and read
 * again only if it has changed.
 */
public final class PresentSpec {
    private final ArtifactStore artifacts;
    private final String pipeline;
    private @Nullable Known last;

    private record Known(byte[] yaml, PipelineSpec spec) {}

    public PresentSpec(ArtifactStore artifacts, String pipeline) {
        this.artifacts = artifacts;
        this.pipeline = pipeline;
    }

    /**
     * The spec.
     *
     * @throws MissingSpecException if there is none
     */
    public synchronized PipelineSpec get() {
        String key = Keys.spec(pipeline);
        byte[] yaml =
                artifacts.current(key).orElseThrow(() -> new MissingSpecException(pipeline, key));
        Known known = last;
        if (known == null || !Arrays.equals(known.yaml(), yaml)) {
            known = new Known(yaml, SpecReader.read(key, new String(yaml, StandardCharsets.UTF_8)));
            last = known;
        }
        return known.spec();
    }
}
