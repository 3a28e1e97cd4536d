#!/usr/bin/env python3
"""The licences of what is linked into a release: licences.py TARGET FILE

Writes FILE with every crate that the program for TARGET is made of, the licence files that lie in the crate's
sources, and those of the C code that comes with them. A text that several crates have stands there once. It ends
with 1 for a crate of which nothing tells the licence. Needs what a build has left on the machine, and no network;
the same crates make the same bytes. Python alone is what every machine that builds a release has.
"""

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 100

HEAD = """\
Licences of the libraries that are linked into jwks

First each library, with its licence as its authors state it, and the numbers of the texts that come with it;
then the texts. The licence of jwks itself is in LICENSE-MIT and LICENSE-APACHE.
"""

# Names of files that hold a licence or belong to one, and of folders of such files.
TELLING = re.compile(r"(un)?licen[cs]es?([-._].*)?|(copying|copyright|notice)([-._].*)?", re.IGNORECASE)
# Endings of what has such a name and is a program.
CODE = {".c", ".h", ".pl", ".pm", ".py", ".rs", ".sh"}
# Folders of what a crate is built and tested with, and that is in no release.
NOT_LINKED = {"benches", "examples", "external", "fuzz", "test", "tests"}

# By what a text is told to be that of a licence, for crates that come without one.
STANDARD = {
    "0BSD": "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee",
    "Apache-2.0": "Apache License Version 2.0, January 2004",
    "BSD-3-Clause": "Neither the name",
    "ISC": "copyright notice and this permission notice appear in all copies",
    "MIT": "Permission is hereby granted, free of charge, to any person obtaining a copy",
    "MPL-2.0": "Mozilla Public License Version 2.0",
    "Unicode-3.0": "UNICODE LICENSE V3",
    "Zlib": "This software is provided 'as-is'",
}


def main(target, file):
    sources = folders()
    crates = [Crate(name, version, licence, sources) for name, version, licence in linked(target)]
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_bytes(document(crates).encode())


class Crate:
    def __init__(self, name, version, licence, sources):
        self.name = f"{name} {version.removeprefix('v')}"
        self.folder = next((found for folder in sources if (found := folder / self.name.replace(" ", "-")).is_dir()), None)
        if self.folder is None:
            sys.exit(f"licences.py: the sources of {self.name} are not on this machine: build first")
        # Some old ones part alternatives by a slash.
        self.licence = licence.replace("/", " OR ")
        manifest = (self.folder / "Cargo.toml").read_text(encoding="utf-8")
        authors = re.search(r"^authors = \[(.*?)\]", manifest, re.MULTILINE | re.DOTALL)
        self.authors = re.findall(r'"(.+?)"', authors[1]) if authors else []
        self.texts = {path: content for path in self.files() if (content := text(self.folder / path))}
        if not self.texts and not self.licence:
            sys.exit(f"licences.py: nothing tells the licence of {self.name}")

    def files(self):
        """The paths of the licence files, those of the crate itself first."""
        found = []
        for folder, inner, names in os.walk(self.folder):
            inner[:] = [name for name in inner if name not in NOT_LINKED]
            path = Path(folder).relative_to(self.folder)
            of_licences = any(TELLING.fullmatch(part) for part in path.parts)
            found += [path / name for name in names if (of_licences or TELLING.fullmatch(name)) and Path(name).suffix not in CODE]
        return sorted((path.as_posix() for path in found), key=lambda path: (path.count("/"), path))


def linked(target):
    """Name, version and licence of every crate that is linked, macros among them: what they write is compiled, too.

    Unlike `cargo metadata`, `cargo tree` needs nothing that was not built.
    """
    crates = tree(target, "normal")
    # Sources of a library in C that its crate builds, and then links.
    crates |= {crate for crate in tree(target, "normal,build") if crate[0].endswith("-src")}
    return sorted(crate for crate in crates if crate[0] != "jwks-cli")


def tree(target, edges):
    form = ["--prefix", "none", "--no-dedupe", "--format", "{p}\t{l}"]
    command = ["cargo", "tree", "--locked", "--offline", "--target", target, "--edges", edges, *form]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit("licences.py: cargo does not tell what is linked")
    rows = [line.split("\t") for line in done.stdout.splitlines() if line]
    # What follows the version is where the crate comes from.
    return {(*package.split()[:2], licence) for package, licence in rows}


def folders():
    home = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    return sorted((home / "registry/src").glob("*"))


def text(path):
    """A text without what differs and says nothing: ends of lines, and white space around it."""
    lines = path.read_bytes().decode(errors="replace").replace("\r\n", "\n").replace("\f", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def document(crates):
    holders, texts = defaultdict(list), {}
    for crate in crates:
        for path, content in crate.texts.items():
            holders[words(content)].append(f"{crate.name}: {path}")
            texts.setdefault(words(content), content)
    numbers = {content: number for number, content in enumerate(texts, 1)}
    parts = [HEAD, entry("the standard library of Rust", "MIT OR Apache-2.0", {}, [], numbers)]
    parts += [entry(crate.name, crate.licence, crate.texts, crate.authors, numbers) for crate in crates]
    for content, number in numbers.items():
        head = "\n".join(holders[content])
        parts.append(f"{'=' * WIDTH}\nText {number}, of\n{head}\n{'-' * WIDTH}\n{texts[content]}\n")
    return "\n".join(parts)


def words(content):
    """By which two texts are one: where their lines break is no matter."""
    return " ".join(content.split())


def entry(name, licence, texts, authors, numbers):
    lines = [name, f"  {licence or 'the texts tell the licence'}"]
    if texts:
        listed = dict.fromkeys(numbers[words(content)] for content in texts.values())
    else:
        if authors:
            lines.append(f"  by {', '.join(authors)}")
        listed = [numbers[content] for content in standard_texts(licence, numbers)]
    if listed:
        lines.append(f"  {'texts' if texts else 'comes without; the standard texts'}: {', '.join(map(str, listed))}")
    return "\n".join(lines) + "\n"


def standard_texts(licence, texts):
    """For each licence in the expression the shortest text, which names no holder where one of them does not."""
    for name in re.findall(r"[\w.-]+", licence):
        told_by = STANDARD.get(name)
        found = [content for content in texts if told_by and told_by in content]
        if found:
            yield min(found, key=lambda content: (len(content), content))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
