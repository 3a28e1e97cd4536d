"""Whole processes measured, and a table of what came of it."""

import argparse
import base64
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median


def run(*command, exits=(0,)):
    """Seconds and the most MiB that a whole process takes."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in exits:
        sys.exit(f"exit {process.returncode}: {' '.join(map(str, command))}")
    return seconds, usage.ru_maxrss / 1024


class Table:
    """Rows of medians beside their bars."""

    def __init__(self):
        self.missed = False

    def head(self):
        print("| measured | median | min to max | bar |")
        print("|---|--:|--:|--:|")

    def row(self, name, figures, bar, *, at_least=False, digits=2):
        middle = median(figures)
        is_missed = bar is not None and (middle < bar if at_least else middle > bar)
        self.missed |= is_missed
        sign = "≥" if at_least else "≤"
        shown = "" if bar is None else f"{sign} {bar:g}" + (" **missed**" if is_missed else "")
        spread = f"{min(figures):.{digits}f} to {max(figures):.{digits}f}" if len(figures) > 1 else ""
        print(f"| {name} | {middle:.{digits}f} | {spread} | {shown} |", flush=True)


def encoded(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), "unknown")
    return f"{len(os.sched_getaffinity(0))} cores of {model}"


def binary(name):
    path = shutil.which(name)
    if path is None:
        raise argparse.ArgumentTypeError(f"{name} is no program")
    return str(Path(path).resolve())
