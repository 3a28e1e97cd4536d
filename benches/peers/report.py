"""The results as Markdown for people and as JSON for scripts."""

import os
from datetime import datetime, timezone
from pathlib import Path
from statistics import median

from contest import CORES, Entrant

# By algorithm.
Contests = dict[str, list[Entrant]]


def machine() -> str:
    models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = models[0].partition(":")[2].strip() if models else os.uname().machine
    return f"{CORES} cores, {model}"


def today() -> str:
    return datetime.now(timezone.utc).date().isoformat()


def heading(tokens, rounds) -> str:
    what = f"{tokens} different tokens a run, {rounds} rounds. jwks/peer: how many times as fast jwks is, median."
    return f"{today()}, {machine()}. {what}\n"


def batch_table(algorithm, token_bytes, tokens, entrants: list[Entrant]) -> str:
    rows = [f"### {algorithm}, {token_bytes} bytes a token", ""]
    rows += ["| Program | tokens/s, median | best | jwks/peer |", "|---|--:|--:|--:|"]
    for entrant in entrants:
        speeds = [tokens / seconds for seconds in entrant.seconds]
        numbers = f"{median(speeds):,.0f} | {max(speeds):,.0f}" if speeds else "- | -"
        rows.append(f"| {entrant.version} | {numbers} | {comparison(entrant, entrants)} |")
    return "\n".join([*rows, ""])


def start_up_table(contests: Contests, rounds) -> str:
    rows = [f"### One token, one process, {rounds} rounds", ""]
    rows += ["| Algorithm | Program | ms, median | jwks/peer |", "|---|---|--:|--:|"]
    for algorithm, entrants in contests.items():
        for entrant in entrants:
            time = f"{1000 * median(entrant.seconds):.1f}" if entrant.seconds else "-"
            rows.append(f"| {algorithm} | {entrant.version} | {time} | {comparison(entrant, entrants)} |")
    return "\n".join([*rows, ""])


def comparison(entrant: Entrant, entrants: list[Entrant]) -> str:
    """How many times as fast jwks is: the median over the rounds, in each of which the load was alike."""
    if entrant.absent:
        return f"- ({entrant.absent})"
    ours = next((other.seconds for other in entrants if other.name == "jwks"), [])
    if entrant.name == "jwks" or not ours:
        return "-"
    return f"{median(theirs / own for theirs, own in zip(entrant.seconds, ours)):.2f}×"


def as_json(tokens, token_bytes: dict[str, int], batch: Contests, start_up: Contests):
    def results(contests):
        return {algorithm: [result(entrant) for entrant in entrants] for algorithm, entrants in contests.items()}

    return {
        "date": today(),
        "machine": machine(),
        "tokens": tokens,
        "token_bytes": token_bytes,
        "batch": results(batch),
        "start_up": results(start_up),
    }


def result(entrant: Entrant):
    times = {"not_timed": entrant.absent} if entrant.absent else {"seconds": entrant.seconds}
    return {"name": entrant.name, "version": entrant.version, **times}
