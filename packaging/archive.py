#!/usr/bin/env python3
"""The archive of a release: archive.py TARGET BINARY LICENCES FOLDER

Writes FOLDER/jwks-VERSION-TARGET.tar.gz, or .zip for Windows, with the binary, the licences of its libraries
(licences.py), man pages, completions and what a reader looks for, and prints its path. The same files make the same bytes: SOURCE_DATE_EPOCH is the
time of all of them. Python alone is what every machine that builds a release has.
"""

import gzip
import io
import os
import re
import sys
import tarfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"]
FOLDERS = ["docs", "man", "completions"]

# The first moment that a zip file can tell.
EARLIEST = 315532800


def main(target, binary, licences, folder):
    windows = "-windows-" in target
    version = re.search(r'^version = "(.+)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]
    name = f"jwks-{version}-{target}"
    files = [("jwks.exe" if windows else "jwks", Path(binary), 0o755)]
    files += [(document, ROOT / document, 0o644) for document in DOCUMENTS]
    files.append(("THIRD-PARTY-LICENSES", Path(licences), 0o644))
    for inner in FOLDERS:
        files += [(f"{inner}/{path.name}", path, 0o644) for path in sorted((ROOT / inner).iterdir())]
    moment = max(int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST)), EARLIEST)
    Path(folder).mkdir(parents=True, exist_ok=True)
    archive = Path(folder) / f"{name}{'.zip' if windows else '.tar.gz'}"
    write = write_zip if windows else write_tar
    write(archive, [(f"{name}/{inside}", path.read_bytes(), mode) for inside, path, mode in files], moment)
    print(archive)


def write_tar(archive, files, moment):
    with open(archive, "wb") as out, gzip.GzipFile("", "wb", 6, out, moment) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            for name, content, mode in files:
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode, entry.mtime = len(content), mode, moment
                tar.addfile(entry, io.BytesIO(content))


def write_zip(archive, files, moment):
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content, mode in files:
            entry = zipfile.ZipInfo(name, time.gmtime(moment)[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = (0o100000 | mode) << 16
            out.writestr(entry, content)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
