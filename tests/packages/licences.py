"""Licences: those of all that is linked are gathered, each text once; a crate that tells nothing stops a release."""

import importlib.util
import re
import sys

from world import HERE, ROOT, run

# Libraries in C, by a line of their licence, and crates that must not be missing.
TEXTS = {"OpenSSL": "openssl/LICENSE.txt", "AWS-LC": "aws-lc/LICENSE", "fiat-crypto": "third_party/fiat/LICENSE"}
CRATES = {"aws-lc-rs", "aws-lc-sys", "josekit", "openssl", "openssl-src", "openssl-sys", "rustls"}


def checks(tally, world):
    with tally.check("packaging/licences.py gathers them"):
        text = world.licences.read_text()
    listed, _, texts = text.partition(f"\n{'=' * 100}\n")
    entries = dict(re.findall(r"^(\S+ \d\S*)\n((?:  .+\n)+)", listed + "\n", re.MULTILINE))
    with tally.check("every crate is listed, with a licence and with texts"):
        tree = run(["cargo", "tree", "--locked", "--offline", "--target", HERE, "--edges", "normal", "--prefix", "none"], cwd=ROOT)
        crates = {" ".join(line.split()[:2]).replace(" v", " ") for line in tree.splitlines()}
        crates.discard(f"jwks-cli {world.version}")
        assert len(crates) > 150 and crates <= entries.keys(), crates - entries.keys()
        # Besides them, the sources in C that are linked.
        assert all(name.split()[0].endswith("-src") for name in entries.keys() - crates), entries.keys() - crates
        assert all(re.search(r"texts: \d", entry) for entry in entries.values()), entries
        assert CRATES <= {name.split()[0] for name in entries}
    heads = re.findall(r"^Text (\d+), of\n((?:.+\n)+?)-{100}\n", texts, re.MULTILINE)
    with tally.check("each text is there once, with those who have it"):
        assert [int(number) for number, _ in heads] == list(range(1, len(heads) + 1)) and len(heads) > 50
        parts = [" ".join(part.partition(f"{'-' * 100}\n")[2].split()) for part in text.split(f"\n{'=' * 100}\n")[1:]]
        assert len(set(parts)) == len(parts) == len(heads)
        numbers = {number for entry in entries.values() for number in re.findall(r"\d+", entry.rpartition("texts: ")[2])}
        assert numbers == {number for number, _ in heads}
    for library, path in TEXTS.items():
        with tally.check(f"the licence of {library}"):
            assert any(f"{path}\n" in head for _, head in heads)
    with tally.check("the same crates make the same bytes"):
        assert world.licences_in("licences-again").read_bytes() == world.licences.read_bytes()
    made_up(tally, world)


def made_up(tally, world):
    """Crates that are none: what becomes of those without a text, and without anything."""
    specification = importlib.util.spec_from_file_location("gathering", ROOT / "packaging/licences.py")
    gathering = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(gathering)
    sources = world.folder("crates")

    def crate(name, licence, **files):
        (sources / f"{name}-1.0.0").mkdir()
        for path, content in {"Cargo.toml": 'authors = ["Alice <alice@example.org>", "Bob"]\n', **files}.items():
            (sources / f"{name}-1.0.0" / path).write_text(content)
        return gathering.Crate(name, "v1.0.0", licence, [sources])

    granted = "Permission is hereby granted, free of charge, to any person obtaining a copy"
    with tally.check("a crate without a text has its authors, and the text of another of the same licence"):
        crates = [crate("bare", "MIT/Apache-2.0"), crate("full", "MIT", LICENSE=f"Copyright Carol\n{granted}\n")]
        crates.append(crate("short", "MIT", COPYING=f"\r\n{granted}  \r\n"))
        text = gathering.document(crates)
        assert "bare 1.0.0\n  MIT OR Apache-2.0\n  by Alice <alice@example.org>, Bob\n" in text, text
        assert "  comes without; the standard texts: 2\n" in text, text
        assert f"short 1.0.0: COPYING\n{'-' * 100}\n{granted}\n" in text, text
    faults = {
        "a crate without licence and text": ("nothing", "", "nothing tells the licence of nothing 1.0.0"),
        "a crate that is not on this machine": (None, "MIT", "the sources of gone 1.0.0 are not on this machine"),
    }
    for what, (name, licence, said) in faults.items():
        with tally.check(f"refused: {what}"):
            try:
                crate(name, licence) if name else gathering.Crate("gone", "v1.0.0", licence, [sources])
            except SystemExit as stopped:
                assert said in str(stopped.code), stopped
            else:
                raise AssertionError("taken")
    with tally.check("refused: a target that is none"):
        run([sys.executable, ROOT / "packaging/licences.py", "no-such-target", sources / "file"], expected=1)
        assert not (sources / "file").exists()
