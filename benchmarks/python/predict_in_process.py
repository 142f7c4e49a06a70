"""Times ONNX Runtime from Python on the factory's model: MODEL FOLDER, where FOLDER has requests as JSON, 1.json and 1000.json.

Prints a JSON object per line, times in milliseconds.
"""

import json
import pathlib
import sys
import time

import numpy
import onnxruntime

ROUNDS = 3


def inputs(session, rows):
    """One array per input of the model, from rows as a request has them."""
    arrays = {}
    for feature in session.get_inputs():
        values = [row[feature.name] for row in rows]
        if feature.type == "tensor(string)":
            column = numpy.array(["" if value is None else value for value in values], dtype=object)
        else:
            column = numpy.array([numpy.nan if value is None else value for value in values], dtype=numpy.float32)
        arrays[feature.name] = column.reshape(-1, 1)
    return arrays


def measure(what, rows, calls, work):
    """The first round warms up."""
    for round in range(ROUNDS):
        millis = []
        for _ in range(calls):
            begin = time.perf_counter_ns()
            work()
            millis.append((time.perf_counter_ns() - begin) / 1e6)
        if round == 0:
            continue
        millis.sort()
        figures = {"p50": round_(millis[calls // 2]), "p99": round_(millis[calls * 99 // 100])}
        print(json.dumps({"where": "in process", "what": what, "who": "python", "rows": rows, "calls": calls} | figures))


def round_(value):
    return float(f"{value:.4f}")


def main(model, folder):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    outputs = [output.name for output in session.get_outputs() if output.name in ("probability", "prediction")]
    for rows in (1, 1_000):
        body = pathlib.Path(folder, f"{rows}.json").read_bytes()
        arrays = inputs(session, json.loads(body)["rows"])
        calls = 20_000 if rows == 1 else 500
        measure("predict", rows, calls, lambda: session.run(outputs, arrays))
        measure("read and predict", rows, calls, lambda: session.run(outputs, inputs(session, json.loads(body)["rows"])))


main(*sys.argv[1:])
