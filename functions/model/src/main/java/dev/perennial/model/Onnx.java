package dev.perennial.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The vocabulary that graphs are written in: nodes, attributes, tensors of the ONNX protobuf. */
final class Onnx {
    /** Operator domain of trees, encoders and imputers. */
    static final String ML = "ai.onnx.ml";

    /** Operator of boosted trees, and what it calls a node without children. */
    static final String TREES = "TreeEnsembleRegressor";

    static final ByteString LEAF = ByteString.copyFromUtf8("LEAF");

    /**
     * What every tensor inside a graph is named with, so that no feature's name can clash with one.
     */
    static final String INTERNAL = "perennial/";

    /** IR 9, opset 18 and ML opset 3: ONNX Runtime 1.16 (2023) and newer load them. */
    private static final int IR_VERSION = 9;

    private static final int OPSET = 18;
    private static final int ML_OPSET = 3;

    private Onnx() {}

    static ModelProto model(GraphProto graph, Map<String, String> metadata) {
        ModelProto.Builder model =
                ModelProto.newBuilder()
                        .setIrVersion(IR_VERSION)
                        .setProducerName("perennial")
                        .addOpsetImport(
                                OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                        .addOpsetImport(
                                OperatorSetIdProto.newBuilder().setDomain(ML).setVersion(ML_OPSET))
                        .setGraph(graph);
        metadata.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry ->
                        model.addMetadataProps(
                                StringStringEntryProto.newBuilder()
                                        .setKey(entry.getKey())
                                        .setValue(entry.getValue())));
        return model.build();
    }

    static NodeProto node(
            String type,
            String domain,
            List<String> inputs,
            String output,
            AttributeProto... attributes) {
        return NodeProto.newBuilder()
                .setOpType(type)
                .setDomain(domain)
                .setName(output + "/node")
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(Arrays.asList(attributes))
                .build();
    }

    /** To be filled value by value: a large model has millions of nodes. */
    static AttributeProto.Builder ints(String name) {
        return attribute(name, AttributeProto.AttributeType.INTS);
    }

    static AttributeProto ints(String name, List<Long> values) {
        return ints(name).addAllInts(values).build();
    }

    static AttributeProto.Builder floats(String name) {
        return attribute(name, AttributeProto.AttributeType.FLOATS);
    }

    static AttributeProto floats(String name, List<Float> values) {
        return floats(name).addAllFloats(values).build();
    }

    static AttributeProto.Builder strings(String name) {
        return attribute(name, AttributeProto.AttributeType.STRINGS);
    }

    static AttributeProto strings(String name, List<String> values) {
        AttributeProto.Builder attribute = strings(name);
        values.forEach(value -> attribute.addStrings(ByteString.copyFromUtf8(value)));
        return attribute.build();
    }

    static AttributeProto string(String name, String value) {
        return attribute(name, AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    static AttributeProto integer(String name, long value) {
        return attribute(name, AttributeProto.AttributeType.INT).setI(value).build();
    }

    static AttributeProto number(String name, float value) {
        return attribute(name, AttributeProto.AttributeType.FLOAT).setF(value).build();
    }

    private static AttributeProto.Builder attribute(
            String name, AttributeProto.AttributeType type) {
        return AttributeProto.newBuilder().setName(name).setType(type);
    }

    /** A [rows] (columns null) or [rows, columns] input or output. */
    static ValueInfoProto value(String name, TensorProto.DataType type, @Nullable Integer columns) {
        TensorShapeProto.Builder shape =
                TensorShapeProto.newBuilder()
                        .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"));
        if (columns != null) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(columns));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        TypeProto.newBuilder()
                                .setTensorType(
                                        TypeProto.Tensor.newBuilder()
                                                .setElemType(type.getNumber())
                                                .setShape(shape)))
                .build();
    }

    static TensorProto longs(String name, long... values) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(TensorProto.DataType.INT64.getNumber())
                        .addDims(values.length);
        for (long value : values) {
            tensor.addInt64Data(value);
        }
        return tensor.build();
    }

    /** A graph's constant of floats, if it has one of this name. */
    static Optional<float[]> floats(GraphProto graph, String initializer) {
        return graph.getInitializerList().stream()
                .filter(each -> each.getName().equals(initializer))
                .findFirst()
                .map(tensor -> {
                    float[] values = new float[tensor.getFloatDataCount()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = tensor.getFloatData(i);
                    }
                    return values;
                });
    }

    /** Row-major floats of any shape. */
    static TensorProto tensor(String name, float[] values, long... shape) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(TensorProto.DataType.FLOAT.getNumber());
        for (long dimension : shape) {
            tensor.addDims(dimension);
        }
        for (float value : values) {
            tensor.addFloatData(value);
        }
        return tensor.build();
    }
}
