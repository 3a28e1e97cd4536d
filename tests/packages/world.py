"""The checkout, a scratch folder, and a web server on loopback with a certificate of its own authority."""

import functools
import http.server
import os
import re
import shlex
import shutil
import ssl
import subprocess
import sys
import threading
import tomllib
from contextlib import contextmanager
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent

# Where the licences of libraries are, below the root of the checkout.
LICENCES = "target/packaging/THIRD-PARTY-LICENSES"

# What the binary under test is built for: the tools come prebuilt for no other Linux.
HERE = "x86_64-unknown-linux-gnu"

# The time that files in packages and archives have.
EPOCH = 1_795_000_000

# Characters of what a failed command said that are shown.
MOST_SAID = 2000


class World:
    def __init__(self, binary, scratch):
        self.binary = binary
        self.scratch = scratch
        self.root = os.geteuid() == 0
        self.manifest = tomllib.loads((ROOT / "Cargo.toml").read_text())
        self.package = self.manifest["package"]
        self.version = self.package["version"]
        self.release = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())
        self.tracked = run(["git", "ls-files", "-z"], cwd=ROOT).split("\0")[:-1]

    def folder(self, name) -> Path:
        path = self.scratch / name
        path.mkdir(parents=True)
        return path

    @functools.cached_property
    def stage(self) -> Path:
        """A checkout with the built binary, and of Cargo.toml what packages are made from, word by word: the
        tools that come prebuilt are of 2023, and cannot read newer editions and profiles."""
        stage = self.folder("stage")
        for name in ["completions", "docs", "man", "packaging"]:
            shutil.copytree(ROOT / name, stage / name)
        for name in ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md"]:
            shutil.copy(ROOT / name, stage / name)
        sections = re.split(r"^(?=\[)", (ROOT / "Cargo.toml").read_text(), flags=re.MULTILINE)
        wanted = [part for part in sections if part.startswith(("[package]", "[package.", "[[bin]]"))]
        manifest = "".join(wanted).replace('\nedition = "2024"', '\nedition = "2021"')
        (stage / "Cargo.toml").write_text(manifest)
        (stage / "src").mkdir()
        (stage / "src/main.rs").write_text("fn main() {}\n")
        (stage / "target/release").mkdir(parents=True)
        shutil.copy(self.binary, stage / "target/release/jwks")
        (stage / "target/packaging").mkdir()
        shutil.copy(self.licences, stage / LICENCES)
        return stage

    @functools.cached_property
    def licences(self) -> Path:
        """The licences of what is linked, as packaging/licences.py writes them."""
        return self.licences_in("licences")

    def licences_in(self, name) -> Path:
        file = self.folder(name) / "THIRD-PARTY-LICENSES"
        run([sys.executable, "-B", ROOT / "packaging/licences.py", HERE, file])
        return file

    @functools.cached_property
    def packages(self) -> tuple[Path, Path]:
        """The packages for Debian and for RPM, as packaging/linux makes them."""
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH), "CARGO_NET_OFFLINE": "true"}
        environment.pop("CARGO_TARGET_DIR", None)
        run([self.stage / "packaging/linux", "--fast"], env=environment)
        [debian] = (self.stage / "target/debian").glob("*.deb")
        [red_hat] = (self.stage / "target/generate-rpm").glob("*.rpm")
        return debian, red_hat

    @functools.cached_property
    def dist(self) -> Path:
        """The folder of what a release uploads, which the checks of the archives fill."""
        return self.folder("dist")

    @functools.cached_property
    def authority(self) -> Path:
        """A folder with ca.pem, and server.pem that it vouches for: the certificate of localhost and its key."""
        folder = self.folder("authority")
        options = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "2"]

        def certificate(name, key, out, *more):
            run(["openssl", "req", "-x509", *options, "-subj", f"/CN={name}", "-keyout", key, "-out", out, *more], cwd=folder)

        certificate("authority", "ca.key", "ca.pem")
        names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"]
        certificate("localhost", "server.key", "server.crt", "-CA", "ca.pem", "-CAkey", "ca.key", *names)
        (folder / "server.pem").write_text((folder / "server.crt").read_text() + (folder / "server.key").read_text())
        return folder

    @contextmanager
    def server(self, answers):
        """The address of an https server that gives `answers`: path to bytes, or to another path to go to."""

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                answer = answers.get(self.path)
                if isinstance(answer, str):
                    self.send_response(302)
                    self.send_header("Location", answer)
                    answer = b""
                else:
                    self.send_response(404 if answer is None else 200)
                    self.send_header("Content-Type", "application/json")
                    answer = answer or b""
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_HEAD = do_GET

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.authority / "server.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"https://localhost:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()


class UnexpectedExit(Exception):
    """A command ended with another status than the one that the check demands."""


def attempt(command, **options) -> subprocess.CompletedProcess:
    command = [str(part) for part in command]
    options = {"stdin": subprocess.DEVNULL, **options}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **options)


def run(command, *, expected=0, **options) -> str:
    """Standard output of a command that ends with the expected status."""
    done = attempt(command, **options)
    if done.returncode != expected:
        said = " / ".join((done.stdout + done.stderr).split("\n")).strip(" /")[:MOST_SAID]
        shown = shlex.join(str(part) for part in command)
        raise UnexpectedExit(f"exit {done.returncode}, not {expected}: {shown}: {said}")
    return done.stdout


def works(jwks, folder, before=()):
    """The program makes a key, signs with it, and believes what it signed and nothing else."""
    here = {"cwd": folder}
    run([*before, jwks, "generate", "--alg", "ES256", "-o", "key.json", "-p", "jwks.json"], **here)
    token = run([*before, jwks, "sign", "--jwks", "key.json", "--sub", "alice"], **here).strip()
    claims = run([*before, jwks, "verify", token, "--jwks", "jwks.json"], **here)
    assert '"alice"' in claims, claims
    run([*before, jwks, "verify", token[:-8] + "AAAAAAAA", "--jwks", "jwks.json"], expected=1, **here)
