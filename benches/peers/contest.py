"""A workload, and programs that take turns at it."""

import os
import subprocess
import time
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from programs import Command

CHECKED_TOKENS = 200
CORES = len(os.sched_getaffinity(0))
# Node's thread pool has 4 threads, however many cores there are.
ENVIRONMENT = {**os.environ, "UV_THREADPOOL_SIZE": str(max(4, CORES))}


class Refused(Exception):
    """A program does not say that the tokens which it was given are valid."""


class Workload:
    """A key and so many tokens that it verifies."""

    def __init__(self, folder: Path, count: int):
        self.folder = folder
        self.count = count
        self.jwks = folder / "jwks.json"
        self.tokens = folder / "tokens.txt"

    @classmethod
    def make(cls, binary, folder: Path, algorithm: str, count: int):
        """All tokens differ, so that nothing is gained by remembering one."""
        place = folder / f"{algorithm}-{count}"
        if not place.exists():
            unfinished = folder / "unfinished"
            subprocess.run([binary, "tokens", algorithm, str(count), str(count), unfinished], check=True)
            unfinished.rename(place)
        return cls(place, count)

    def first(self, count) -> Path:
        if count == self.count > 1:
            return self.tokens
        return self._write(f"first-{count}.txt", self._lines(count))

    def tampered(self, count) -> Path:
        """As `first`, and one character of one signature is another one."""
        lines = self._lines(count)
        victim = len(lines) // 2
        signed, _, signature = lines[victim].rpartition(".")
        middle = len(signature) // 2
        other = "A" if signature[middle] != "A" else "B"
        lines[victim] = f"{signed}.{signature[:middle]}{other}{signature[middle + 1 :]}"
        return self._write(f"tampered-{count}.txt", lines)

    def token_bytes(self) -> int:
        return len(self._lines(1)[0])

    def _lines(self, count) -> list[str]:
        with self.tokens.open(encoding="ascii") as file:
            return [line.rstrip("\n") for line in islice(file, count)]

    def _write(self, name, lines) -> Path:
        path = self.folder / name
        # A token that is alone stands without a line break: Debian's jose takes one for a part of it.
        path.write_text(lines[0] if len(lines) == 1 else "".join(f"{line}\n" for line in lines))
        return path


@dataclass
class Entrant:
    """A program in one contest: its times, or why it has none."""

    name: str
    version: str
    command: Command
    absent: str | None = None
    faulty: bool = False
    seconds: list[float] = field(default_factory=list)

    def disqualify(self, why):
        self.absent, self.faulty, self.seconds = why, True, []


def take_turns(entrants: list[Entrant], workload: Workload, rounds: int, count: int, *, a_line_each: bool):
    """Fills in the times. The programs run in turn, so that what disturbs the machine disturbs all."""
    tokens = workload.first(count)
    lines = count if a_line_each else None
    for entrant in entrants:
        if not entrant.absent:
            check(entrant, workload, min(count, CHECKED_TOKENS), a_line_each)
    for _ in range(rounds):
        for entrant in entrants:
            if not entrant.absent:
                try:
                    entrant.seconds.append(run(entrant, workload, tokens, lines))
                except Refused as refused:
                    entrant.disqualify(f"refuses valid tokens: {refused}")


def check(entrant: Entrant, workload: Workload, count: int, a_line_each: bool):
    """A program that refuses right tokens, or takes a wrong one, is not worth timing."""
    try:
        run(entrant, workload, workload.first(count), count if a_line_each else None)
    except Refused as refused:
        entrant.disqualify(f"refuses valid tokens: {refused}")
        return
    try:
        run(entrant, workload, workload.tampered(count), None)
    except Refused:
        return
    entrant.disqualify("DOES NOT NOTICE A TAMPERED TOKEN")


def run(entrant: Entrant, workload: Workload, tokens: Path, lines: int | None) -> float:
    """The seconds that a program takes as a whole. If `lines` is given it must print so many."""
    command = [str(part) for part in entrant.command(workload.jwks, tokens)]
    printed, errors = workload.folder / "printed", workload.folder / "errors"
    with printed.open("wb") as out, errors.open("wb") as err:
        started = time.perf_counter()
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=ENVIRONMENT)
        seconds = time.perf_counter() - started
    if done.returncode != 0:
        raise Refused(f"exit {done.returncode}: {reason(errors.read_text(errors='replace'))}")
    if lines is not None and (found := printed.read_bytes().count(b"\n")) != lines:
        raise Refused(f"{found} lines for {lines} tokens")
    return seconds


def reason(said: str) -> str:
    """The line that matters: the first of a command line's complaint, the last of a traceback."""
    lines = said.strip().splitlines() or ["no word why"]
    return next((line for line in lines if line.startswith("error")), lines[-1])
