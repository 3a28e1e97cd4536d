"""RPM: the package is made, looked at, installed and used."""

from debian import compare, content, manual_and_completions
from world import run, works

# The C library in its parts, and what rpm itself stands for; the shell is in each package of cargo-generate-rpm.
OF_EVERY_SYSTEM = ("/bin/sh", "ld-linux", "libc.so", "libgcc_s.so", "libm.so", "rpmlib(", "rtld(")


def checks(tally, world):
    _, package = world.packages
    files = content("site-functions", "CHANGELOG.md")
    files["usr/bin/jwks"] = world.binary
    for name in ["LICENSE-APACHE", "LICENSE-MIT"]:
        files[f"usr/share/licenses/jwks/{name}"] = files.pop(f"usr/share/doc/jwks/{name}")
    files["usr/share/licenses/jwks/THIRD-PARTY-LICENSES"] = world.licences
    with tally.check("names"):
        tags = query(package, r"%{NAME}\n%{VERSION}\n%{RELEASE}\n%{LICENSE}\n%{SUMMARY}\n").splitlines()
        assert tags[:4] == ["jwks", world.version, "1", world.package["license"]], tags
        assert world.package["description"].startswith(tags[4]), tags
    with tally.check("what it needs is the C library"):
        needed = run(["rpm", "--query", "--package", "--requires", package]).splitlines()
        foreign = [name for name in needed if not name.startswith(OF_EVERY_SYSTEM)]
        assert any(name.startswith("libc.so.6") for name in needed) and not foreign, foreign
    with tally.check("files, their modes and owner"):
        lines = query(package, r"[%{FILENAMES} %{FILEMODES:perms} %{FILEUSERNAME}:%{FILEGROUPNAME}\n]").splitlines()
        found = {path.removeprefix("/"): (mode, owner) for path, mode, owner in map(str.split, lines)}
        assert found.keys() == files.keys(), found.keys() ^ files.keys()
        for path, (mode, owner) in found.items():
            expected = "-rwxr-xr-x" if path == "usr/bin/jwks" else "-rw-r--r--"
            assert (mode, owner) == (expected, "root:root"), (path, mode, owner)
    if not world.root:
        print("     not installed: only root may", flush=True)
        return
    root = world.folder("red-hat")
    with tally.check("installation"):
        database = ["--root", root, "--dbpath", "/var/lib/rpm"]
        run(["rpm", *database, "--install", "--nodeps", "--noscripts", package])
        assert run(["rpm", *database, "--verify", "--nodeps", "jwks"]) == ""
        compare(root, files)
    with tally.check("the installed program works"):
        program = root / "usr/bin/jwks"
        assert run([program, "--version"]).strip() == f"jwks {world.version}"
        works(program, world.folder("red-hat-work"))
    manual_and_completions(tally, root)


def query(package, form):
    return run(["rpm", "--query", "--package", "--queryformat", form, package])
