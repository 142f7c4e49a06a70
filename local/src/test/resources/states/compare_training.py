#!/usr/bin/env python3
"""Runs training-cases.json on an emulator of Step Functions, to see whether it goes the same ways through the factory's state machine.

    compare_training.py --mocks MOCKS.json            writes what the emulator has to be started with (SFN_MOCK_CONFIG)
    compare_training.py --endpoint URL [--quick] [--for-good]      runs the cases; exit 1 if one goes another way

--for-good leaves out errors that pass: MiniStack's mocks give one answer to all attempts of a task. --quick shortens the waits between attempts (IntervalSeconds 1, BackoffRate 1), for an emulator that really waits. Needs boto3.
"""
import argparse
import concurrent.futures
import json
import pathlib
import re
import sys
import time

HERE = pathlib.Path(__file__).parent
CASES = json.loads((HERE / "training-cases.json").read_text())
NAME = "Training"


def definition(quick):
    text = (HERE.parents[4] / "statemachine/training.asl.json").read_text()
    text = re.sub(r"\$\{(\w+Arn)\}", r"arn:aws:lambda:us-east-1:000000000000:function:\1", text)
    text = re.sub(r"\$\{(\w+)\}", r"\1", text)
    machine = json.loads(text)
    known = set(machine["States"])

    def shorten(value):
        if isinstance(value, dict):
            if "MaxAttempts" in value:
                value.update(IntervalSeconds=1, BackoffRate=1)
            list(map(shorten, value.values()))
        elif isinstance(value, list):
            list(map(shorten, value))

    if quick:
        shorten(machine)
    return json.dumps(machine), known


def mocks():
    names = {name: f"case{number}" for number, name in enumerate(CASES["cases"])}
    short = {name: f"answer{number}" for number, name in enumerate(CASES["responses"])}
    return {
        "StateMachines": {NAME: {"TestCases": {
            names[name]: {state: short[answer] for state, answer in case["tasks"].items()} for name, case in CASES["cases"].items()}}},
        "MockedResponses": {short[name]: answer for name, answer in CASES["responses"].items()},
    }, names


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--mocks")
    arguments.add_argument("--endpoint")
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--for-good", action="store_true")
    given = arguments.parse_args()
    config, names = mocks()
    if given.mocks:
        pathlib.Path(given.mocks).write_text(json.dumps(config))
        return 0
    import boto3

    client = boto3.client("stepfunctions", endpoint_url=given.endpoint, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
    text, known = definition(given.quick)
    machine = client.create_state_machine(name=NAME, roleArn="arn:aws:iam::000000000000:role/r", definition=text)["stateMachineArn"]

    def run(name):
        execution = client.start_execution(stateMachineArn=f"{machine}#{names[name]}", input=json.dumps(CASES["cases"][name].get("input", {})))["executionArn"]
        for _ in range(600):
            status = client.describe_execution(executionArn=execution)["status"]
            if status != "RUNNING":
                break
            time.sleep(0.5)
        events = [event for page in client.get_paginator("get_execution_history").paginate(executionArn=execution) for event in page["events"]]
        entered = [event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event]
        return status, [state for state in entered if state in known]

    wanted = [name for name in CASES["cases"] if not (given.for_good and name.endswith(" once"))]
    different = 0
    with concurrent.futures.ThreadPoolExecutor(24) as pool:
        for name, (status, path) in zip(wanted, pool.map(run, wanted)):
            case = CASES["cases"][name]
            if (status, path) != (case["status"], case["path"]):
                different += 1
                after = next((i for i, (a, b) in enumerate(zip(path, case["path"])) if a != b), min(len(path), len(case["path"])))
                print(f"{name}: {status}, wanted {case['status']}; after {case['path'][after - 1]}: {path[after:]}, wanted {case['path'][after:]}")
    print(f"{len(wanted) - different} of {len(wanted)} cases as wanted")
    return different != 0


if __name__ == "__main__":
    sys.exit(main())
