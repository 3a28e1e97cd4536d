"""The programs under test: the `jwks` binary and `openssl`."""

import json
import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from peers import AUDIENCE, ISSUER, SUBJECT


class UnexpectedExit(Exception):
    """A command ended with another status than the one that the check demands."""


@dataclass(frozen=True)
class OwnKey:
    """Keys that `jwks generate` made: where they lie and what the files hold.

    The private file is a JWK, or a JWKS of several keys; the public file is always a JWKS, and for a
    secret, which has no public half, it is the private file.
    """

    private_path: Path
    public_path: Path

    @property
    def private(self):
        return json.loads(self.private_path.read_text())

    @property
    def public(self):
        return json.loads(self.public_path.read_text())

    @property
    def verifying(self):
        """The one JWK that verifies what this key signs."""
        return self.public.get("keys", [self.public])[0]


def run(command, *, expected_status=0, standard_input=None, environment=None) -> bytes:
    """Standard output of a command that ends with the expected status."""
    command = [str(part) for part in command]
    done = subprocess.run(command, input=standard_input, capture_output=True, env=environment, timeout=60)
    if done.returncode != expected_status:
        said = " / ".join(done.stderr.decode(errors="replace").split("\n")).strip(" /")
        raise UnexpectedExit(f"exit {done.returncode}, not {expected_status}: {shlex.join(command)}: {said}")
    return done.stdout


class Jwks:
    def __init__(self, binary, folder: Path):
        self.binary = binary
        self.folder = folder
        # A cache of the person who runs this must neither help nor be touched.
        self.environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}

    def run(self, *arguments, expected_status=0) -> bytes:
        return run([self.binary, *arguments], expected_status=expected_status, environment=self.environment)

    def generate(self, name, *arguments, symmetric=False) -> OwnKey:
        private = self.folder / f"{name}.private.json"
        public = private if symmetric else self.folder / f"{name}.public.json"
        self.run("generate", *arguments, "-o", private, *([] if symmetric else ["-p", public]))
        return OwnKey(private, public)

    def sign(self, keys: Path, *arguments) -> str:
        claims = ["--iss", ISSUER, "--sub", SUBJECT, "--aud", AUDIENCE, "--claim", "admin:=true"]
        return self.run("sign", "--jwks", keys, *claims, *arguments).decode().strip()

    def verify(self, name, token, keys: Path, *arguments) -> dict:
        """The claims that `jwks verify` prints for a token that it must accept."""
        return json.loads(self._verify(name, token, keys, *arguments, expected_status=0))

    def refuse(self, name, token, keys: Path):
        """`jwks verify` must say no, and print nothing that a pipe could take for claims."""
        printed = self._verify(name, token, keys, expected_status=1)
        assert printed == b"", f"a refused token printed {printed!r}"

    def _verify(self, name, token, keys, *arguments, expected_status):
        path = self.folder / f"{name}.jwt"
        path.write_text(token + "\n")
        command = ["verify", path, "--jwks", keys, "--iss", ISSUER, "--aud", AUDIENCE, *arguments]
        return self.run(*command, expected_status=expected_status)

    def write(self, name, document) -> Path:
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(document))
        return path


def openssl(*arguments, standard_input=None) -> bytes:
    return run(["openssl", *arguments], standard_input=standard_input)
