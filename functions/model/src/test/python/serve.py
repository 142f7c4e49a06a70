"""Serves a model as anybody's Python would, with nothing but its ONNX file; used by PythonServingTest.

    pip install onnx onnxruntime
    python serve.py MODEL.onnx ROWS.json

ROWS.json holds one list per feature. Prints what the file is and what it predicts, as JSON.
"""

import json
import sys

import numpy as np
import onnx
import onnxruntime

model = onnx.load(sys.argv[1])
onnx.checker.check_model(model, full_check=True)
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
rows = json.load(open(sys.argv[2]))

feed = {}
for each in session.get_inputs():
    if each.type == "tensor(float)":
        column = [np.nan if value is None else value for value in rows[each.name]]
        feed[each.name] = np.array(column, dtype=np.float32).reshape(-1, 1)
    else:
        column = ["" if value is None else value for value in rows[each.name]]
        feed[each.name] = np.array(column, dtype=object).reshape(-1, 1)

outputs = [each.name for each in session.get_outputs()]
print(
    json.dumps(
        {
            "inputs": {each.name: [each.type, each.shape[1:]] for each in session.get_inputs()},
            "outputs": outputs,
            "metadata": session.get_modelmeta().custom_metadata_map,
            "predicted": {name: np.asarray(value).tolist() for name, value in zip(outputs, session.run(outputs, feed))},
        }
    )
)
