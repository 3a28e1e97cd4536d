"""The programs that the recipes run on, and their installation."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
INSTALL_SECONDS = 1200
ASK_SECONDS = 120


class Missing(Exception):
    """Something that the test needs is not there."""


def need_parallel():
    if not is_gnu_parallel():
        how = "GNU parallel is not installed (Debian: apt install parallel)"
        apt_install("parallel", how)
        if not is_gnu_parallel():
            raise Missing(how)


def is_gnu_parallel():
    # Another program of this name comes with moreutils.
    return works("parallel", "--version", says=b"GNU parallel")


def spark_python(scratch):
    """The Python that has PySpark, and what is missing when there is none, or no Java."""
    cache = os.environ.get("JWKS_INTEROP_CACHE")
    venv = (Path(cache).resolve() if cache else scratch) / "spark-venv"
    if os.environ.get("JWKS_RECIPES_SPARK") == "1":
        need_java()
        install_pyspark(venv)
    if not has_java():
        return None, "Java is not installed"
    for python in (str(venv / "bin" / "python"), "python3"):
        if works(python, "-c", "import pyspark"):
            return python, None
    return None, "PySpark is not installed"


def need_java():
    if not has_java():
        how = "Java is not installed (Debian: apt install default-jre-headless)"
        apt_install("default-jre-headless", how)
        if not has_java():
            raise Missing(how)


def has_java():
    # PySpark looks there first.
    home = os.environ.get("JAVA_HOME")
    return works(str(Path(home) / "bin" / "java") if home else "java", "-version")


def install_pyspark(venv):
    # The list of versions is copied last, so an installation that broke off is made anew.
    requirements, installed = HERE / "requirements.txt", venv / "installed.txt"
    if installed.exists() and installed.read_bytes() == requirements.read_bytes():
        return
    shutil.rmtree(venv, ignore_errors=True)
    pip = [venv / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    with announced("PySpark"):
        try:
            install([sys.executable, "-m", "venv", venv])
            install([*pip, "--requirement", requirements])
        except subprocess.SubprocessError as error:
            raise Missing(f"PySpark cannot be installed: {error}") from error
    shutil.copyfile(requirements, installed)


# Programs


def works(*command, says=b""):
    try:
        done = subprocess.run(command, capture_output=True, timeout=ASK_SECONDS)
    except OSError:
        return False
    return done.returncode == 0 and says in done.stdout


def apt_install(package, how):
    """Installs Debian's package, or says how."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Missing(how)
    with announced(package):
        try:
            install(["apt-get", "update", "-qq"])
            install(["apt-get", "install", "-qq", "--no-install-recommends", package])
        except subprocess.SubprocessError as error:
            raise Missing(f"{how}: {error}") from error


@contextmanager
def announced(what):
    start = time.monotonic()
    print(f"installing {what}", flush=True)
    yield
    print(f"installed {what} ({time.monotonic() - start:.1f} s)", flush=True)


def install(command):
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, check=True, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   timeout=INSTALL_SECONDS)
