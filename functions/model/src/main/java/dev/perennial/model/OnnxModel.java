package dev.perennial.model;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.perennial.core.json.Json;
import dev.perennial.core.metric.Task;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * The one file that is promoted: raw columns in, calibrated prediction out.
 *
 * <p>Inputs: one per feature, named as in the spec; a number is float32 [N,1] with NaN for missing,
 * a category string [N,1] with "" for missing. Outputs: {@code label} (string [N]) and {@code
 * probability} (float32 [N,C], classes in the order of the metadata), or {@code prediction}
 * (float32 [N,1]) and perhaps {@code expected_error} (float32 [N,1], the absolute error to expect).
 * Any ONNX Runtime in any language can serve it.
 */
public final class OnnxModel {
    public static final String LABEL = "label";
    public static final String PROBABILITY = "probability";
    public static final String PREDICTION = "prediction";
    public static final String EXPECTED_ERROR = "expected_error";

    private static final String FORMAT_KEY = "perennial.format";
    private static final String TASK_KEY = "perennial.task";
    private static final String CLASSES_KEY = "perennial.classes";
    private static final String FEATURES_KEY = "perennial.features";
    private static final String COVERS_KEY = "perennial.covers";
    private static final String FORMAT = "1";

    private static final String SCORES = Onnx.INTERNAL + "scores";
    private static final String ERROR = Onnx.INTERNAL + "error/";

    private OnnxModel() {}

    /** What a file says of itself. */
    public record Description(
            Task task, List<String> classes, List<Feature> features, Map<String, String> stamps) {
        public Description {
            classes = List.copyOf(classes);
            features = List.copyOf(features);
            stamps = Map.copyOf(stamps);
        }
    }

    /** Appends a trained model and its calibration to its preparation. */
    public static byte[] write(
            Preparation preparation,
            TrainedModel model,
            Calibrator calibrator,
            List<String> classes) {
        return write(preparation, model, calibrator, classes, Optional.empty());
    }

    /**
     * As above, and with it how far off each answer is likely to be.
     *
     * @param errors of a regression, see {@link ErrorModel}
     */
    public static byte[] write(
            Preparation preparation,
            TrainedModel model,
            Calibrator calibrator,
            List<String> classes,
            Optional<TrainedModel> errors) {
        GraphProto.Builder graph = preparation.graph().toBuilder();
        model.append(graph, Preparation.OUTPUT, SCORES);
        calibrator.append(graph, SCORES);
        if (calibrator.task() == Task.REGRESSION) {
            graph.addOutput(Onnx.value(PREDICTION, TensorProto.DataType.FLOAT, 1));
            errors.ifPresent(trees -> expectedError(graph, trees));
        } else {
            label(graph, classes);
            graph.addOutput(Onnx.value(LABEL, TensorProto.DataType.STRING, null));
            graph.addOutput(Onnx.value(PROBABILITY, TensorProto.DataType.FLOAT, classes.size()));
        }
        Map<String, String> metadata = new TreeMap<>();
        metadata.put(FORMAT_KEY, FORMAT);
        metadata.put(TASK_KEY, calibrator.task().name());
        metadata.put(CLASSES_KEY, json(classes));
        metadata.put(FEATURES_KEY, json(preparation.features()));
        metadata.put(Preparation.COLUMNS_KEY, preparation.described());
        metadata.put(COVERS_KEY, written(model.covers()));
        return Onnx.model(graph.build(), metadata).toByteArray();
    }

    private static String written(float[] covers) {
        return Base64.getEncoder().encodeToString(Explainer.bytes(covers));
    }

    /** Says in a file how many training rows came by its trees' nodes, in place of what it said. */
    static void putCovers(ModelProto.Builder model, float[] covers) {
        model.getMetadataPropsBuilderList().stream()
                .filter(entry -> entry.getKey().equals(COVERS_KEY))
                .forEach(entry -> entry.setValue(written(covers)));
    }

    /** Other trees say how far off the scores are. */
    static boolean holdsTheTrees(NodeProto node) {
        return node.getOpType().equals(Onnx.TREES) && node.getOutput(0).equals(SCORES);
    }

    private static void expectedError(GraphProto.Builder graph, TrainedModel errors) {
        graph.addNode(
                Onnx.node(
                        "Concat",
                        "",
                        List.of(Preparation.OUTPUT, PREDICTION),
                        ERROR + "columns",
                        Onnx.integer("axis", 1)));
        errors.append(graph, ERROR + "columns", ERROR + "scores");
        graph.addNode(Onnx.node("Relu", "", List.of(ERROR + "scores"), EXPECTED_ERROR));
        graph.addOutput(Onnx.value(EXPECTED_ERROR, TensorProto.DataType.FLOAT, 1));
    }

    /** Takes out what says how far off answers are, if anything does: it knows one model alone. */
    static void dropExpectedError(GraphProto.Builder graph) {
        List<NodeProto> nodes =
                graph.getNodeList().stream()
                        .filter(node ->
                                !node.getOutput(0).startsWith(ERROR)
                                        && !node.getOutput(0).equals(EXPECTED_ERROR))
                        .toList();
        List<ValueInfoProto> outputs =
                graph.getOutputList().stream()
                        .filter(each -> !each.getName().equals(EXPECTED_ERROR))
                        .toList();
        graph.clearNode().addAllNode(nodes).clearOutput().addAllOutput(outputs);
    }

    private static void label(GraphProto.Builder graph, List<String> classes) {
        String index = Onnx.INTERNAL + "class";
        graph.addNode(
                Onnx.node(
                        "ArgMax",
                        "",
                        List.of(PROBABILITY),
                        index,
                        Onnx.integer("axis", 1),
                        Onnx.integer("keepdims", 0)));
        graph.addNode(
                Onnx.node(
                        "LabelEncoder",
                        Onnx.ML,
                        List.of(index),
                        LABEL,
                        Onnx.ints(
                                "keys_int64s",
                                LongStream.range(0, classes.size()).boxed().toList()),
                        Onnx.strings("values_strings", classes)));
    }

    /**
     * Adds facts to a file's metadata, such as its version and digests. The graph stays as it is.
     *
     * @throws ModelException if the bytes are no model, or a fact is there already with another
     *     value
     */
    public static byte[] stamp(byte[] onnx, Map<String, String> stamps) {
        ModelProto model = parse(onnx);
        Map<String, String> metadata = metadata(model);
        stamps.forEach((key, value) -> {
            String earlier = metadata.put("perennial." + key, value);
            if (earlier != null && !earlier.equals(value)) {
                throw new ModelException(
                        "the model is stamped %s=%s already, not %s"
                                .formatted(key, earlier, value));
            }
        });
        ModelProto.Builder stamped = model.toBuilder().clearMetadataProps();
        metadata.forEach((key, value) ->
                stamped.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return stamped.build().toByteArray();
    }

    /**
     * Reads what a file says of itself.
     *
     * @throws ModelException if it was not written here
     */
    public static Description describe(byte[] onnx) {
        Map<String, String> metadata = metadata(parse(onnx));
        if (!FORMAT.equals(metadata.get(FORMAT_KEY))) {
            throw new ModelException(
                    "not a Perennial model: its metadata has no %s=%s"
                            .formatted(FORMAT_KEY, FORMAT));
        }
        Map<String, String> stamps = new LinkedHashMap<>();
        metadata.forEach((key, value) -> {
            if (key.startsWith("perennial.")) {
                stamps.put(key.substring("perennial.".length()), value);
            }
        });
        return new Description(
                task(metadata.getOrDefault(TASK_KEY, "")),
                List.of(read(metadata, CLASSES_KEY, String[].class)),
                List.of(read(metadata, FEATURES_KEY, Feature[].class)),
                stamps);
    }

    /**
     * How a file turns scores into probabilities.
     *
     * @throws ModelException if it was not written here
     */
    public static Calibrator calibrator(byte[] onnx) {
        return calibrator(parse(onnx));
    }

    static Calibrator calibrator(ModelProto model) {
        return Calibrator.of(task(metadata(model).getOrDefault(TASK_KEY, "")), model.getGraph());
    }

    private static Task task(String name) {
        return Arrays.stream(Task.values())
                .filter(task -> task.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new ModelException(
                                "the model's metadata names '%s' as its task".formatted(name)));
    }

    /**
     * What a file says of how many training rows came by its trees' nodes.
     *
     * @throws ModelException if it says nothing, as those of earlier versions
     */
    static float[] covers(ModelProto model) {
        String written = metadata(model).get(COVERS_KEY);
        if (written == null) {
            throw new ModelException(
                    "the model's file doesn't say how many training rows came by its trees' nodes; one that is trained anew will");
        }
        try {
            return Explainer.covers(Base64.getDecoder().decode(written));
        } catch (IllegalArgumentException damaged) {
            throw new ModelException("the model's %s is damaged".formatted(COVERS_KEY), damaged);
        }
    }

    static ModelProto parse(byte[] onnx) {
        try {
            return ModelProto.parseFrom(onnx);
        } catch (InvalidProtocolBufferException broken) {
            throw new ModelException("not an ONNX file: " + broken.getMessage(), broken);
        }
    }

    private static Map<String, String> metadata(ModelProto model) {
        Map<String, String> metadata = new TreeMap<>();
        model.getMetadataPropsList()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
        return metadata;
    }

    private static String json(Object value) {
        return new String(Json.write(value), StandardCharsets.UTF_8);
    }

    private static <T> T read(Map<String, String> metadata, String key, Class<T> type) {
        return Json.read(
                key, metadata.getOrDefault(key, "").getBytes(StandardCharsets.UTF_8), type);
    }
}
