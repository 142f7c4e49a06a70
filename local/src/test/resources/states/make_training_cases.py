#!/usr/bin/env python3
"""Every error that a Retry or Catch of the factory's own state machine names, injected once and for good, and what has to follow.

    make_training_cases.py > training-cases.json

The expectations are read off the definition by the rules of the States Language: the first retrier that names an error has it tried again
so often, the first catcher that names it says where to go on. No executor made them. Mocks are in the form of SFN_MOCK_CONFIG, which
LocalStack and MiniStack read; compare_training.py runs the cases there, TrainingCasesTest here.
"""
import json
import pathlib

ROOT = pathlib.Path(__file__).parents[5]
DEFINITION = json.loads((ROOT / "statemachine/training.asl.json").read_text())
STATES = {name: state for name, state in DEFINITION["States"].items()}
STATES["Train candidate"] = STATES["Train"]["ItemProcessor"]["States"]["Train candidate"]

TO_THE_GATES = ["Begin", "What for", "Announce start", "Retrieve", "Validate", "Is data fit", "Prepare", "Train", "Is any candidate trained", "Evaluate", "Are gates passed", "Register", "Who decides"]
QUESTION = ["Report for approval", "Ask for approval", "Announce question", "Await decision", "Close question", "Is it a yes"]
END = ["Conclude", "Announce end", "Outcome"]
FAILURE = ["Record failure", "Notify of failure", "Announce failure", "Failed"]
PROMOTED = TO_THE_GATES + ["Promote"] + END + ["Promoted"]
ASKED = TO_THE_GATES + QUESTION + ["Promote"] + END + ["Promoted"]
FAILED = TO_THE_GATES + ["Promote"] + FAILURE
REFITTED = [part for state in PROMOTED for part in (["Refit", state] if state == "Register" else [state])]
RECALLED = ["Recall" if state == "Register" else state for state in PROMOTED]
ASKS = ["Compare with probes", "What do probes say"]
PROBED = ["Begin", "What for", *ASKS, "Retrieve rows", *ASKS, "Bring back", "Announce return", "Compared"]
AGED = ["Begin", "What for", *ASKS, "Announce worth", "Compared"]
LAMBDA, SERVICE = "lambda:invoke", {"putEvents": {"FailedEntryCount": 0, "Entries": []}, "publish": {"MessageId": "m"}, "updateItem": {}}


def retrieve(mode):
    promotion = {"mode": mode, "withinSeconds": 60, "timeoutSeconds": 60, "share": 0, "confidence": 0.95}
    return {"spec": "s", "snapshot": "n", "badRows": "b", "promotion": promotion, "usage": {"step": "retrieve"}}


PAYLOADS = {
    "Validate": {"verdict": "ACCEPTED", "profile": "p", "findings": "f", "usage": {"step": "validate"}},
    "Prepare": {"prepared": "q", "split": "t", "candidates": [{"index": 0}, {"index": 1}], "usage": {"step": "prepare"}},
    "Train candidate": {"trained": {"model": "m"}, "usage": {"step": "train"}},
    "Evaluate": {"accepted": True, "evaluation": "e", "model": "m", "championRevision": 4, "metrics": {"auc": 0.9}, "usage": {"step": "evaluate"}},
    "Refit": {"model": "r", "rows": 9, "until": "2026-01-01T00:00:00Z", "judgedLoss": 0.5, "loss": 0.4, "usage": {"step": "refit"}},
    "Register": {"version": 7, "model": "m", "modelCard": "c", "usage": {"step": "register"}},
    "Promote": {"version": 7, "previousVersion": 6, "revision": 5, "usage": {"step": "promote"}},
    "Conclude": {"summary": "u", "report": {"key": "runs/r/report.html"}, "usage": {"step": "conclude"}},
    "Report for approval": {"summary": "u", "report": {"key": "runs/r/report.html"}, "usage": {"step": "conclude"}},
    "Close question": {},
    "Retrieve rows": {"snapshot": "n", "spec": "s"},
    "Bring back": {"version": 3, "previousVersion": 6, "revision": 5, "usage": {"step": "promote"}},
}
PROBES_WANT = {"Return": {"StatusCode": 200, "Payload": {"wants": {"since": "2026-01-01T00:00:00Z"}, "pays": False, "says": "labels have come"}}}
PROBES_SAY = {"Return": {"StatusCode": 200, "Payload": {"bringsBack": {"version": 3, "championRevision": 4}, "pays": False, "says": "version 3 loses less"}}}


def answer(state, mode):
    resource = STATES[state]["Resource"]
    if resource.endswith(".waitForTaskToken"):
        return {"promote": True, "by": "Ada", "reason": "good"}
    if LAMBDA in resource:
        return {"StatusCode": 200, "Payload": retrieve(mode) if state == "Retrieve" else PAYLOADS[state]}
    return SERVICE[resource.rsplit(":", 1)[1]]


def evaluated(more):
    return {"0-99": {"Return": {"StatusCode": 200, "Payload": {**PAYLOADS["Evaluate"], **more}}}}


def names(entry, error):
    return error in entry["ErrorEquals"] or "States.ALL" in entry["ErrorEquals"]


def attempts(state, error):
    """How often a task is tried that always fails with this error."""
    for retrier in STATES[state].get("Retry", []):
        if names(retrier, error):
            return retrier["MaxAttempts"] + 1
    return 1


def items(state):
    """How often the task is run: once per candidate and for the baseline; probes are asked until they want nothing."""
    return 2 if state in ("Train candidate", "Compare with probes") else 1


def after(state, error, path):
    """The states that an execution goes through whose task fails for good."""
    caught = next(catcher["Next"] for catcher in STATES[state]["Catch"] if names(catcher, error))
    if state == "Train candidate":  # the candidate fails, and the baseline
        return path[: path.index("Is any candidate trained") + 1] + ["All candidates failed"] + FAILURE
    so_far = path[: path.index(state) + 1]
    if caught == "Conclude":
        return so_far + END + ["Data rejected"]
    if caught in FAILURE:
        return so_far + FAILURE[FAILURE.index(caught):]
    if state == "Await decision" and caught == "Close question":
        return so_far + ["Close question", "Is it a yes"] + END + ["Rejected"]
    return so_far + path[path.index(caught, path.index(state)):]


def main():
    cases, responses = {}, {}

    def case(name, path, mode, mocks, expected):
        tasks = {}
        for state in STATES:
            if state == "Compare with probes":
                responses["what probes say"] = {"0": PROBES_WANT, "1-99": PROBES_SAY}
                tasks[state] = "what probes say"
            elif STATES[state]["Type"] == "Task":
                key = f"{state} in {mode}"
                responses[key] = {"0-99": {"Return": answer(state, mode)}}
                tasks[state] = key
        for state, (key, response) in mocks.items():
            responses[key] = response
            tasks[state] = key
        cases[name] = {"tasks": {state: tasks[state] for state in tasks if state in path or state == "Train candidate"}, "path": path, **({"input": {"probe": {}}} if "Compare with probes" in path else {}), **expected}

    case("all good", PROMOTED, "GATES", {}, {"status": "SUCCEEDED", "attempts": {}})
    case("asked", ASKED, "APPROVAL", {}, {"status": "SUCCEEDED", "attempts": {}})
    refit = {"Evaluate": ("Evaluate that wants a refit", evaluated({"refit": {"candidate": {"index": 0}, "rounds": 9, "judged": "m"}}))}
    case("trained again", REFITTED, "GATES", refit, {"status": "SUCCEEDED", "attempts": {}})
    recall = {"Evaluate": ("Evaluate that recalls", evaluated({"recalled": 3}))}
    case("a former champion", RECALLED, "GATES", recall, {"status": "SUCCEEDED", "attempts": {}})
    pays = {"Compare with probes": ("a run pays", {"0-99": {"Return": {"StatusCode": 200, "Payload": {"pays": True, "says": "a run pays"}}}})}
    case("a run pays", AGED, "GATES", pays, {"status": "SUCCEEDED", "attempts": {}})
    case("probes", PROBED, "GATES", {}, {"status": "SUCCEEDED", "attempts": {}})
    boom = {"0-99": {"Throw": {"Error": "Boom", "Cause": "the cause"}}}
    for state, definition in STATES.items():
        if definition["Type"] != "Task":
            continue
        mocks, mode, base = {}, "GATES", PROMOTED
        if state in FAILURE:
            mocks, base = {"Promote": ("always Boom", boom)}, FAILED
        elif state == "Refit":
            mocks, base = refit, REFITTED
        elif state == "Announce worth":
            mocks, base = pays, AGED
        elif state in PROBED:
            base = PROBED
        elif state in QUESTION:
            mode, base = "APPROVAL", ASKED
        errors = [error for entry in definition.get("Retry", []) + definition["Catch"] for error in entry["ErrorEquals"]]
        for error in dict.fromkeys("Boom" if error == "States.ALL" else error for error in errors):
            throw = {"Throw": {"Error": error, "Cause": "the cause"}}
            tries = attempts(state, error)
            if tries > 1:
                once = {"0": throw, "1": PROBES_WANT, "2-99": PROBES_SAY} if state in ASKS else {"0": throw, "1-99": {"Return": answer(state, mode)}}
                case(f"{state}: {error} once", base, mode, {**mocks, state: (f"{state} in {mode} after {error}", once)},
                     {"status": "FAILED" if base is FAILED else "SUCCEEDED", "attempts": {state: items(state) + 1}})
            path = after(state, error, base)
            case(f"{state}: {error} for good", path, mode, {**mocks, state: (f"always {error}", {"0-99": throw})},
                 {"status": "FAILED" if path[-1] == "Failed" else "SUCCEEDED", "attempts": {state: tries if state in ASKS else items(state) * tries}})
    lines = [f' {json.dumps(name)}: {json.dumps(case)}' for name, case in cases.items()]
    print('{"responses": ' + json.dumps(responses) + ',\n"cases": {\n' + ",\n".join(lines) + "\n}}")


if __name__ == "__main__":
    main()
