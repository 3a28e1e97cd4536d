"""Debian: the package is made, judged by lintian, installed, used and removed."""

import gzip
import os
import re
from pathlib import Path

from world import EPOCH, ROOT, run, works

# What lintian says and stays so: a package outside of the distribution has no changelog of the
# distribution, so it takes ours for one; an address is for whoever publishes packages to give.
KNOWN_TAGS = {
    "debian-changelog-file-missing-or-wrong-name",
    "malformed-contact",
    "syntax-error-in-debian-changelog",
}

DOCUMENTS = "usr/share/doc/jwks"


def content(completions_of_zsh, compressed_changelog):
    """Path in a package to the file of the checkout that it is, or holds compressed."""
    files = {f"usr/share/man/man1/{page.name}.gz": page for page in sorted((ROOT / "man").iterdir())}
    for name in ["README.md", "LICENSE-APACHE", "LICENSE-MIT"]:
        files[f"{DOCUMENTS}/{name}"] = ROOT / name
    files |= {f"{DOCUMENTS}/docs/{guide.name}": guide for guide in sorted((ROOT / "docs").iterdir())}
    files[f"{DOCUMENTS}/{compressed_changelog}"] = ROOT / "CHANGELOG.md"
    files["usr/share/bash-completion/completions/jwks"] = ROOT / "completions/jwks.bash"
    files[f"usr/share/zsh/{completions_of_zsh}/_jwks"] = ROOT / "completions/_jwks"
    files["usr/share/fish/vendor_completions.d/jwks.fish"] = ROOT / "completions/jwks.fish"
    return files


def checks(tally, world):
    with tally.check("packaging/linux makes packages"):
        package, _ = world.packages
    files = content("vendor-completions", "changelog.gz")
    files["usr/bin/jwks"] = world.binary
    files[f"{DOCUMENTS}/copyright"] = ROOT / "packaging/copyright"
    files[f"{DOCUMENTS}/THIRD-PARTY-LICENSES"] = world.licences
    with tally.check("names and dependencies"):
        fields = control(package)
        assert fields["Package"] == "jwks" and fields["Version"] == f"{world.version}-1", fields
        assert package.name == f"jwks_{world.version}-1_{fields['Architecture']}.deb", package.name
        needed = {dependency.split()[0] for dependency in fields["Depends"].split(", ")}
        assert {"libc6"} <= needed <= {"libc6", "libgcc-s1"}, fields["Depends"]
        assert fields["Recommends"] == "ca-certificates", fields
    with tally.check("files, their modes, owner and time"):
        listing = run(["dpkg-deb", "--contents", package], env={**os.environ, "TZ": "UTC"})
        found = {}
        for line in listing.splitlines():
            mode, owner, _, day, _, path = line.split(maxsplit=5)
            assert owner in {"0/0", "root/root"}, line
            if not path.endswith("/"):
                found[path.removeprefix("./")] = mode
        assert found.keys() == files.keys(), found.keys() ^ files.keys()
        wrong = {path: mode for path, mode in found.items() if mode != expected_mode(path)}
        assert not wrong, wrong
    with tally.check("lintian"):
        said = run(["lintian", "--allow-root", "--fail-on", "none", package])
        tags = set(re.findall(r"^[EWI]: jwks: (\S+)", said, re.MULTILINE))
        assert tags == KNOWN_TAGS, said
    root = world.folder("debian")
    with tally.check("installation"):
        if world.root:
            install(package, root)
        else:
            print("     unpacked only: to install is for root", flush=True)
            run(["dpkg-deb", "--extract", package, root])
        compare(root, files)
    with tally.check("the installed program works"):
        program = root / "usr/bin/jwks"
        assert run([program, "--version"]).strip() == f"jwks {world.version}"
        works(program, world.folder("debian-work"))
    manual_and_completions(tally, root)
    if not world.root:
        print("     not removed: only root may", flush=True)
        return
    with tally.check("removal leaves nothing"):
        dpkg(root, "--purge", "jwks")
        assert not list((root / "usr").rglob("*jwks*")), list((root / "usr").rglob("*jwks*"))


def expected_mode(path):
    return "-rwxr-xr-x" if path == "usr/bin/jwks" else "-rw-r--r--"


def control(package):
    text = run(["dpkg-deb", "--field", package])
    return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line and line[0] != " ")


def dpkg(root, *arguments):
    # The C library is the machine's, which the database of the scratch root does not know.
    force = ["--force-depends", "--force-bad-path"]
    return run(["dpkg", f"--root={root}", f"--log={root}/dpkg.log", *force, *arguments])


def install(package, root):
    for folder in ["info", "updates", "triggers"]:
        (root / "var/lib/dpkg" / folder).mkdir(parents=True)
    (root / "var/lib/dpkg/status").touch()
    dpkg(root, "--install", package)
    assert dpkg(root, "--verify", "jwks") == ""


def compare(root, files):
    """Each file of an installed package is the one of the checkout."""
    for path, source in files.items():
        installed = (root / path).read_bytes()
        if path.endswith(".gz"):
            assert int.from_bytes(installed[4:8], "little") in {0, EPOCH}, f"{path} tells when it was compressed"
            installed = gzip.decompress(installed)
        assert installed == Path(source).read_bytes(), f"{path} is not {source}"


def manual_and_completions(tally, root):
    with tally.check("man finds every page"):
        for page in (ROOT / "man").iterdir():
            found = run(["man", "-M", root / "usr/share/man", "--where", page.stem]).strip()
            assert found == f"{root}/usr/share/man/man1/{page.name}.gz", found
    with tally.check("bash completes"):
        script = """
            . "$1"/usr/share/bash-completion/completions/jwks
            complete -p jwks >/dev/null
            COMP_WORDS=(jwks gen) COMP_CWORD=1
            _jwks jwks gen jwks
            echo "${COMPREPLY[@]}"
        """
        said = run(["bash", "--norc", "-euc", script, "bash", root])
        assert said.split() == ["generate"], said
