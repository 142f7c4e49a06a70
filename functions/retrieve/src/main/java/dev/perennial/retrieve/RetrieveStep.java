package dev.perennial.retrieve;

import dev.perennial.aws.MissingSpecException;
import dev.perennial.aws.Step;
import dev.perennial.aws.Workspace;
import dev.perennial.core.json.Json;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.RunRecord;
import dev.perennial.core.run.RunStatus;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.snapshot.SnapshotManifest.JoinedView;
import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.PromotionSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.step.Retrieve;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.ArtifactStore.StoredObject;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.Keys;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.ReadTable;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import dev.perennial.core.table.UnreadableDataException;
import dev.perennial.parquet.ParquetWriter;
import dev.perennial.parquet.PointInTimeJoin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads the spec, brings the source's files that can matter, and writes the rows of the window as
 * one snapshot.
 */
final class RetrieveStep implements Step<Retrieve.Input, Retrieve.Output> {
    private final ArtifactStore artifacts;
    private final ModelRegistry registry;

    RetrieveStep(ArtifactStore artifacts, ModelRegistry registry) {
        this.artifacts = artifacts;
        this.registry = registry;
    }

    @Override
    public Retrieve.Output apply(Retrieve.Input input) {
        if (!input.onlySnapshot().orElse(false)) {
            record(input);
        }
        ArtifactRef specRef = copySpec(input);
        PipelineSpec spec =
                SpecReader.read(
                        Keys.spec(input.pipeline()),
                        new String(artifacts.read(specRef), StandardCharsets.UTF_8));
        if (!spec.name().equals(input.pipeline())) {
            throw new MissingSpecException(
                    input.pipeline() + " (the spec found is of " + spec.name() + ")",
                    Keys.spec(input.pipeline()));
        }
        try (Workspace workspace = new Workspace("retrieve")) {
            Source source = read(input, spec, workspace);
            Window window = Window.of(spec, source.read().table(), input);
            if (window.rows().length == 0) {
                int readable = source.read().table().rows();
                throw new NoDataException(
                        readable == 0
                                ? "store/%s has no readable row (%,d unreadable ones)"
                                        .formatted(input.source(), source.read().badRowCount())
                                : "store/%s has %,d readable rows, but none%s before %s whose label is known by then"
                                        .formatted(
                                                input.source(),
                                                readable,
                                                input.since()
                                                        .map(" since %s"::formatted)
                                                        .orElse(""),
                                                input.until()));
            }
            SnapshotRef snapshot = write(input, spec, specRef, source, window, workspace);
            ArtifactRef badRows = writeBadRows(input.run(), source);
            return new Retrieve.Output(specRef, snapshot, badRows, promotion(spec));
        }
    }

    private void record(Retrieve.Input input) {
        registry.record(
                new RunRecord(
                        input.pipeline(),
                        input.run(),
                        RunStatus.RUNNING,
                        input.startedAt(),
                        OptionalInt.empty(),
                        "",
                        Optional.empty(),
                        0));
    }

    private static Retrieve.Promotion promotion(PipelineSpec spec) {
        PromotionSpec promotion = spec.promotion();
        long within = promotion.within().toSeconds();
        long looks = promotion.mode().predictsBeside() ? 2 * spec.drift().check().toSeconds() : 0;
        return new Retrieve.Promotion(
                promotion.mode(),
                within,
                within + looks,
                promotion.share(),
                promotion.confidence());
    }

    /** Under their digest: when a step is tried again, the source may hold others. */
    private ArtifactRef writeBadRows(String run, Source source) {
        byte[] json = Json.pretty(source.read().badRows());
        String file = Digest.of(json).abbreviated() + "/bad-rows.json";
        return artifacts.put(Keys.step(run, "retrieve", file), json, "application/json");
    }

    /**
     * This run's own copy: the spec may be replaced while the run goes on, also before a step is
     * tried again.
     */
    private ArtifactRef copySpec(Retrieve.Input input) {
        String key = Keys.spec(input.pipeline());
        String copy = Keys.step(input.run(), "retrieve", "spec.yaml");
        byte[] yaml =
                artifacts
                        .current(copy)
                        .or(() -> artifacts.current(key))
                        .orElseThrow(() -> new MissingSpecException(input.pipeline(), key));
        return artifacts.put(copy, yaml, "application/yaml");
    }

    private record Source(ReadTable read, List<ArtifactRef> files) {}

    /**
     * Reads days from the newest back. The window ends at the newest row: what is older than any
     * row before {@code until} by more than the window can't matter.
     */
    private Source read(Retrieve.Input input, PipelineSpec spec, Workspace workspace) {
        String prefix = Keys.source(input.source());
        List<StoredObject> all = artifacts.list(prefix);
        if (all.stream().anyMatch(object -> object.key().startsWith(prefix + "batches/"))) {
            throw new NoDataException(
                    "%s is a feature view, not a source of rows; name another source"
                            .formatted(prefix));
        }
        List<StoredObject> objects =
                all.stream()
                        .filter(object -> isData(object.key().substring(prefix.length())))
                        .toList();
        if (objects.isEmpty()) {
            throw new NoDataException("%s holds no .csv and no .parquet file".formatted(prefix));
        }
        Partitions partitions = Partitions.of(prefix, objects);
        TableReader reader = new TableReader(spec.dataSchema(), spec.hidingRules());
        List<ArtifactRef> files = new ArrayList<>();
        Optional<Instant> oldest = Optional.empty();
        for (Partitions.Day day : partitions.days()) {
            if (oldest.filter(day::endsBy).isPresent()) {
                break;
            }
            if (!day.beginsBefore(input.until())) {
                continue;
            }
            for (StoredObject object : day.files()) {
                files.add(add(object, prefix, reader, workspace));
            }
            if (oldest.isEmpty()) {
                oldest =
                        reader.newest(spec.time(), input.until())
                                .map(newest -> begin(spec, input, newest));
            }
        }
        for (StoredObject object : partitions.undated()) {
            files.add(add(object, prefix, reader, workspace));
        }
        files.sort(Comparator.comparing(ArtifactRef::key));
        return new Source(reader.finish(), List.copyOf(files));
    }

    /** Where the window begins that ends at the newest row. */
    private static Instant begin(PipelineSpec spec, Retrieve.Input input, Instant newest) {
        Instant begin = newest.minus(spec.window());
        return input.since().filter(begin::isBefore).orElse(begin);
    }

    /** Parts that begin with . or _ are what writers of tables leave beside their data. */
    private static boolean isData(String name) {
        return TableReader.understands(name)
                && Stream.of(name.split("/", -1))
                        .noneMatch(part -> part.startsWith(".") || part.startsWith("_"));
    }

    private ArtifactRef add(
            StoredObject object, String prefix, TableReader reader, Workspace workspace) {
        String name = object.key().substring(prefix.length());
        try {
            Keys.check(object.key());
        } catch (IllegalArgumentException unusual) {
            throw new UnreadableDataException(
                    object.key(),
                    "a key like this can't be read; rename it to letters, digits and !_.*'()=- in parts divided by /, each beginning with a letter or digit, at most 900 characters",
                    unusual);
        }
        boolean csv = name.toLowerCase(Locale.ROOT).endsWith(".csv");
        // A key may be longer than a file's name; one file is there at a time.
        Path local = workspace.file(csv ? "source.csv" : "source.parquet");
        String mediaType = csv ? "text/csv" : "application/vnd.apache.parquet";
        ArtifactRef adopted = artifacts.adopt(object, mediaType, local);
        reader.add(local, name);
        workspace.release(local);
        return adopted;
    }

    /**
     * Which rows a training at this moment may use, in order of time.
     *
     * @param rows indices into the table that was read
     */
    private record Window(
            Instant from, Instant until, int[] rows, long outside, long awaitingLabel) {
        static Window of(PipelineSpec spec, Table table, Retrieve.Input input) {
            long[] micros = table.time(spec.time()).micros();
            long limit = EventTime.micros(input.until());
            long newest =
                    IntStream.range(0, micros.length)
                            .mapToLong(row -> micros[row])
                            .filter(moment -> moment < limit)
                            .max()
                            .orElse(limit - 1);
            long end = newest + 1;
            long begin = EventTime.micros(begin(spec, input, EventTime.instant(end)));
            // A label is known only after its delay: at `until` the newest rows have none yet.
            long labelled = limit - spec.label().delay().toSeconds() * 1_000_000L;
            int[] rows =
                    IntStream.range(0, micros.length)
                            .filter(row ->
                                    micros[row] >= begin
                                            && micros[row] < end
                                            && micros[row] <= labelled)
                            .boxed()
                            .sorted(Comparator.comparingLong(row -> micros[row]))
                            .mapToInt(Integer::intValue)
                            .toArray();
            long awaiting =
                    IntStream.range(0, micros.length)
                            .filter(row ->
                                    micros[row] >= begin
                                            && micros[row] < end
                                            && micros[row] > labelled)
                            .count();
            return new Window(
                    EventTime.instant(begin),
                    EventTime.instant(end),
                    rows,
                    micros.length - rows.length - awaiting,
                    awaiting);
        }
    }

    private SnapshotRef write(
            Retrieve.Input input,
            PipelineSpec spec,
            ArtifactRef specRef,
            Source source,
            Window window,
            Workspace workspace) {
        Table rows = source.read().table().select(window.rows());
        Path parquet = workspace.file("snapshot.parquet");
        List<JoinedView> joined = List.of();
        if (spec.views().isEmpty()) {
            ParquetWriter.write(rows, parquet);
        } else {
            joined = join(input, spec, rows, workspace, parquet);
        }
        Digest data = workspace.digest(parquet);
        SnapshotManifest manifest =
                new SnapshotManifest(
                        spec.name(),
                        specRef.sha256(),
                        window.from(),
                        window.until(),
                        source.files(),
                        rows.rows(),
                        window.outside(),
                        window.awaitingLabel(),
                        source.read().badRowCount(),
                        source.read().skippedColumns(),
                        source.read().storedAs(),
                        input.asOf(),
                        joined,
                        data);
        byte[] json = Json.pretty(manifest);
        Digest identity = Digest.of(json);
        ArtifactRef dataRef =
                artifacts.put(
                        Keys.snapshot(identity, "data.parquet"),
                        parquet,
                        "application/vnd.apache.parquet");
        ArtifactRef manifestRef =
                artifacts.put(Keys.snapshot(identity, "manifest.json"), json, "application/json");
        return new SnapshotRef(manifestRef, dataRef, rows.rows());
    }

    /** Writes the rows with what their feature views knew at their moments. */
    private List<JoinedView> join(
            Retrieve.Input input,
            PipelineSpec spec,
            Table rows,
            Workspace workspace,
            Path parquet) {
        long[] micros = rows.time(spec.time()).micros();
        Instant from = EventTime.instant(micros[0]);
        Instant to = EventTime.instant(micros[micros.length - 1]);
        Histories histories = new Histories(artifacts, workspace);
        List<Histories.Brought> brought =
                spec.views().stream()
                        .map(use -> histories.bring(use, input.asOf(), from, to))
                        .toList();
        List<Long> matched =
                PointInTimeJoin.write(
                        rows,
                        spec.time(),
                        brought.stream().map(Histories.Brought::history).toList(),
                        spec.schema(),
                        parquet);
        return IntStream.range(0, brought.size())
                .mapToObj(i -> brought.get(i).joined(matched.get(i)))
                .toList();
    }
}
