"""What is given away: packages.py JWKS_BINARY SCRATCH_FOLDER. Started by ./run.

Each judge is also shown something with a fault in it, which it must refuse: one that takes everything
proves nothing.
"""

import os
import sys
from pathlib import Path

import action
import archives
import debian
import dependencies
import hooks
import image
import licences
import red_hat
import workflows
from tally import Tally
from world import World

# What runs today as root. Fewer mean that something was lost.
MINIMUM_CHECKS = 147

# How many of them need root: to install packages, and to enter a folder as if it were the whole system.
MOST_FOR_ROOT = 10


def main(binary, scratch):
    # The scratch folder is closed to others. What is installed in it is for them, too.
    os.umask(0o022)
    tally = Tally()
    world = World(Path(binary), Path(scratch))
    parts = [dependencies, licences, debian, red_hat, archives, action, hooks, workflows, image]
    for part in parts:
        with tally.group(part.__doc__.splitlines()[0].removesuffix(".")):
            part.checks(tally, world)
    floor = MINIMUM_CHECKS if world.root else MINIMUM_CHECKS - MOST_FOR_ROOT
    return 0 if tally.close(floor) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
