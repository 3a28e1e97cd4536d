"""The frame of the Python peers: `python peer_NAME.py JWKS TOKENS` verifies a file of tokens on all cores
and prints `1 valid`, `2 valid`, … in the order of the file.

The cores are used by processes, because threads of Python take turns.
"""

import json
import multiprocessing
import os
import sys

# A process takes so many tokens at a time, because a core that is busy with something else must not
# hold up the end.
SHARE = 128

# The tokens and the prepared verification. Forked processes find them here, so that neither is handed
# over piece by piece.
tokens = []
verify = None


def verify_all(prepare):
    """`prepare(jwk)` gives a function of a token that raises an exception for one that is not valid."""
    global tokens, verify
    jwks_path, tokens_path = sys.argv[1:]
    with open(jwks_path, encoding="utf-8") as file:
        verify = prepare(json.load(file)["keys"][0])
    with open(tokens_path, encoding="ascii") as file:
        tokens = file.read().split()
    with multiprocessing.get_context("fork").Pool(len(os.sched_getaffinity(0))) as pool:
        shares = pool.map(verdicts, range(0, len(tokens), SHARE), chunksize=1)
    output([verdict for share in shares for verdict in share])


def verdicts(start):
    """For each token of a share why it is refused, or nothing."""
    return [verdict(token) for token in tokens[start : start + SHARE]]


def verdict(token):
    try:
        verify(token)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def output(all_verdicts):
    words = ("valid" if why is None else f"invalid: {why}" for why in all_verdicts)
    sys.stdout.write("".join(f"{number} {word}\n" for number, word in enumerate(words, 1)))
    refused = sum(why is not None for why in all_verdicts)
    if refused:
        sys.exit(f"{refused} of {len(all_verdicts)} tokens do not verify")
