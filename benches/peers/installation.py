"""What the peers need, installed in a folder that stays for the next run."""

import filecmp
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
JWT_CLI = "6.2.0"


class Missing(Exception):
    """A peer cannot be installed here: it is left out, and the others are measured."""


def cache_folder():
    cache_home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("JWKS_BENCH_CACHE") or Path(cache_home, "jwks-bench")).absolute()


class Installation:
    def __init__(self, folder: Path):
        self.folder = folder
        self.bin = folder / "cargo" / "bin"

    def node_packages(self) -> Path:
        """The folder of the npm peers. Node looks for packages beside the script, so the scripts go there."""
        folder = self.folder / "node"
        lock = HERE / "package-lock.json"
        if not installed(folder, lock):
            empty(folder)
            copy([lock, HERE / "package.json"], folder)
            quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel", "error"]
            run(["npm", "ci", "--ignore-scripts", *quiet], "the npm packages", folder=folder)
            mark(folder, lock)
        copy(HERE.glob("*.mjs"), folder)
        return folder

    def python_packages(self) -> Path:
        """The folder of the Python peers, whose Python is `bin/python` in it."""
        folder = self.folder / "venv"
        list_of_packages = HERE / "requirements.txt"
        if not installed(folder, list_of_packages):
            empty(folder)
            run(["python3", "-m", "venv", folder], "a Python environment")
            pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            options = ["--no-deps", "--only-binary", ":all:", "--requirement", list_of_packages]
            run([*pip, *options], "the Python packages")
            mark(folder, list_of_packages)
        copy([HERE / "shares.py", *HERE.glob("peer_*.py")], folder)
        return folder

    def jsonwebtoken(self) -> Path:
        manifest = HERE / "jsonwebtoken" / "Cargo.toml"
        command = ["cargo", "build", "--quiet", "--release", "--locked", "--manifest-path", manifest]
        run(command, "the program on jsonwebtoken", CARGO_TARGET_DIR=self.folder / "target")
        return self.folder / "target" / "release" / "peer-jsonwebtoken"

    def jwt_cli(self) -> Path:
        program = self.bin / "jwt"
        if not program.exists() or said([program, "--version"]) != f"jwt {JWT_CLI}":
            command = ["cargo", "install", "--quiet", "--locked", "--force", "--version", JWT_CLI]
            command += ["--root", self.bin.parent, "jwt-cli"]
            run(command, "jwt-cli", CARGO_TARGET_DIR=self.folder / "target-jwt-cli")
            shutil.rmtree(self.folder / "target-jwt-cli")
        return program

    def debian_jose(self) -> Path:
        if not shutil.which("jose") and os.geteuid() == 0 and shutil.which("apt-get"):
            quiet = {"DEBIAN_FRONTEND": "noninteractive"}
            run(["apt-get", "update", "-qq"], "Debian's list of packages", **quiet)
            run(["apt-get", "install", "-qq", "--no-install-recommends", "jose"], "Debian's jose", **quiet)
        if not (program := shutil.which("jose")):
            raise Missing("there is no program jose (Debian: apt install jose)")
        return Path(program)


def pinned(name) -> str:
    """The version of a Python package or of a crate, from the list that it is installed by."""
    lists = (HERE / "requirements.txt").read_text() + (HERE / "jsonwebtoken" / "Cargo.lock").read_text()
    found = re.search(rf'^(?:{name}==|name = "{name}"\nversion = ")([^"\s]+)', lists, re.MULTILINE)
    return found[1]


def pinned_npm(name) -> str:
    return json.loads((HERE / "package-lock.json").read_text())["packages"][f"node_modules/{name}"]["version"]


def said(command) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()
    except FileNotFoundError:
        return ""


def run(command, what, folder=None, **environment):
    command = [str(part) for part in command]
    environment = {**os.environ, **{name: str(value) for name, value in environment.items()}}
    try:
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Missing(f"{what} cannot be installed: {error}") from error


# The list of versions is copied last, so an installation that broke off is made anew.
def installed(folder, versions):
    return (folder / "installed").exists() and filecmp.cmp(versions, folder / "installed", shallow=False)


def mark(folder, versions):
    shutil.copy(versions, folder / "installed")


def empty(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def copy(files, folder):
    for file in files:
        shutil.copy(file, folder)
