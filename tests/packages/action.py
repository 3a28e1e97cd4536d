"""Action: it takes a release that is what its checksums say, and inspects; inputs are never read as code."""

import json

from archives import binary_of
from steps import EXPRESSION, Runner, load
from world import ROOT, attempt, run

ACTION = load("action.yml")
[INSTALL, INSPECT] = ACTION["runs"]["steps"]
OWNER = "owner/jwks"
HOSTILE = '$(touch broken)`touch broken`"; touch broken; #\';touch broken;'


def checks(tally, world):
    with tally.check("the schema of actions"):
        run(["check-jsonschema", "--builtin-schema", "vendor.github-actions", ROOT / "action.yml"])
    with tally.check("no expression in a script"):
        for step in [INSTALL, INSPECT]:
            assert not EXPRESSION.search(step["run"]), step["name"]
    releases(tally, world)
    inspections(tally, world)


def releases(tally, world):
    # As the step of the release workflow writes them.
    [checksums] = [step for step in world.release["jobs"]["publish"]["steps"] if step.get("name") == "Checksums"]
    done = attempt(["bash", "-e", "-c", checksums["run"]], cwd=world.dist)
    assert done.returncode == 0, done.stderr
    base = f"/{OWNER}/releases"
    latest = {f"{base}/latest": f"{base}/tag/v{world.version}", f"{base}/tag/v{world.version}": b"a page"}
    files = {f"{base}/download/v{world.version}/{path.name}": path.read_bytes() for path in world.dist.iterdir()}
    sums = f"{base}/download/v{world.version}/SHA256SUMS"
    archive = f"{base}/download/v{world.version}/jwks-{world.version}-x86_64-unknown-linux-gnu.tar.gz"
    lines = files[sums].decode().splitlines(keepends=True)
    name = archive.rpartition("/")[2]
    without = "".join(line for line in lines if name not in line)

    with world.server({**latest, **files}) as server:
        tag = {"action_repository": OWNER, "action_ref": f"v{world.version}"}
        accepted = {
            "the release of the action's tag": (tag, ""),
            "the newest, for a branch": ({**tag, "action_ref": "main"}, ""),
            "the newest, for a commit": ({**tag, "action_ref": "0123456789abcdef0123456789abcdef01234567"}, ""),
            "the one that is asked for": ({**tag, "action_ref": "v9.9.9"}, world.version),
            "the one that is asked for by its tag": ({**tag, "action_ref": "v9.9.9"}, f"v{world.version}"),
            "of the repository itself, where the action is called from there": ({"repository": OWNER}, ""),
        }
        for what, (github, version) in accepted.items():
            with tally.check(what):
                runner, done = install(world, server, github, version)
                assert done.returncode == 0, done.stdout + done.stderr
                [folder] = runner.path_file.read_text().splitlines()
                assert run([f"{folder}/jwks", "--version"]).strip() == f"jwks {world.version}"
                assert runner.output_file.read_text() == f"version={world.version}\n"
        systems = [
            ("Linux", "ARM64", "aarch64-unknown-linux-gnu"),
            ("macOS", "X64", "x86_64-apple-darwin"),
            ("macOS", "ARM64", "aarch64-apple-darwin"),
            ("Windows", "X64", "x86_64-pc-windows-msvc"),
        ]
        for system, architecture, target in systems:
            with tally.check(f"the archive for {system} on {architecture}"):
                runner, done = install(world, server, tag, "", RUNNER_OS=system, RUNNER_ARCH=architecture)
                assert done.returncode == 0, done.stdout + done.stderr
                [folder] = runner.path_file.read_text().splitlines()
                name = "jwks.exe" if system == "Windows" else "jwks"
                run(["cmp", f"{folder}/{name}", binary_of(world, target)])
        refused = {
            "a version that is none": (tag, "latest", {}),
            "a version that leads elsewhere": (tag, "../../evil", {}),
            "a version that is code": (tag, HOSTILE, {}),
            "a release that is not there": (tag, "9.9.9", {}),
            "a system without releases": (tag, "", {"RUNNER_ARCH": "RISCV64"}),
        }
        for what, (github, version, variables) in refused.items():
            with tally.check(f"refused: {what}"):
                refuse(world, server, github, version, **variables)

    faults = {
        "an archive that is another": {archive: files[archive][:-1] + b"\x7f"},
        "checksums without the archive": {sums: without.encode()},
        "checksums of an archive of a longer name": {sums: f"{without}{'0' * 64}  x{name}\n".encode()},
        "no checksums": {sums: None},
        "no release at all": {f"{base}/latest": f"{base}", base: b"no release"},
    }
    for what, changes in faults.items():
        with tally.check(f"refused: {what}"), world.server({**latest, **files, **changes}) as server:
            refuse(world, server, {"action_repository": OWNER}, "")


def runner_in(world, **variables):
    world.runners = getattr(world, "runners", 0) + 1
    return Runner(world.folder(f"runner-{world.runners}"), world.binary.parent, **variables)


def install(world, server, github, version, **variables):
    trust = {"GITHUB_SERVER_URL": server, "CURL_CA_BUNDLE": str(world.authority / "ca.pem")}
    # The program is not there yet.
    runner = runner_in(world, **trust, **variables)
    contexts = {"github": github, "inputs": {**defaults(), "version": version}}
    return runner, runner.step(INSTALL, contexts)


def refuse(world, server, github, version, **variables):
    runner, done = install(world, server, github, version, **variables)
    assert done.returncode != 0, done.stdout
    assert runner.path_file.read_text() == runner.output_file.read_text() == "", "something was installed"
    unbroken(runner)


def defaults():
    return {name: str(value.get("default", "")) for name, value in ACTION["inputs"].items()}


def unbroken(runner):
    assert not list(runner.workspace.parent.rglob("broken")), "an input was read as code"


def inspections(tally, world):
    good, bad = "public keys/jwks.json", "private.json"
    cases = {
        "sound sets pass": ({"paths": f"\n  {good}\n"}, 0, ["::notice title=no-standby"]),
        "a folder with a blank in its name": ({"paths": "public keys"}, 0, []),
        "private keys fail": ({"paths": f"{good}\n{bad}"}, 1, ["::error title=private-member"]),
        "not when nothing fails": ({"paths": bad, "fail-on": "never"}, 0, ["::error title=private-member"]),
        "not when it is no published set": ({"paths": bad, "published": "false"}, 0, []),
        "infos fail when they shall": ({"paths": good, "fail-on": "info"}, 1, []),
        "ignored rules": ({"paths": good, "fail-on": "info", "ignore": "no-standby\n"}, 0, []),
        "an unknown rule is wrong usage": ({"paths": good, "ignore": "no-such-rule"}, 2, []),
        "a file that is not there": ({"paths": "nowhere.json"}, 3, []),
        "no paths": ({"paths": "\n \n"}, 2, ["::error::"]),
    }
    for what, (inputs, status, expected) in cases.items():
        with tally.check(what):
            _, done = inspect(world, inputs)
            assert done.returncode == status, f"exit {done.returncode}: {done.stdout}{done.stderr}"
            for start in expected:
                assert any(line.startswith(start) for line in done.stdout.splitlines()), done.stdout
    for status, path in [(0, good), (1, bad)]:
        with tally.check(f"SARIF beside an exit of {status}"):
            runner, done = inspect(world, {"paths": path, "sarif": "jwks.sarif"})
            assert done.returncode == status, done.stderr
            [report] = json.loads((runner.workspace / "jwks.sarif").read_text())["runs"]
            assert report["results"], report
    for name in ACTION["inputs"]:
        with tally.check(f"code in the input {name}"):
            runner, _ = inspect(world, {"paths": good, name: HOSTILE})
            unbroken(runner)


def inspect(world, inputs):
    runner = runner_in(world)
    folder = runner.workspace / "public keys"
    folder.mkdir()
    run([world.binary, "generate", "--alg", "ES256", "-o", "../private.json", "-p", "jwks.json"], cwd=folder)
    contexts = {"github": {}, "inputs": {**defaults(), **inputs}}
    return runner, runner.step(INSPECT, contexts)
