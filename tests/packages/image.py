"""Image: the Dockerfile is read, and its last stage is played in a folder that has nothing else."""

import os
import re
import shutil
import tomllib

import dockerfile
from world import LICENCES, ROOT, attempt, run

# What the last stage stands on has these libraries, and no others that a program of Rust asks for.
LIBRARIES_OF_THE_BASE = {"ld-linux-x86-64.so.2", "libc.so.6", "libgcc_s.so.1", "libm.so.6"}
BASE = "gcr.io/distroless/cc-debian12:nonroot"
AUTHORITIES = "etc/ssl/certs/ca-certificates.crt"
NOBODY = 65532
SOMEBODY = 12345


def checks(tally, world):
    with tally.check("hadolint"):
        run(["hadolint", "--failure-threshold", "style", ROOT / "Dockerfile"])
    stages = read_stages()
    build, last = stages[0], stages[-1]
    with tally.check("what is copied is in a clone, and .dockerignore lets it through"):
        ignored = (ROOT / ".dockerignore").read_text()
        for stage in stages:
            for sources, _ in copies(stage):
                for source in sources:
                    assert any(path == source or path.startswith(f"{source}/") for path in world.tracked), source
                    assert f"\n!{source}\n" in ignored, f"{source} is ignored"
        let_through = set(re.findall(r"^!(\S+)$", ignored, re.MULTILINE))
        assert "\n*\n" in ignored, "all else is to be ignored"
        assert let_through == {source for stage in stages for sources, _ in copies(stage) for source in sources}
    with tally.check("what is copied is enough to build from"):
        enough_to_build(world, build)
    with tally.check("it is built as releases are, with a Rust that can"):
        [command] = [command for (command,) in values(build, "run") if command.startswith("cargo build")]
        [release] = [step["run"] for step in world.release["jobs"]["build"]["steps"] if step.get("name") == "Build"]
        assert command == release, command
        version = re.fullmatch(r"rust:(\d+\.\d+)-slim-bookworm", values(build, "from")[0][0])[1]
        assert numbers(version) >= numbers(world.package["rust-version"]), version
    for stage in stages[1:]:
        with tally.check(f"{values(stage, 'from')[0][0]}: user, labels, and where things are"):
            assert values(stage, "user")[-1] == (f"{NOBODY}:{NOBODY}",)
            labels = values(stage, "label")[-1]
            assert f'"{world.package["license"]}"' in labels, labels
            built = copies(stage, of="build")
            assert (("/source/target/release/jwks",), "/usr/bin/jwks") in built
            assert ((f"/source/{LICENCES}",), "/usr/share/doc/jwks/") in built
    with tally.check("the last stage has the program for its entry, and a base without a shell"):
        assert values(last, "entrypoint") == [("jwks",)] and values(last, "from")[0] == (BASE,)
    with tally.check("it needs the libraries of the base and no others"):
        needed = {os.path.basename(path) for path in libraries(world.binary)}
        assert needed <= LIBRARIES_OF_THE_BASE, needed
    if not world.root:
        print("     not played: only root may enter a folder as if it were the whole system", flush=True)
        return
    play(tally, world, last)


def read_stages():
    """The commands of each stage."""
    stages = []
    for command in dockerfile.parse_file(str(ROOT / "Dockerfile")):
        if command.cmd.lower() == "from":
            stages.append([])
        stages[-1].append(command)
    return stages


def values(stage, name):
    return [command.value for command in stage if command.cmd.lower() == name]


def copies(stage, of=None):
    """Sources and destination of each COPY from the context, or from another stage."""
    flags = (f"--from={of}",) if of else ()
    found = [command for command in stage if command.cmd.lower() == "copy" and command.flags == flags]
    return [(command.value[:-1], command.value[-1]) for command in found]


def numbers(version):
    return [int(part) for part in version.split(".")]


def enough_to_build(world, build):
    context = world.folder("context")
    for sources, destination in copies(build):
        for source in sources:
            for path in world.tracked:
                if path == source or path.startswith(f"{source}/"):
                    # A folder is copied to the name that it has, files into the folder that is named.
                    assert destination in {source, "./"}, destination
                    target = context / path
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(ROOT / path, target)
    run(["cargo", "metadata", "--locked", "--offline", "--no-deps", "--format-version", "1"], cwd=context)
    assert tomllib.loads((context / "Cargo.toml").read_text()) == world.manifest
    for path in world.tracked:
        if path.startswith("src/") and path.endswith(".rs"):
            for included in re.findall(r'include(?:_str|_bytes)?!\("([^"]+)"\)', (ROOT / path).read_text()):
                assert (context / os.path.dirname(path) / included).exists(), f"{path} includes {included}"


def libraries(binary):
    lines = run(["ldd", binary]).splitlines()
    return [match[1] for line in lines if (match := re.search(r"(/\S+) \(0x", line))]


def play(tally, world, last):
    root = world.folder("image")
    put(world.binary, root / "usr/bin/jwks", 0o755)
    for library in libraries(world.binary):
        put(library, root / library.lstrip("/"), 0o755)
    put(world.authority / "ca.pem", root / AUTHORITIES, 0o644)
    for user in [NOBODY, SOMEBODY]:
        with tally.check(f"user {user} makes keys and checks tokens in it"):
            work = root / f"work-{user}"
            work.mkdir()
            os.chown(work, user, user)
            token = [inside(root, work, user, *command) for command in [
                ["generate", "--alg", "ES256", "-o", "key.json", "-p", "jwks.json"],
                ["sign", "--jwks", "key.json", "--sub", "alice"],
            ]][-1].strip()
            assert '"alice"' in inside(root, work, user, "verify", token, "--jwks", "jwks.json")
            key = (work / "key.json").stat()
            assert (key.st_uid, key.st_mode & 0o777) == (user, 0o600)
            inside(root, work, user, "verify", token[:-8] + "AAAAAAAA", "--jwks", "jwks.json", expected=1)
        with tally.check(f"user {user} fetches over https by the authorities in it"):
            served = (work / "jwks.json").read_bytes()
            with world.server({"/jwks.json": served}) as server:
                # Names are looked up in files that an engine puts there.
                address = server.replace("localhost", "127.0.0.1") + "/jwks.json"
                assert inside(root, work, user, "fetch", address) == served.decode()
                (root / AUTHORITIES).rename(root / "ca.pem")
                said = inside(root, work, user, "fetch", "--no-cache", address, expected=4)
                (root / "ca.pem").rename(root / AUTHORITIES)
                assert said == "", said
    with tally.check("there is nothing to start but the program"):
        assert [path.name for path in (root / "usr/bin").iterdir()] == ["jwks"]
        assert attempt(["chroot", root, "/bin/sh", "-c", "true"]).returncode == 127


def put(source, target, mode):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)
    target.chmod(mode)


def inside(root, work, user, *arguments, expected=0):
    """The program in the folder as if that were the whole system, as a user whom nothing there knows."""
    # An engine gives a user whom it does not know the root folder for a home, where nothing can be written.
    environment = {"PATH": "/usr/bin:/bin", "HOME": f"/{work.name}" if user == NOBODY else "/"}

    # chroot(8) would start in the root folder.
    def enter():
        os.chroot(root)
        os.chdir(f"/{work.name}")
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)

    return run(["/usr/bin/jwks", *arguments], expected=expected, env=environment, preexec_fn=enter)
