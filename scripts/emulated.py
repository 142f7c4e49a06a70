#!/usr/bin/env python3
"""Writes what an emulator of AWS deploys instead of template.yaml and its zips: the same functions on a runtime of their own.

    emulated.py ROOT JAVA OUT      writes OUT/template.yaml and OUT/*.zip

Emulators run managed runtimes in Docker images of AWS's; a custom runtime they start as a process. So each zip gets a bootstrap that
starts this machine's JDK with AWS's runtime client, as Lambda's java25 does. SnapStart goes with the managed runtime. MiniStack 1.5.33
knows state machines' versions and aliases, but not in CloudFormation: the alias is made after the deployment.
"""
import pathlib
import re
import shutil
import stat
import sys
import zipfile

CLIENT = ("aws-lambda-java-runtime-interface-client", "aws-lambda-java-core", "aws-lambda-java-serialization", "utils-lite")
JNI = "jni/libaws-lambda-jni.linux-x86_64.so"
BOOTSTRAP = """#!/bin/sh
cd "$LAMBDA_TASK_ROOT"
exec {java} -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \\
  -Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI={jni} \\
  -cp {classes} com.amazonaws.services.lambda.runtime.api.client.AWSLambda "$_HANDLER"
"""


def once(pattern, replacement, text, count=1):
    changed, found = re.subn(pattern, replacement, text)
    if found != count:
        sys.exit(f"template.yaml has {found} times what {count} were expected of: {pattern}")
    return changed


def main(root, java, out):
    jars = [next((root / "local/target/lib").glob(name + "-[0-9]*.jar")) for name in CLIENT]
    jni = out / pathlib.Path(JNI).name
    with zipfile.ZipFile(jars[0]) as client:
        jni.write_bytes(client.read(JNI))
    bootstrap = BOOTSTRAP.format(java=java, jni=jni, classes=":".join(map(str, jars)))
    template = (root / "template.yaml").read_text()
    functions = re.findall(r"CodeUri: (functions/\S+\.zip)", template)
    for uri in functions:
        package = out / pathlib.Path(uri).name
        shutil.copy(root / uri, package)
        with zipfile.ZipFile(package, "a") as archive:
            entry = zipfile.ZipInfo("bootstrap")
            entry.external_attr = (stat.S_IFREG | 0o755) << 16
            archive.writestr(entry, bootstrap)
        template = template.replace(uri, str(package))
    template = once(r"Runtime: java25\n", "Runtime: provided.al2023\n", template)
    template = once(r" +SnapStart: .*\n", "", template, template.count("SnapStart:"))
    template = once(r"DefinitionUri: ", f"DefinitionUri: {root}/", template)
    machine = template.index("  TrainingStateMachine:\n")
    template = template[:machine] + once(r" +AutoPublishAlias: live\n +DeploymentPreference:\n(?: {8}.*\n)+", "", template[machine:])
    template = once("!Ref TrainingStateMachineAliaslive", "!Sub '${TrainingStateMachine}:live'", template, 2)
    (out / "template.yaml").write_text(template)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], pathlib.Path(sys.argv[3]).resolve())
