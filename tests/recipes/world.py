"""A scratch folder with keys and a log of tokens, and what one run says of the whole log."""

import json
import os
import random
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta

ALGORITHMS = ("ES256", "Ed25519")
# Of each, so many tokens that hold, that have expired, that an unknown key signed, that were changed.
TOKENS_OF_A_KIND = 5
LINES = 1500
LONG_LINE_BYTES = 100_000
# On a machine of one processor, too, there is more than one block.
PARALLEL_JOBS = 4
PARALLEL_SECONDS = 120

KEYS_EXIT_CODE = 3
REJECTED_EXIT_CODE = 1


class Wrong(Exception):
    """A check failed."""


class World:
    """The scratch folder, and an environment in which nothing of whoever runs this takes part."""

    def __init__(self, scratch, binary):
        self.scratch = scratch
        programs = self.folder("bin")
        (programs / "jwks").symlink_to(binary)
        self.environment = {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.folder("home")),
            "TMPDIR": str(self.folder("tmp")),
            "LC_ALL": "C.UTF-8",
            "PARALLEL": f"--will-cite --jobs {PARALLEL_JOBS}",
        }
        if "JAVA_HOME" in os.environ:
            self.environment["JAVA_HOME"] = os.environ["JAVA_HOME"]

    def folder(self, name):
        folder = self.scratch / name
        folder.mkdir()
        return folder

    def run(self, command, folder, seconds=PARALLEL_SECONDS, **options):
        return subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env=self.environment,
            capture_output=True,
            timeout=seconds,
            **options,
        )

    def jwks(self, *arguments, folder, expected=0):
        done = self.run(["jwks", *arguments], folder)
        if done.returncode != expected:
            raise Wrong(f"exit {done.returncode}, not {expected}: jwks {' '.join(map(str, arguments))}\n{said(done)}")
        return done.stdout


@dataclass
class Whole:
    """What one run says of a whole log."""

    records: list
    summary: dict


class Log:
    """Keys, and lines of all kinds in a random order."""

    def __init__(self, world, at):
        self.world = world
        self.at = at
        self.folder = world.folder("log")
        for name in ("own", "other"):
            algorithms = [option for algorithm in ALGORITHMS for option in ("--alg", algorithm)]
            world.jwks("generate", *algorithms, "--set", "-o", f"{name}.json", "-p", f"{name}-public.json",
                       folder=self.folder)
        self.keys = self.folder / "own-public.json"
        self.broken_keys = self.folder / "broken.json"
        self.broken_keys.write_text("{")
        self.good, bad = self.tokens()
        garbage = [b"", b"garbage", b"a.b.c", b" \t ", b"\x00", b"{}", "Schlüssel".encode(), "\u2028".encode()]
        long_line = b"x" * LONG_LINE_BYTES
        dice = random.Random(1)
        often = self.good * 3 + bad + garbage
        self.text_lines = [*dice.choices(often, k=LINES), long_line]
        dice.shuffle(self.text_lines)
        # The carriage return ends a line in Spark, so it is here alone.
        odd = [b"\xff\xfe", b"\xc3", self.good[0] + b"\xff", self.good[1] + b"\r", b"a\rb"]
        self.all_lines = [*self.text_lines, *(odd * TOKENS_OF_A_KIND)]
        dice.shuffle(self.all_lines)

    def tokens(self):
        now = datetime.fromisoformat(self.at.replace("Z", "+00:00"))
        before, hour_ago, in_an_hour = (
            (now + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ") for hours in (-2, -1, 1)
        )
        good, bad = [], []
        for algorithm in ALGORITHMS:
            for number in range(TOKENS_OF_A_KIND):
                good.append(self.sign("own.json", algorithm, f"good-{number}", before, in_an_hour))
                bad.append(self.sign("own.json", algorithm, f"expired-{number}", before, hour_ago))
                bad.append(self.sign("other.json", algorithm, f"other-{number}", before, in_an_hour))
                header, payload, _ = bad[-2].split(b".")
                bad.append(b".".join((header, payload, good[-1].split(b".")[2])))
        return good, bad

    def sign(self, keys, algorithm, subject, issued, expires):
        return self.world.jwks("sign", "--jwks", keys, "--alg", algorithm, "--sub", subject, "--iat", issued,
                               "--exp", expires, folder=self.folder).strip()

    def put(self, folder, lines, keys):
        """The files of the recipes; the last line has no end."""
        (folder / "tokens.log").write_bytes(b"\n".join(lines))
        shutil.copyfile(keys, folder / "jwks.json")

    def whole(self, name, lines):
        folder = self.world.folder(f"{name}-whole")
        self.put(folder, lines, self.keys)
        output = self.world.jwks("verify", "--batch", "tokens.log", "--jwks", "jwks.json", "--at", self.at,
                                 "--summary", "summary.json", folder=folder, expected=REJECTED_EXIT_CODE)
        whole = Whole(records_of(output.decode()), json.loads((folder / "summary.json").read_bytes()))
        # A comparison with nothing, or of nothing but garbage, would tell nothing.
        good = sum(line.strip() in self.good for line in lines)
        counts = {name: whole.summary[name] for name in ("complete", "lines", "valid")}
        expected = {"complete": True, "lines": len(lines), "valid": good}
        if counts != expected or len(whole.records) != len(lines):
            raise Wrong(f"the run over the whole log has {len(whole.records)} records and {counts}, not {expected}")
        if not {"expired", "token-parts"} < whole.summary["codes"].keys():
            raise Wrong(f"the log shows too little: {whole.summary['codes']}")
        return whole


def records_of(text):
    """The records without the number of the line, which each piece counts for itself."""
    records = [json.loads(line) for line in text.split("\n") if line]
    for record in records:
        del record["line"]
    return records


def said(done):
    return (done.stdout[-1000:] + done.stderr[-2000:]).decode(errors="replace")
