"""Workflows: schema, zizmor and shellcheck; a release of the wrong tag or without an address stops."""

import re

import yaml
from action import ACTION
from steps import EXPRESSION, Runner, load
from world import ROOT, run

WORKFLOWS = [".github/workflows/ci.yml", ".github/workflows/release.yml"]

# Every other action is pinned by a commit, which .github/zizmor.yml demands.
PINNED_BY_VERSION = re.compile(r"actions/[a-z-]+@v\d+")


def checks(tally, world):
    for path in WORKFLOWS:
        with tally.check(f"{path}: the schema of workflows"):
            run(["check-jsonschema", "--builtin-schema", "vendor.github-workflows", ROOT / path])
        with tally.check(f"{path}: permissions"):
            workflow = load(path)
            assert workflow["permissions"] == {}, "the workflow itself needs none"
            for name, job in workflow["jobs"].items():
                assert job["permissions"], name
        with tally.check(f"{path}: actions"):
            used = re.findall(r"uses: (\S+)", (ROOT / path).read_text())
            assert used and all(PINNED_BY_VERSION.fullmatch(action) for action in used), used
    judges(tally, world)
    guards(tally, world)
    recipes(tally, world)


def scripts():
    """Name and text of each script that a runner is given."""
    for path in WORKFLOWS:
        for job in load(path)["jobs"].values():
            for step in job["steps"]:
                if "run" in step:
                    yield f"{path}: {step.get('name', step['run'])}", step["run"]
    for step in ACTION["runs"]["steps"]:
        yield f"action.yml: {step['name']}", step["run"]


def judges(tally, world):
    with tally.check("zizmor"):
        run(["zizmor", "--offline", "--quiet", ROOT])
    faulty = world.folder("faulty")
    with tally.check("zizmor refuses an expression in a script"):
        text = (ROOT / "action.yml").read_text()
        (faulty / "action.yml").write_text(text.replace('"$FAIL_ON"', "${{ inputs.fail-on }}"))
        run(["zizmor", "--offline", "--quiet", faulty / "action.yml"], expected=14)
    for number, (name, text) in enumerate(scripts()):
        with tally.check(f"{name}: shellcheck"):
            script = faulty / f"{number}.sh"
            # Runners make each script end with its first failure.
            script.write_text(f"set -eo pipefail\n{text}")
            assert not EXPRESSION.search(text), "an expression in a script"
            run(["shellcheck", "--shell", "bash", "--severity", "style", script])
    for path in ["packaging/linux", "tests/packages/run"]:
        with tally.check(f"{path}: shellcheck"):
            # What is sourced is not followed, so what it sets is not known.
            run(["shellcheck", "--exclude", "SC1091,SC2154", ROOT / path])
    for hook in load(".pre-commit-hooks.yaml"):
        with tally.check(f"the hook {hook['id']}: shellcheck"):
            script = faulty / f"{hook['id']}.sh"
            script.write_text(hook["entry"] + "\n")
            run(["shellcheck", "--shell", "sh", "--exclude", "SC2016", script])


def guards(tally, world):
    steps = {step.get("name"): step for step in world.release["jobs"]["check"]["steps"]}
    runner = Runner(world.folder("release"), world.binary.parent)
    manifest = (ROOT / "Cargo.toml").read_text()
    (runner.workspace / "Cargo.toml").write_text(manifest)
    tag, repository = steps["The tag names the version"], steps["The repository has its address"]
    cases = [
        ("the tag of the version", tag, {"GITHUB_REF_NAME": f"v{world.version}"}, True),
        ("another tag", tag, {"GITHUB_REF_NAME": "v9.9.9"}, False),
        ("a tag with more behind it", tag, {"GITHUB_REF_NAME": f"v{world.version}-rc1"}, False),
    ]
    for what, step, variables, passes in cases:
        with tally.check(f"a release of {what} {'goes on' if passes else 'stops'}"):
            assert (runner.step(step, {}, **variables).returncode == 0) == passes
    address = {"GITHUB_SERVER_URL": "https://example.org", "GITHUB_REPOSITORY": "owner/jwks"}
    for line, passes in [("", False), ('repository = "https://example.org/owner/jwks"\n', True),
                         ('repository = "https://example.org/other/jwks"\n', False)]:
        with tally.check(f"a release with {line.strip() or 'no address'} {'goes on' if passes else 'stops'}"):
            without = re.sub(r"^repository = .*\n", "", manifest, flags=re.MULTILINE)
            (runner.workspace / "Cargo.toml").write_text(without.replace("[package]\n", f"[package]\n{line}", 1))
            assert (runner.step(repository, {}, **address).returncode == 0) == passes


def recipes(tally, world):
    """What the documents tell to copy is what those who read it take, and names inputs and hooks that there are."""
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    text = "".join(document.read_text() for document in documents)
    hooks = {hook["id"] for hook in load(".pre-commit-hooks.yaml")}
    folder = world.folder("recipes")
    for number, block in enumerate(re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)):
        with tally.check(f"the recipe in YAML number {number + 1} of the documents"):
            recipe = yaml.safe_load(block)
            file = folder / f"{number}.yml"
            if isinstance(recipe, list):
                used = [step for step in recipe if "/jwks@" in step.get("uses", "")]
                assert all(step["with"].keys() <= ACTION["inputs"].keys() for step in used), used
                job = {"runs-on": "ubuntu-latest", "steps": recipe}
                file.write_text(yaml.safe_dump({"on": "push", "jobs": {"keys": job}}))
                run(["check-jsonschema", "--builtin-schema", "vendor.github-workflows", file])
            elif "repos" in recipe:
                named = {hook["id"] for repository in recipe["repos"] for hook in repository["hooks"]}
                assert named <= hooks, named
                file.write_text(block)
                run(["pre-commit", "validate-config", file])
            elif any("script" in job for job in recipe.values()):
                file.write_text(block)
                run(["check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", file])
