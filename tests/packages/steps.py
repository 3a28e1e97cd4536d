"""Steps of GitHub Actions as a runner takes them: expressions become variables, scripts go to their shell."""

import os
import re
from pathlib import Path

import yaml
from world import ROOT, attempt

EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")

# How a runner calls bash, with `shell: bash` and without.
BASH = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]
DEFAULT = ["bash", "-e"]


def load(path) -> dict:
    return yaml.safe_load((ROOT / path).read_text())


def evaluate(text, contexts):
    """The text with its expressions replaced: names of a context, and the first of several that is not empty."""

    def value(match):
        for name in match[1].split("||"):
            context, _, member = name.strip().partition(".")
            found = contexts[context].get(member, "")
            if found:
                return found
        return ""

    return EXPRESSION.sub(value, text)


class Runner:
    """A job of a runner: its folders, and the files by which a step tells later ones something."""

    def __init__(self, folder: Path, programs: Path, **variables):
        self.workspace = folder / "workspace"
        self.temporary = folder / "temporary"
        self.path_file, self.output_file = folder / "path", folder / "output"
        for inner in [self.workspace, self.temporary]:
            inner.mkdir()
        for file in [self.path_file, self.output_file]:
            file.touch()
        self.script = folder / "script.sh"
        self.environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": str(folder),
            "JWKS_CACHE_DIR": str(folder / "cache"),
            "GITHUB_PATH": str(self.path_file),
            "GITHUB_OUTPUT": str(self.output_file),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temporary),
            "RUNNER_OS": "Linux",
            "RUNNER_ARCH": "X64",
            **variables,
        }

    def step(self, step, contexts, **variables):
        """Runs the script of a step, as it stands there."""
        self.script.write_text(step["run"])
        declared = {name: evaluate(str(text), contexts) for name, text in step.get("env", {}).items()}
        added = "".join(f"{line}:" for line in self.path_file.read_text().splitlines())
        environment = {**self.environment, **declared, **variables}
        environment["PATH"] = added + environment["PATH"]
        shell = BASH if step.get("shell") == "bash" else DEFAULT
        return attempt([*shell, self.script], cwd=self.workspace, env=environment)
