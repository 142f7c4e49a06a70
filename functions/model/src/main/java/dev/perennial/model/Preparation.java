package dev.perennial.model;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.perennial.core.json.Json;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Table;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The fitted preparation: an ONNX graph from raw columns to a float matrix. The training matrix is
 * made by running this very graph, and the trained model is appended to it; so training and serving
 * can't differ.
 *
 * <p>A number passes through, NaN for missing: trees route missing values themselves, the linear
 * model imputes in its own part. A category with up to {@value #MAX_ONE_HOT} values becomes one
 * column per value; one with more becomes {@linkplain TargetMeans the mean of the target} per
 * value. Missing is a value of its own if training saw it; what training didn't see is all zeros,
 * or the overall mean.
 */
public final class Preparation {
    static final String OUTPUT = Onnx.INTERNAL + "x";
    private static final int MAX_ONE_HOT = 32;
    private static final String ONE_HOT = "=";
    private static final String MEAN = "~";
    static final String COLUMNS_KEY = "perennial.columns";

    private final GraphProto graph;
    private final Columns columns;

    private Preparation(GraphProto graph, Columns columns) {
        this.graph = graph;
        this.columns = columns;
    }

    /** The matrix's columns, in order: each its own name and the feature it comes from. */
    record Columns(List<Feature> features, List<String> names, List<String> origins) {}

    /**
     * Fits on training rows.
     *
     * @param train its feature columns
     * @param targets of the same rows
     */
    public static Preparation fit(List<FeatureSpec> features, Table train, Targets targets) {
        Fitting fitting = new Fitting(targets);
        List<Feature> inputs = Feature.of(features);
        for (Feature feature : inputs) {
            if (feature.isNumber()) {
                fitting.number(feature.name());
            } else {
                fitting.category(train.category(feature.name()));
            }
        }
        return fitting.finish(inputs);
    }

    /** Names of the matrix's columns, such as {@code nswprice} or {@code day=Mon}. */
    public List<String> columns() {
        return columns.names();
    }

    /** For each column the feature it comes from. */
    public List<String> origins() {
        return columns.origins();
    }

    List<Feature> features() {
        return columns.features();
    }

    GraphProto graph() {
        return graph;
    }

    /** Its columns in words, for a file's metadata. */
    String described() {
        return new String(Json.write(columns), StandardCharsets.UTF_8);
    }

    /** The graph as an ONNX file of its own. */
    public byte[] toBytes() {
        GraphProto whole =
                graph.toBuilder()
                        .addOutput(
                                Onnx.value(
                                        OUTPUT, TensorProto.DataType.FLOAT, columns.names().size()))
                        .build();
        return Onnx.model(whole, Map.of(COLUMNS_KEY, described())).toByteArray();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws ModelException if it is anything else
     */
    public static Preparation fromBytes(byte[] bytes) {
        try {
            return of(ModelProto.parseFrom(bytes));
        } catch (InvalidProtocolBufferException broken) {
            throw new ModelException("the preparation is no ONNX file", broken);
        }
    }

    /**
     * The preparation in a file of it alone, or in a whole model's.
     *
     * @throws ModelException if there is none
     */
    static Preparation of(ModelProto model) {
        String described =
                model.getMetadataPropsList().stream()
                        .filter(entry -> entry.getKey().equals(COLUMNS_KEY))
                        .map(entry -> entry.getValue())
                        .findFirst()
                        .orElseThrow(() ->
                                new ModelException(
                                        "an ONNX file without "
                                                + COLUMNS_KEY
                                                + " holds no preparation"));
        Columns columns =
                Json.read(COLUMNS_KEY, described.getBytes(StandardCharsets.UTF_8), Columns.class);
        return new Preparation(upToOutput(model.getGraph()), columns);
    }

    /** A whole model's graph without what comes behind the preparation. */
    private static GraphProto upToOutput(GraphProto graph) {
        GraphProto.Builder part = graph.toBuilder().clearOutput().clearNode().clearInitializer();
        Set<String> used = new HashSet<>();
        for (NodeProto node : graph.getNodeList()) {
            part.addNode(node);
            used.addAll(node.getInputList());
            if (node.getOutputList().contains(OUTPUT)) {
                break; // nodes stand in the order they were appended
            }
        }
        graph.getInitializerList().stream()
                .filter(each -> used.contains(each.getName()))
                .forEach(part::addInitializer);
        return part.build();
    }

    /**
     * Runs the graph.
     *
     * @return rows × columns, row-major
     */
    public float[] transform(Table table, int threads) {
        try (Running running = running(threads)) {
            return running.transform(table);
        }
    }

    /** Loads the graph, to run it more than once. */
    Running running(int threads) {
        return new Running(this, OrtRuntime.open(toBytes(), threads));
    }

    /** The graph in ONNX Runtime. */
    static final class Running implements AutoCloseable {
        private final Columns columns;
        private final OrtSession session;
        private final FeatureFeed feed;

        private Running(Preparation preparation, OrtSession session) {
            this.columns = preparation.columns;
            this.session = session;
            this.feed = new FeatureFeed(preparation.features());
        }

        List<String> origins() {
            return columns.origins();
        }

        /** Rows × columns, row-major. */
        float[] transform(Table table) {
            int width = columns.names().size();
            if ((long) table.rows() * width > TrainingMatrix.MOST_VALUES) {
                throw new ModelException(
                        "%,d rows of %,d prepared columns don't fit one matrix of 2 GB; use a shorter window or fewer features"
                                .formatted(table.rows(), width));
            }
            float[] matrix = new float[table.rows() * width];
            try {
                for (int from = 0; from < table.rows(); from += FeatureFeed.BLOCK) {
                    int to = Math.min(table.rows(), from + FeatureFeed.BLOCK);
                    Map<String, OnnxTensor> inputs = feed.tensors(table, from, to);
                    try (OrtSession.Result result = session.run(inputs, Set.of(OUTPUT))) {
                        OnnxTensor output = (OnnxTensor) result.get(0);
                        output.getFloatBuffer().get(matrix, from * width, (to - from) * width);
                    } finally {
                        inputs.values().forEach(OnnxTensor::close);
                    }
                }
                return matrix;
            } catch (OrtException failed) {
                throw new ModelException(
                        "the preparation graph failed: " + failed.getMessage(), failed);
            }
        }

        @Override
        public void close() {
            try {
                session.close();
            } catch (OrtException failed) {
                throw new ModelException(
                        "the preparation graph can't be closed: " + failed.getMessage(), failed);
            }
        }
    }

    /**
     * The matrix of the rows that this was fitted on. It differs from what the graph gives in the
     * columns that hold means of the target: there each row has the {@linkplain
     * TargetMeans#outOfFold mean over other rows}.
     */
    public TrainingMatrix trainingMatrix(Table train, Targets targets, int threads) {
        int width = columns.names().size();
        float[] values = transform(train, threads);
        int output = 0;
        for (int column = 0; column < width; column++) {
            String feature = columns.origins().get(column);
            if (!columns.names().get(column).startsWith(feature + MEAN)) {
                continue;
            }
            boolean sameFeature = column > 0 && columns.origins().get(column - 1).equals(feature);
            output = sameFeature ? output + 1 : 0;
            float[] means = TargetMeans.outOfFold(train.category(feature), targets, output);
            for (int row = 0; row < means.length; row++) {
                values[row * width + column] = means[row];
            }
        }
        return new TrainingMatrix(width, values, targets);
    }

    /** The matrix of other rows, as the graph gives it. */
    public TrainingMatrix matrix(Table table, Targets targets, int threads) {
        return new TrainingMatrix(columns.names().size(), transform(table, threads), targets);
    }

    /** Collects nodes and columns feature by feature. */
    private static final class Fitting {
        private final Targets targets;
        private final GraphProto.Builder graph = GraphProto.newBuilder().setName("perennial");
        private final List<String> parts = new ArrayList<>();
        private final List<String> names = new ArrayList<>();
        private final List<String> origins = new ArrayList<>();

        Fitting(Targets targets) {
            this.targets = targets;
        }

        void number(String feature) {
            graph.addInput(Onnx.value(feature, TensorProto.DataType.FLOAT, 1));
            part(feature, feature, feature);
        }

        void category(CategoryColumn column) {
            graph.addInput(Onnx.value(column.name(), TensorProto.DataType.STRING, 1));
            SortedMap<String, Integer> codes = codesByValue(column);
            if (codes.size() <= MAX_ONE_HOT) {
                oneHot(column.name(), List.copyOf(codes.keySet()));
            } else {
                targetMeans(column, codes);
            }
        }

        /** The values that the rows have, with their codes; missing is the empty text. */
        private static SortedMap<String, Integer> codesByValue(CategoryColumn column) {
            SortedMap<String, Integer> codes = new TreeMap<>();
            IntStream.of(column.codes())
                    .distinct()
                    .forEach(
                            code -> codes.put(code < 0 ? "" : column.dictionary().get(code), code));
            return codes;
        }

        private void oneHot(String feature, List<String> values) {
            String encoded = internal(feature, "encoded");
            String shape = internal(feature, "shape");
            String flat = internal(feature, "flat");
            graph.addNode(
                    Onnx.node(
                            "OneHotEncoder",
                            Onnx.ML,
                            List.of(feature),
                            encoded,
                            Onnx.strings("cats_strings", values),
                            Onnx.integer("zeros", 1)));
            graph.addInitializer(Onnx.longs(shape, -1, values.size()));
            graph.addNode(Onnx.node("Reshape", "", List.of(encoded, shape), flat));
            parts.add(flat);
            for (String value : values) {
                names.add(feature + ONE_HOT + value);
                origins.add(feature);
            }
        }

        private void targetMeans(CategoryColumn column, SortedMap<String, Integer> codes) {
            String feature = column.name();
            List<String> values = List.copyOf(codes.keySet());
            int outputs = targets.margins();
            for (int output = 0; output < outputs; output++) {
                TargetMeans means = TargetMeans.of(column, targets, output);
                String name =
                        feature + MEAN + (outputs == 1 ? "mean" : targets.classes().get(output));
                String encoded = internal(feature, "mean" + output);
                graph.addNode(
                        Onnx.node(
                                "LabelEncoder",
                                Onnx.ML,
                                List.of(feature),
                                encoded,
                                Onnx.strings("keys_strings", values),
                                Onnx.floats(
                                        "values_floats",
                                        codes.values().stream().map(means::of).toList()),
                                Onnx.number("default_float", means.overall())));
                part(encoded, name, feature);
            }
        }

        private void part(String tensor, String name, String origin) {
            parts.add(tensor);
            names.add(name);
            origins.add(origin);
        }

        private static String internal(String feature, String role) {
            return Onnx.INTERNAL + role + "/" + feature;
        }

        Preparation finish(List<Feature> features) {
            NodeProto concat = Onnx.node("Concat", "", parts, OUTPUT, Onnx.integer("axis", 1));
            return new Preparation(
                    graph.addNode(concat).build(),
                    new Columns(features, List.copyOf(names), List.copyOf(origins)));
        }
    }
}
