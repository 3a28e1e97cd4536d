"""Hooks: pre-commit runs them in a repository that has what they are for."""

import json
import os

import yaml
from steps import load
from world import ROOT, attempt, run

HOOKS = ".pre-commit-hooks.yaml"


def checks(tally, world):
    with tally.check("the manifest"):
        run(["pre-commit", "validate-manifest", ROOT / HOOKS])
    repository = Repository(world)
    with tally.check("sound and foreign files pass"):
        assert repository.verdicts() == {"jwks-inspect": "Passed", "jwks-no-private-keys": "Passed"}
    sound, private = {"jwks-inspect"}, {"jwks-no-private-keys"}
    faults = {
        "a private key in a published set": ("public/jwks.json", repository.private_set, sound | private),
        "a set that is no set": ("public/jwks.json", "{}", sound),
        "a private JWK of any name": ("config.json", repository.private, private),
        "a secret": ("my secret.json", repository.secret, private),
        "a private key in PEM": ("tls.key", repository.pem, private),
        "a protected private key": ("tls.pem", repository.protected, private),
        "a protected private key in DER": ("tls.p8", repository.protected_der, private),
        "a protected private key in PKCS #12": ("tls.p12", repository.pfx, private),
        "a protected private JWK": ("config.json", repository.protected_jwk, private),
        "a protected private JWK in JSON": ("config.json", in_json(repository.protected_jwk), private),
        "a private key behind a certificate": ("tls.pem", repository.certificate + repository.pem, private),
        "a private key of OpenSSH": ("id_ed25519", repository.ssh, private),
        "a private JWK on a line of several": ("keys.json", "{}\n" + repository.private, private),
        "a private JWK behind a byte order mark": ("keys.json", "\ufeff" + repository.private, private),
        "a private JWK in a file that is too long": ("config.json", repository.private + " " * (5 << 20), private),
        "a set whose name is an option": ("--cacert=jwks.json", repository.private_set, sound | private),
    }
    for what, (path, content, expected) in faults.items():
        with tally.check(what), repository.beside(path, content):
            failed = {hook for hook, verdict in repository.verdicts().items() if verdict == "Failed"}
            assert failed == expected, failed
    with tally.check("what is found is named"), repository.beside("config.json", repository.private):
        said = repository.commit().stdout
        assert "config.json:" in said and "error[private-member]" in said and "hint: " in said, said
        # Of files in which there is nothing, a line tells.
        assert "package.json: " not in said, said
    with tally.check("arguments of the configuration"), repository.beside("public/jwks.json", '{"keys": []}'):
        assert repository.verdicts()["jwks-inspect"] == "Failed"
        repository.configure({"args": ["--ignore", "empty-set"]})
        verdicts = repository.verdicts()
        repository.configure({})
        assert verdicts["jwks-inspect"] == "Passed", verdicts
    with tally.check("without the program nothing passes"):
        verdicts = repository.verdicts(programs="")
        assert set(verdicts.values()) == {"Failed"}, verdicts


def in_json(compact):
    """A compact JWE in the JSON serialization (RFC 7516 section 7.2)."""
    names = ["protected", "encrypted_key", "iv", "ciphertext", "tag"]
    return json.dumps(dict(zip(names, compact.strip().split("."), strict=True)))


class Repository:
    """A repository whose configuration takes the hooks from a clone on disk."""

    def __init__(self, world):
        self.programs = f"{world.binary.parent}:"
        self.folder = world.folder("committed")
        self.source = world.folder("hooks")
        self.environment = {
            **os.environ,
            "PRE_COMMIT_HOME": str(world.scratch / "pre-commit"),
            "GIT_CONFIG_GLOBAL": "/dev/null",
            **{f"GIT_AUTHOR_{what}": "nobody@example.org" for what in ["NAME", "EMAIL"]},
            **{f"GIT_COMMITTER_{what}": "nobody@example.org" for what in ["NAME", "EMAIL"]},
        }
        self.git(self.source, "init", "--quiet")
        (self.source / HOOKS).write_text((ROOT / HOOKS).read_text())
        self.git(self.source, "add", HOOKS)
        self.git(self.source, "commit", "--quiet", "--message", "hooks")
        self.revision = self.git(self.source, "rev-parse", "HEAD").strip()
        self.git(self.folder, "init", "--quiet")
        self.configure({})
        self.sound_files(world)

    def git(self, folder, *arguments):
        return run(["git", *arguments], cwd=folder, env=self.environment)

    def configure(self, options):
        hooks = [{"id": hook["id"], **(options if hook["id"] == "jwks-inspect" else {})} for hook in load(HOOKS)]
        repositories = [{"repo": str(self.source), "rev": self.revision, "hooks": hooks}]
        (self.folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": repositories}))
        self.git(self.folder, "add", ".pre-commit-config.yaml")

    def sound_files(self, world):
        made = world.folder("made")

        def jwks(*arguments):
            return run([world.binary, *arguments], cwd=made)

        self.private = jwks("generate", "--alg", "ES256")
        self.private_set = jwks("generate", "--alg", "ES256", "--set")
        self.secret = jwks("generate", "--alg", "HS256")
        self.pem = jwks("generate", "--alg", "RS256", "--to", "pem")
        (made / "key.pem").write_text(self.pem)
        openssl = ["openssl", "pkcs8", "-topk8", "-in", "key.pem", "-passout", "pass:passphrase"]
        self.protected = run(openssl, cwd=made)
        run([*openssl, "-outform", "DER", "-out", "key.p8"], cwd=made)
        self.protected_der = (made / "key.p8").read_bytes()
        run(["openssl", "pkcs12", "-export", "-nocerts", "-inkey", "key.pem", "-passout", "pass:x", "-out", "key.p12"], cwd=made)
        self.pfx = (made / "key.p12").read_bytes()
        (made / "passphrase").write_text("passphrase\n")
        self.protected_jwk = jwks("generate", "--alg", "ES256", "--encrypt", "--passphrase-file", "passphrase")
        self.certificate = run(["openssl", "req", "-x509", "-key", "key.pem", "-subj", "/CN=example"], cwd=made)
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "me", "-f", "id_ed25519"], cwd=made)
        self.ssh = (made / "id_ed25519").read_text()
        (made / "private.json").write_text(self.private)
        public = jwks("convert", "private.json", "--public")
        sound = {
            "public/jwks.json": public,
            "public/old-jwks.txt": "no JSON",
            "package.json": '{"name": "x", "keys": {"a": "b"}, "dependencies": {}}',
            "broken.json": "{",
            "empty.json": "",
            "list.json": '[{"kty": "EC"}, 1]',
            "certificate.pem": self.certificate,
            "id_ed25519.pub": (made / "id_ed25519.pub").read_text(),
            "README.md": self.private,
        }
        for path, content in sound.items():
            (self.folder / path).parent.mkdir(exist_ok=True)
            (self.folder / path).write_text(content)
        self.git(self.folder, "add", ".")
        self.git(self.folder, "commit", "--quiet", "--message", "sound")

    def beside(self, path, content):
        return Changed(self, path, content)

    def commit(self, programs=None):
        programs = self.programs if programs is None else programs
        environment = {**self.environment, "PATH": programs + os.environ["PATH"]}
        return attempt(["pre-commit", "run", "--all-files", "--color", "never"], cwd=self.folder, env=environment)

    def verdicts(self, programs=None):
        """Hook to Passed, Failed or Skipped."""
        done = self.commit(programs)
        lines = [line for line in done.stdout.splitlines() if line.endswith(("Passed", "Failed", "Skipped"))]
        names = {hook["name"]: hook["id"] for hook in load(HOOKS)}
        found = {names[line[:line.index("..")]]: line.rpartition(".")[2] for line in lines}
        assert len(found) == len(names), done.stdout + done.stderr
        return found


class Changed:
    """A file of the repository that is other, for as long as it lasts."""

    def __init__(self, repository, path, content):
        self.repository, self.path, self.content = repository, path, content

    def __enter__(self):
        content = self.content if isinstance(self.content, bytes) else self.content.encode()
        (self.repository.folder / self.path).write_bytes(content)
        self.repository.git(self.repository.folder, "add", "--", self.path)

    def __exit__(self, *_):
        self.repository.git(self.repository.folder, "reset", "--quiet", "--hard")
