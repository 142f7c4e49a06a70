#!/usr/bin/env python3
"""Writes cases.json: state machines, what goes in, and what AWS gives, for CasesTest.

Expected values follow AWS's documentation where it says something, else what both emulators gave. MiniStack 1.5.33 and
LocalStack core 2026.3.0 were run on the same cases; where one of them gave something else, the case says what and who
is right. After a change: python3 make_cases.py (byte-stable, no dependencies; also prints the table of docs/state-machine.md).
"""
import json
import pathlib

HERE = pathlib.Path(__file__).parent
LAMBDA = "arn:aws:states:::lambda:invoke"
INPUT = {"items": [1, 2, 3], "one": [{"s": 1}], "nul": None, "f": 1.0, "big": 12345678901, "s": "a,b",
         "o": {"k": [{"v": 2}, {"v": 5}]}}
QUERY_ERROR = "States.QueryEvaluationError"
FAILS = {"error": QUERY_ERROR}

# Expression, and its value or FAILS.
EXPRESSIONS = [
    ("$states.input.nul", None),
    ("null", None),
    ("$states.input.missing", FAILS),
    ("$states.input.f", 1.0),
    ("$states.input.big", 12345678901),
    ("1/3", 0.3333333333333333),
    ("10/2", 5),
    ("$sum([0.1,0.2])", 0.30000000000000004),
    ("$states.input.one.s", 1),
    ("[$states.input.one.s]", [1]),
    ("$states.input.o.k.v", [2, 5]),
    ("$states.input.o.k[v>3]", {'v': 5}),
    ("$states.input.o.k[v>9]", FAILS),
    ("$states.input.o.k[0]", {'v': 2}),
    ("$count($states.input.missing)", 0),
    ("$map([1,2],function($x){$x*2})", [2, 4]),
    ("$map([1],function($x){$x*2})", 2),
    ("$reduce([1,2,3],function($a,$b){$a+$b})", 6),
    ("$sort([3,1,2])", [1, 2, 3]),
    ("$filter([1,2,3],function($x){$x>5})", FAILS),
    ("$lookup({'a':1},'a')", 1),
    ("$merge([{'a':1},{'b':2}])", {'a': 1, 'b': 2}),
    ("$keys({'a':1,'b':2})", ['a', 'b']),
    ("$each({'a':1},function($v,$k){$k})", 'a'),
    ("$split('a,b',',')", ['a', 'b']),
    ("$replace('abc',/b/,'x')", 'axc'),
    ("$match('ab12',/[0-9]+/)", {'match': '12', 'index': 2, 'groups': []}),
    ("$formatNumber(1234.5,'#,##0.00')", '1,234.50'),
    ("$round(2.5)", 2),
    ("$string({'a':1.0})", '{"a":1}'),
    ("$string(1.0)", '1'),
    ("$number('1e3')", 1000),
    ('$parse(\'[1,{"a":null}]\')', [1, {'a': None}]),
    ("$hash('abc','MD5')", '900150983cd24fb0d6963f7d28e17f72'),
    ("$partition([1,2,3,4,5],2)", [[1, 2], [3, 4], [5]]),
    ("$range(0,10,5)", [0, 5, 10]),
    ("$range(1,2,0.5)", FAILS),
    ("$length($uuid())", 36),
    ("$random(7)<1", True),
    ("$type(null)", 'null'),
    ("$exists($states.input.missing)", False),
    ("$boolean([0])", False),
    ("$fromMillis(0)", '1970-01-01T00:00:00.000Z'),
    ("$toMillis('2020-01-01T00:00:00Z')", 1577836800000),
    ("$type($now())", 'string'),
    ("$states.context.State.Name", 'S'),
    ("$states.context.StateMachine.Name", 'Probe'),
    ("$states.context.Execution.Input.f", 1.0),
    ("$type($states.context.Execution.StartTime)", 'string'),
    ("'a' & 1 & true & null", 'a1truenull'),
    ("{'a':missing,'b':1}", {'b': 1}),
    ("[1,missing]", [1]),
    ("$undefinedVar", FAILS),
    ("1 + 'a'", FAILS),
    ("$states.input.items ~> $sum()", 6),
    ("$zip([1,2],[3,4])", [[1, 3], [2, 4]]),
    ("$states.input", {'items': [1, 2, 3], 'one': [{'s': 1}], 'nul': None, 'f': 1.0, 'big': 12345678901, 's': 'a,b', 'o': {'k': [{'v': 2}, {'v': 5}]}}),
    ("items", FAILS),
    ("$error('x')", FAILS),
    ("$assert(false,'nope')", FAILS),
    ("$distinct([1,1,2])", [1, 2]),
    ("$contains('abc',/B/i)", True),
    ("$pad('x',-3,'0')", '00x'),
    ("$base64encode('abc')", 'YWJj'),
    ("$shuffle([1])", [1]),
    ("$max([])", FAILS),
    ("$spread({'a':1,'b':2})", [{'a': 1}, {'b': 2}]),
    ("$string($states.input.o)", '{"k":[{"v":2},{"v":5}]}'),
    ("($a:=1;$b:=2;$a+$b)", 3),
    ("$states.input.items[-1]", 3),
    ("$states.input.items[[0..1]]", [1, 2]),
    ("[1..3]", [1, 2, 3]),
    ("$states.input.o.k^(>v).v", [5, 2]),
    ("true and 1", True),
    ("5 in [1,5]", True),
    ("$not(0)", True),
]

# Expression that the executor refuses to load, and a part of the reason.
REFUSED_EXPRESSIONS = [
    ("$eval('1+1')", "$eval is not available"),
    ("$$", "$$ has no meaning"),
    ("$foo(1)", "no function $foo"),
    ("$states.result", "$states.result has no value here"),
    ("1 +", "is not JSONata"),
]

# JSONPath: the executor has none, by design.
PATHS = [
    "States.Array(1,'a',$.f)", "States.ArrayContains($.items,2)", "States.ArrayGetItem($.items,1)",
    "States.ArrayLength($.items)", "States.ArrayPartition($.items,2)", "States.ArrayRange(1,9,2)",
    "States.ArrayUnique($.items)", "States.Base64Encode($.s)", "States.Base64Decode('YWJj')",
    "States.Hash($.s,'SHA-256')", "States.JsonMerge($.o,$.one[0],false)", "States.JsonToString($.o)",
    "States.StringToJson('{\"a\":1}')", "States.MathAdd($.f,1)", "States.StringSplit($.s,',')",
    "States.Format('x {} {}',$.s,$.f)", "$.o.k[*].v", "$.o.k[?(@.v>3)].v", "$.missing", "$$.Execution.Input.f",
    "$..v", "$.items[0:2]", "$.items[-1]",
]

# Case: (what MiniStack gave, what LocalStack gave, who is right and why). None: it gave what is expected.
DIGITS = (None, "1 for 1.0", "MiniStack and we: the same number, the digits are kept; AWS's documents do not say")
RUNTIME = (None, "FAILED States.Runtime", "MiniStack and we: AWS documents States.QueryEvaluationError for a failing expression")
STUB = (None, "a stub", "MiniStack and we: AWS documents the function")
DIFFERENCES = {
    "jsonata: $states.input.f": DIGITS,
    "jsonata: $states.input": DIGITS,
    "jsonata: $states.context.Execution.Input.f": DIGITS,
    "jsonata: 1 + 'a'": RUNTIME,
    "jsonata: $error('x')": RUNTIME,
    "jsonata: $assert(false,'nope')": RUNTIME,
    "jsonata: $hash('abc','MD5')": STUB,
    "jsonata: $length($uuid())": STUB,
    "jsonata: $random(7)<1": (None, "FAILED States.Runtime", "MiniStack and we: AWS's $random takes a seed"),
    "jsonata: $range(1,2,0.5)": (None, "[1, 1.5, 2]", "MiniStack and we: AWS documents that functions of whole numbers round down, and a step of 0 fails"),
    "jsonata: $eval('1+1')": ("2", "2", "we: AWS documents that $eval is not available; refused at load"),
    "jsonata: $$": ("FAILED " + QUERY_ERROR, "FAILED States.Runtime", "all fail; we already at load"),
    "jsonata: $foo(1)": ("FAILED " + QUERY_ERROR, "FAILED States.Runtime",
                         "MiniStack for AWS; we refuse at load what can only fail"),
    "jsonata: $states.result": ("null", "not run", "we: AWS has a result only in Output and Assign of Task, Map and Parallel"),
    "jsonata: 1 +": (None, "not run", "MiniStack and we: refused at load"),
    "jsonata without spaces": (None, "run as part of another case", "all agree"),
    "unclosed {%": ("the text itself", "the text itself",
                    "we: AWS documents a validation error for an improperly closed expression"),
    "Assign order": ("b from the new a", "Output from the new a",
                     "we: AWS documents that Assign and Output see the values as they were before the state"),
    "Choice default Assign/Output": ("Output ignored", None, "LocalStack and we: AWS documents Output for Choice"),
    "Choice non-boolean": ("takes the rule", "FAILED States.Runtime",
                           "we: AWS documents " + QUERY_ERROR + " for a value of the wrong type"),
    "Choice no match no default": (None, "FAILED States.Runtime", "MiniStack and we: AWS documents States.NoChoiceMatched"),
    "Succeed Output": ("Output ignored", None, "LocalStack and we: AWS documents Output for Succeed"),
    "Wait string secs": (None, "waits", "MiniStack and we: AWS documents " + QUERY_ERROR + " for a value of the wrong type"),
    "factory transient": ("FAILED after one attempt", None, "LocalStack and we: MaxAttempts 2 allows a third attempt"),
}
PENDING_AWS = {
    "Catch QueryEvaluationError of Output":
        "not run on AWS: both emulators and we do not catch it; AWS's guide can be read as if it were caught, so do not rely on it",
}

cases = []


def machine(start, states, **top):
    return {"QueryLanguage": "JSONata", "StartAt": start, "States": states, **top}


def one(state):
    end = {} if state["Type"] in ("Choice", "Fail", "Succeed") else {"End": True}
    return machine("S", {"S": state | end})


def expr(text):
    return "{% " + text + " %}"


def add(name, definition, expected, tasks=None, given=INPUT):
    case = {"name": name, "definition": definition, "input": given, "tasks": tasks or {}, "expected": expected}
    if name in DIFFERENCES:
        ministack, localstack, right = DIFFERENCES[name]
        case["differs"] = {k: v for k, v in (("ministack", ministack), ("localstack", localstack), ("right", right)) if v}
    if name in PENDING_AWS:
        case["pending"] = PENDING_AWS[name]
    cases.append(case)


def gives(output):
    return {"output": output}


def error(name):
    return {"error": name}


def refused(part):
    return {"refused": part}


def passes(output, **more):
    return one({"Type": "Pass", "Output": output, **more})


for source, value in EXPRESSIONS:
    add("jsonata: " + source, passes({"r": expr(source)}), FAILS if value is FAILS else gives({"r": value}))
for source, reason in REFUSED_EXPRESSIONS:
    add("jsonata: " + source, passes({"r": expr(source)}), refused(reason))
add("jsonata without spaces", passes({"r": "{%1+1%}", "in": [expr("1"), {"x": expr("'y'")}]}), gives({"r": 2, "in": [1, {"x": "y"}]}))
add("unclosed {%", passes({"r": "{% not closed"}), refused("should begin with {% and end with %}"))
add("Output scalar", passes(expr("5")), gives(5))
add("Output absent", one({"Type": "Pass"}), gives(INPUT))

add("Assign order", machine("A", {
    "A": {"Type": "Pass", "Assign": {"a": 1}, "Next": "B"},
    "B": {"Type": "Pass", "Assign": {"a": expr("$a+1"), "b": expr("$a")}, "Output": expr("$a"), "Next": "C"},
    "C": {"Type": "Pass", "Output": {"a": expr("$a"), "b": expr("$b"), "in": expr("$states.input")}, "End": True},
}), gives({"a": 2, "b": 1, "in": 1}))


def choice(condition, default=True, **more):
    states = {
        "S": {"Type": "Choice", "Choices": [{"Condition": condition, "Next": "Y", "Assign": {"v": "rule"}}], **more},
        "Y": {"Type": "Pass", "Output": {"y": expr("$v")}, "End": True},
    }
    if default:
        states["S"]["Default"] = "N"
        states["N"] = {"Type": "Pass", "Output": {"n": expr("$v"), "in": expr("$states.input")}, "End": True}
    return machine("S", states)


add("Choice true", choice(expr("$states.input.f = 1")), gives({"y": "rule"}))
add("Choice default Assign/Output", choice(expr("false"), Assign={"v": "state"}, Output={"o": 1}),
    gives({"n": "state", "in": {"o": 1}}))
add("Choice non-boolean", choice(expr("1")), FAILS)
add("Choice undefined", choice(expr("$states.input.missing = 1")), FAILS)
add("Choice missing > 1", choice(expr("$states.input.missing > 1")), FAILS)
add("Choice no match no default", choice(expr("false"), default=False), error("States.NoChoiceMatched"))
add("Fail dynamic", one({"Type": "Fail", "Error": expr("'E' & 'x'"), "Cause": expr("'because'")}), error("Ex"))
add("Succeed Output", one({"Type": "Succeed", "Output": {"a": expr("1")}}), gives({"a": 1}))
add("Wait 0 / Output", one({"Type": "Wait", "Seconds": expr("0"), "Output": {"w": 1}}), gives({"w": 1}))
add("Wait string secs", one({"Type": "Wait", "Seconds": expr("'1'")}), FAILS)
add("Parallel", one({"Type": "Parallel", "Output": expr("$states.result"), "Branches": [
    {"StartAt": "a", "States": {"a": {"Type": "Pass", "Output": 1, "End": True}}},
    {"StartAt": "b", "States": {"b": {"Type": "Pass", "Output": expr("$states.input.s"), "End": True}}}]}), gives([1, "a,b"]))


def each(inner, items=expr("$states.input.items"), **more):
    end = {} if inner["Type"] == "Fail" else {"End": True}
    return {"Type": "Map", "Items": items, "ItemProcessor": {
        "ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "m", "States": {"m": inner | end}}, **more}


CAUGHT = {"Type": "Pass", "Output": {"caught": expr("$states.input")}, "End": True}
ITEM = "$states.context.Map.Item."
add("Map items/index", one(each({"Type": "Pass"}, ItemSelector={"v": expr(ITEM + "Value"), "i": expr(ITEM + "Index")})),
    gives([{"v": 1, "i": 0}, {"v": 2, "i": 1}, {"v": 3, "i": 2}]))
add("Map default item", one(each({"Type": "Pass"})), gives([1, 2, 3]))
add("Map empty", one(each({"Type": "Pass"}, items=[])), gives([]))
add("Map items not array", one(each({"Type": "Pass"}, items=expr("5"))), FAILS)
add("Map single collapse", one(each({"Type": "Pass"}, items=expr("$states.input.one"), Output={"r": expr("$states.result.s")})),
    gives({"r": 1}))
add("Map fail + Catch", machine("S", {
    "S": each({"Type": "Fail", "Error": "Boo", "Cause": "c"}, End=True,
              Catch=[{"ErrorEquals": ["Boo"], "Next": "F", "Output": expr("$states.errorOutput")}]),
    "F": CAUGHT}), gives({"caught": {"Error": "Boo", "Cause": "c"}}))
add("Map MaxConcurrency expr", one(each({"Type": "Pass"}, MaxConcurrency=expr("1+1"))), gives([1, 2, 3]))
add("Map inner reads outer var", machine("A", {
    "A": {"Type": "Pass", "Assign": {"z": 9}, "Next": "S"},
    "S": each({"Type": "Pass", "Output": expr("$z + $states.input")}, End=True)}), gives([10, 11, 12]))


def task(**more):
    return {"Type": "Task", "Resource": LAMBDA, "Arguments": {"FunctionName": "f", "Payload": expr("$states.input")}, **more}


SCORE = {"StatusCode": 200, "Payload": {"score": 0.75}}
OK = {"T": [{"return": SCORE}]}
GATE = {"Error": "QualityGateException", "Cause": "below gate"}
GATE_FAILS = {"T": [{"throw": GATE}]}
add("Task ok", machine("T", {"T": task(End=True)}), gives(SCORE), OK)
add("Task Output/Assign", machine("T", {
    "T": task(Assign={"q": expr("$states.result.Payload.score")}, Output={"p": expr("$states.result.Payload")}, Next="Z"),
    "Z": {"Type": "Pass", "Output": expr("[$q,$states.input]"), "End": True}}), gives([0.75, {"p": {"score": 0.75}}]), OK)


def catching(errors, target=CAUGHT, more=None, **catch):
    return machine("T", {"T": task(Catch=[{"ErrorEquals": errors, "Next": "F", **catch}], End=True, **(more or {})), "F": target})


add("Catch name, Output absent", catching(["QualityGateException"]), gives({"caught": GATE}), GATE_FAILS)
add("Catch States.TaskFailed", catching(["States.TaskFailed"], Output=expr("$states.errorOutput")), gives({"caught": GATE}), GATE_FAILS)
add("Catch States.ALL", catching(["States.ALL"], Output=expr("$states.errorOutput.Error")), gives({"caught": GATE["Error"]}), GATE_FAILS)
add("Catch other", catching(["Nope"]), error("QualityGateException"), GATE_FAILS)
add("Catch QueryEvaluationError of Output",
    catching([QUERY_ERROR], more={"Output": expr("$states.input.missing")}), FAILS, OK)

for path in PATHS:
    add("path: " + path, {"StartAt": "S", "States": {"S": {"Type": "Pass", "Parameters": {"r.$": path}, "End": True}}},
        refused("no JSONPath"))
for name, state in (("Assign", {"Assign": {"t.$": "$.f"}}), ("InputPath null", {"InputPath": None}),
                    ("ResultPath nested", {"Result": 1, "ResultPath": "$.a.b"}), ("OutputPath", {"OutputPath": "$.o.k"})):
    add("path " + name, {"StartAt": "S", "States": {"S": {"Type": "Pass", **state, "End": True}}}, refused("no JSONPath"))
for outcome in ("ok", "transient", "gate", "boom"):
    add("path factory " + outcome, {"StartAt": "S", "States": {
        "S": {"Type": "Task", "Resource": LAMBDA, "Parameters": {"x.$": "$.x"}, "ResultPath": "$.r", "End": True}}},
        refused("no JSONPath"))

# A miniature of the training machine: names, a Map of candidates, a pause, an evaluation that may fail, a decision.
FACTORY = machine("Name", {
    "Name": {"Type": "Pass", "Next": "Candidates", "Output": {"items": expr("$states.input.items")},
             "Assign": {"run": expr("'run-' & $states.context.Execution.Name & '-' & $string($count($states.input.items))"),
                        "least": expr("$states.input.threshold")}},
    "Candidates": each(task(Output={"score": expr("$states.result.Payload.score")}), MaxConcurrency=2, Next="Pause",
                       ItemSelector={"x": expr(ITEM + "Value"), "run": expr("$run")},
                       Assign={"scores": expr("[$states.result.score]")},
                       Output={"best": expr("$max($states.result.score)"), "parts": expr("$partition([1,2,3],2)")}),
    "Pause": {"Type": "Wait", "Seconds": expr("$count($scores) > 100 ? 5 : 1"), "Next": "Evaluate"},
    "Evaluate": task(TimeoutSeconds=60, Next="Decide", Assign={"best": expr("$states.result.Payload.best")},
                     Output=expr("$merge([$states.input, {'n': $states.result.Payload.n}])"),
                     Retry=[{"ErrorEquals": ["TransientException"], "IntervalSeconds": 1, "BackoffRate": 2.0,
                             "MaxAttempts": 2, "MaxDelaySeconds": 5, "JitterStrategy": "NONE"}],
                     Catch=[{"ErrorEquals": ["QualityGateException"], "Next": "Rejected",
                             "Output": expr("$merge([$states.input, {'why': $states.errorOutput}])")},
                            {"ErrorEquals": ["States.ALL"], "Next": "Failed", "Output": expr("$states.errorOutput")}]),
    "Decide": {"Type": "Choice", "Default": "Rejected", "Choices": [
        {"Condition": expr("$best >= $least and $states.input.n >= 1"), "Next": "Promoted", "Assign": {"decision": "promote"}}]},
    "Promoted": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": True,
                 "Arguments": {"TableName": "t", "Item": {"pk": {"S": expr("$run")}, "best": {"N": expr("$string($best)")}}},
                 "Output": {"run": expr("$run"), "best": expr("$best"), "decision": expr("$decision"), "in": expr("$states.input")}},
    "Rejected": {"Type": "Pass", "Output": {"rejected": expr("$states.input")}, "End": True},
    "Failed": {"Type": "Fail", "Error": expr("$states.input.Error"), "Cause": expr("$states.input.Cause")},
})
CANDIDATES = {"best": 0.75, "parts": [[1, 2], [3]]}
GOOD = {"return": {"StatusCode": 200, "Payload": {"best": 0.75, "n": 3}}}
TRANSIENT = {"throw": {"Error": "TransientException", "Cause": "try"}}
PROMOTED = gives({"run": "run-case-3", "best": 0.75, "decision": "promote", "in": CANDIDATES | {"n": 3}})
for name, answers, expected in (
        ("ok", [GOOD], PROMOTED),
        ("transient", [TRANSIENT, TRANSIENT, GOOD], PROMOTED),
        ("gate", [{"throw": GATE}], gives({"rejected": CANDIDATES | {"why": GATE}})),
        ("boom", [{"throw": {"Error": "java.lang.IllegalStateException", "Cause": "boom"}}], error("java.lang.IllegalStateException"))):
    add("factory " + name, FACTORY, expected,
        {"m": [{"return": SCORE}], "Evaluate": answers, "Promoted": [{"return": {}}]},
        {"items": [1, 2, 3], "threshold": 0.5})

assert not set(DIFFERENCES) - {c["name"] for c in cases}, "a difference names a case that does not exist"
lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
(HERE / "cases.json").write_text("[\n" + lines + "\n]\n", encoding="utf-8")
for case in cases:
    if "differs" in case:
        d = case["differs"]
        ours = case["expected"].get("refused") and "refused" or case["expected"].get("error") or json.dumps(case["expected"].get("output"))
        cell = lambda text: text.replace("|", "\\|")
        print("| `%s` | %s | %s | %s | %s |" % (cell(case["name"]), cell(ours if len(ours) < 60 else "SUCCEEDED"),
              cell(d.get("ministack", "as ours")), cell(d.get("localstack", "as ours")), cell(d["right"])))
