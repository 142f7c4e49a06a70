#!/usr/bin/env python3
"""Translates a SAM template into the CloudFormation that AWS would deploy, as cfn-lint and checkov see nothing of SAM's resources.

    translate.py TEMPLATE OUT       writes JSON; exit 1 if SAM refuses the template or a substitution of the state machine is missing or unused

What the template's Metadata says is left unchecked is written to every resource, where the linters look for it.
"""
import json
import pathlib
import re
import sys

from samtranslator.public.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

MANAGED = ("AWSLambdaBasicExecutionRole", "AWSXRayDaemonWriteAccess", "AWSLambdaSQSQueueExecutionRole")


class ManagedPolicies:
    def load(self):
        return {name: "arn:aws:iam::aws:policy/service-role/" + name for name in MANAGED}


def main(template, out):
    document = yaml_parse(template.read_text())
    unchecked = document.get("Metadata", {})
    problems = []
    definitions = {}
    for name, resource in document["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            properties["CodeUri"] = {"Bucket": "packages", "Key": properties["CodeUri"]}  # as sam package does
        if resource["Type"] == "AWS::Serverless::StateMachine":
            text = (template.parent / properties.pop("DefinitionUri")).read_text()
            definitions[name] = properties["Definition"] = json.loads(text)
            used = set(re.findall(r"\$\{(\w+)\}", text))
            given = set(properties.get("DefinitionSubstitutions", {}))
            problems += [f"{name}: the definition uses ${{{each}}}, which DefinitionSubstitutions lacks" for each in sorted(used - given)]
            problems += [f"{name}: no one uses the substitution {each}" for each in sorted(given - used)]
    try:
        translated = transform(document, {}, ManagedPolicies())
    except InvalidDocumentException as refused:
        problems += [cause.message for cause in refused.causes] or [refused.message]
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return 1
    for name, definition in definitions.items():  # cfn-lint checks states in this form, not in joined lines
        properties = translated["Resources"][name]["Properties"]
        properties.pop("DefinitionString", None)
        properties["Definition"] = definition
    for resource in translated["Resources"].values():
        resource.setdefault("Metadata", {}).update({
            "checkov": {"skip": [{"id": check, "comment": why} for check, why in unchecked.get("Unchecked", {}).items()]},
            "cfn-lint": {"config": {"ignore_checks": unchecked.get("UncheckedByCfnLint", [])}},
        })
    out.write_text(json.dumps(translated, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
