"""Archives: what a release uploads for each target is what cargo-binstall asks for."""

import hashlib
import os
import sys
import tarfile
import zipfile

from world import EPOCH, HERE, ROOT, run, works


def targets(workflow):
    return [entry["target"] for entry in workflow["jobs"]["build"]["strategy"]["matrix"]["include"]]


def binary_of(world, target):
    """The binary that is archived for a target: the one that there is for this machine's, a stand-in for others."""
    if target == HERE:
        return world.binary
    stand_in = world.scratch / f"binary-of-{target}"
    stand_in.write_text(f"jwks for {target}\n")
    return stand_in


def make(world, folder, target):
    """The path of the archive that packaging/archive.py makes for a target."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH)}
    script = ROOT / "packaging/archive.py"
    return run([sys.executable, script, target, binary_of(world, target), world.licences, folder], env=environment).strip()


def expand(template, target, world, kind):
    """A template of cargo-binstall; what it does not know is left there, and so found."""
    suffixes = {"tgz": ".tar.gz", "zip": ".zip"}
    values = {
        "repo": "https://example.org/owner/jwks",
        "name": world.package["name"],
        "bin": "jwks",
        "version": world.version,
        "target": target,
        "archive-format": suffixes[kind].removeprefix("."),
        "archive-suffix": suffixes[kind],
        "binary-ext": ".exe" if "-windows-" in target else "",
    }
    for name, value in values.items():
        template = template.replace(f"{{ {name} }}", value)
    return template


def members(archive):
    """Path to content and mode of everything in an archive."""
    if archive.endswith(".zip"):
        with zipfile.ZipFile(archive) as packed:
            entries = [(entry, entry.external_attr >> 16 & 0o7777) for entry in packed.infolist()]
            return {entry.filename: (packed.read(entry), mode) for entry, mode in entries}
    with tarfile.open(archive) as packed:
        return {entry.name: (packed.extractfile(entry).read(), entry.mode) for entry in packed.getmembers()}


def checks(tally, world):
    metadata = world.package["metadata"]["binstall"]
    dist = world.dist
    for target in targets(world.release):
        with tally.check(target):
            archive = make(world, dist, target)
            kind = metadata.get("overrides", {}).get(target, metadata)["pkg-fmt"]
            url = expand(metadata["pkg-url"], target, world, kind)
            release = f"https://example.org/owner/jwks/releases/download/v{world.version}"
            assert url == f"{release}/{os.path.basename(archive)}", url
            found = members(archive)
            binary = expand(metadata["bin-dir"], target, world, kind)
            assert found[binary] == (binary_of(world, target).read_bytes(), 0o755), binary
            folder = binary.rpartition("/")[0]
            licences = f"{folder}/THIRD-PARTY-LICENSES"
            expected = {f"{folder}/{path}" for path in documents(world)} | {binary, licences}
            assert found.keys() == expected, found.keys() ^ expected
            assert found[licences] == (world.licences.read_bytes(), 0o644)
            for path in documents(world):
                assert found[f"{folder}/{path}"] == ((ROOT / path).read_bytes(), 0o644), path
    with tally.check("no override is for a target that is not built"):
        assert metadata.get("overrides", {}).keys() <= set(targets(world.release))
    with tally.check("the same files make the same bytes"):
        again = world.folder("again")
        for target in [HERE, "x86_64-pc-windows-msvc"]:
            archive = make(world, again, target)
            assert digest(archive) == digest(dist / os.path.basename(archive)), target
    with tally.check("what is unpacked works"):
        folder = world.folder("unpacked")
        [archive] = dist.glob(f"*-{HERE}.tar.gz")
        run(["tar", "-xzf", archive, "-C", folder])
        [program] = folder.glob("*/jwks")
        works(program, folder)


def documents(world):
    folders = ("docs/", "man/", "completions/")
    single = {"CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md"}
    return {path for path in world.tracked if path in single or path.startswith(folders)}


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
