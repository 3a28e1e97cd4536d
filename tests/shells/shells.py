"""Lines that are completed in bash, zsh, fish and elvish: `shells.py BINARY BASH_COMPLETION SCRATCH`."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import sessions

HOSTILE = [
    "plain",
    "with space",
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned #",
    "a\nb",
    "a\x1b[2Jb",
    "it's",
    'say "x"',
    "back\\slash",
    "~root",
    "-dash",
    "*",
    "{a,b}",
    "!!",
    "urn:ietf:x",
    "a=b",
    "$HOME",
    "'; touch pwned; '",
    '"; touch pwned; "',
    "<(touch pwned)",
    "schlüssel",
]
# What would take more than a line, or act on the terminal, is left out.
OFFERED = [kid for kid in HOSTILE if "\n" not in kid and "\x1b" not in kid]

# Kids that bash could not write between the quotation marks that are open.
NOT_BETWEEN = [
    ('jwks sign --jwks dollar.json --kid "$', '"'),
    ("jwks sign --jwks quote.json --kid 'i", "'"),
]


def offered(session):
    """fish does not quote a ~ at the start: such a kid is left out there."""
    return [kid for kid in OFFERED if session.name != "fish" or kid[0] != "~"]


# What a shell makes of a line, when all that `jwks` does is to show its words.
SHOW = {
    "bash": "jwks() { printf '%s\\0' jwks \"$@\"; }\n",
    "zsh": "jwks() { printf '%s\\0' jwks \"$@\" }\n",
    "fish": "function jwks; for word in jwks $argv; printf '%s\\0' $word; end; end\n",
}


class Checks:
    def __init__(self):
        self.count = 0
        self.failures = []

    def equal(self, what, found, wanted):
        self.count += 1
        if found != wanted:
            self.failures.append(f"{what}\n  is      {found!r}\n  must be {wanted!r}")


def key_set(*kids):
    return json.dumps({"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": kid} for kid in kids]})


def words(shell, home, environment, line):
    """The words of a line, as the shell reads it."""
    program = shell.split()[0]
    reading = [program, "-c", SHOW[program] + line]
    shown = subprocess.run(reading, cwd=home, env=environment, capture_output=True, text=True)
    return shown.stdout.split("\0")[:-1]


def check(session, environment, checks):
    home = session.home

    def completed(line):
        return words(session.name, home, environment, session.complete(line))

    def offers(line, *wanted):
        typed = words(session.name, home, environment, line)
        before = len(typed) - (not line.endswith(" "))
        found = completed(line)[before:]
        checks.equal(f"{session.name}: {line}", sorted(found), sorted(wanted))

    offers("jwks comp", "completions")
    offers("jwks con", "convert")
    offers("jwks sign --jw", "--jwks=" if session.name == "zsh" else "--jwks")
    offers("jwks verify --alg ES", "ES256", "ES256K", "ES384", "ES512")
    offers("jwks rotate keys.json --reason c", "compromised")
    offers("jwks completions e", "elvish")
    offers("jwks sign --jwks ke", "keys.json")
    offers("jwks inspect ke", "keys.json")
    offers("jwks sign --jwks my", "my keys.json")
    for line in [
        "jwks sign --jwks keys.json --kid ",
        "jwks sign --jwks ./keys.json --kid 2026",
        "jwks sign --jwks ~/keys.json --kid ",
        "jwks sign --jwks=keys.json --kid ",
        "jwks sign --jwks my\\ keys.json --kid ",
        "jwks sign --jwks 'my keys.json' --kid ",
        'jwks sign --jwks "my keys.json" --kid ',
        "jwks convert keys.json --only ",
        "jwks convert my\\ keys.json keys.json --to jwk --without ",
        "jwks rotate keys.json --revoke ",
        "jwks rotate keys.json --active ",
        "jwks fetch https://127.0.0.1:1/ --diff keys.json --kid ",
    ]:
        offers(line, "2026-11", "2026-12")
    offers("jwks inspect keys.json --ignore kid-d", "kid-duplicate")
    offers("jwks inspect keys.json --only kid-d", "kid-duplicate")
    offers("jwks inspect keys.json --ignore kid-duplicate=2026-12", "kid-duplicate=2026-12")
    offers("jwks inspect space.json --ignore kid-duplicate=", "kid-duplicate=with space")
    offers("jwks sign --jwks keys.json --kid=2026-12", "--kid=2026-12")
    offers("jwks sign --jwks space.json --kid=", "--kid=with space")
    offers("jwks sign --jwks urn.json --kid urn:ietf:o", "urn:ietf:one")
    offers("jwks sign --jwks hostile.json --kid ", *offered(session))
    offers("jwks sign --jwks hostile.json --kid with", "with space")
    offers("jwks sign --jwks hostile.json --kid with\\ s", "with space")
    for line in [
        "jwks sign --jwks '$(touch pwned)' --kid ",
        "jwks sign --jwks $(touch pwned) --kid ",
        "jwks sign --jwks `touch pwned` --kid ",
        "jwks sign --jwks pipe --kid ",
        "jwks sign --jwks https://127.0.0.1:1/ --kid ",
        "jwks sign --jwks - --kid ",
    ]:
        checks.equal(f"{session.name}: {line}", session.complete(line).rstrip(), line.rstrip())
    checks.equal(f"{session.name}: nothing is run", (home / "pwned").exists(), False)


def check_keys(session, checks):
    """What only a line editor shows: quotes that are open, and Tab itself."""
    for line, wanted in [
        *((line, line + mark) for line, mark in NOT_BETWEEN if session.name != "zsh"),
        ("jwks sign --jwks space.json --kid w", "jwks sign --jwks space.json --kid with\\ space "),
        ("jwks sign --jwks space.json --kid 'w", "jwks sign --jwks space.json --kid 'with space' "),
        ('jwks sign --jwks space.json --kid "w', 'jwks sign --jwks space.json --kid "with space" '),
        ("jwks sign --jwks space.json --kid=w", "jwks sign --jwks space.json --kid=with\\ space "),
        ("true; A=1 jwks sign --jwks space.json --kid=w", "true; A=1 jwks sign --jwks space.json --kid=with\\ space "),
        ("jwks sign --jwks=ke", "jwks sign --jwks=keys.json "),
        ("jwks sign --jwks ", "jwks sign --jwks "),
        ("jwks sign --at ", "jwks sign --at "),
        ("jwks sign --jwks - --kid ", "jwks sign --jwks - --kid "),
        ("jwks verify --alg=Ed25", "jwks verify --alg=Ed25519 "),
        ("jwks sign --jwks keys.json --kid ", "jwks sign --jwks keys.json --kid 2026-1"),
    ]:
        checks.equal(f"{session.name}: Tab after {line}", session.press_tab(line), wanted)


def check_elvish(session, checks):
    """elvish shows several candidates in a list of its own: here each line has one."""
    for line, wanted in [
        ("jwks comp", "jwks completions"),
        ("jwks sign --jwks space.json --kid w", "jwks sign --jwks space.json --kid 'with space'"),
        ("jwks sign --jwks ~/space.json --kid ", "jwks sign --jwks ~/space.json --kid 'with space'"),
        ("jwks sign --jwks dollar.json --kid ", "jwks sign --jwks dollar.json --kid '$(touch pwned)'"),
        ("jwks convert quote.json --only i", "jwks convert quote.json --only 'it''s'"),
        ("jwks inspect keys.json --ignore kid-d", "jwks inspect keys.json --ignore kid-duplicate"),
    ]:
        checks.equal(f"elvish: Tab after {line}", session.press_tab(line), wanted)
    checks.equal("elvish: nothing is run", (session.home / "pwned").exists(), False)


def furnish(home):
    home.mkdir()
    (home / "keys.json").write_text(key_set("2026-11", "2026-12"))
    (home / "my keys.json").write_text(key_set("2026-11", "2026-12"))
    (home / "urn.json").write_text(key_set("urn:ietf:one", "urn:ietf:two"))
    (home / "space.json").write_text(key_set("with space"))
    (home / "quote.json").write_text(key_set("it's"))
    (home / "dollar.json").write_text(key_set("$(touch pwned)"))
    (home / "hostile.json").write_text(key_set(*HOSTILE))
    os.mkfifo(home / "pipe")
    return home


def install(title, home, environment):
    """Does for a new account what the help says under `title`."""
    asked = ["jwks", "help", "completions"]
    help_text = subprocess.run(asked, env=environment, check=True, capture_output=True, text=True).stdout
    blocks = re.findall(r"^  (\S.*):\n((?:    .*\n)+)", help_text, re.MULTILINE)
    [lines] = [lines for head, lines in blocks if re.match(rf"{title}( \(|$)", head)]
    subprocess.run(["bash", "-euc", lines], cwd=home, env=environment, check=True)


def main(binary, helpers, scratch):
    scratch = Path(scratch)
    (scratch / "bin").mkdir()
    (scratch / "bin/jwks").symlink_to(binary)
    checks = Checks()

    def environment(home):
        return {
            "HOME": str(home),
            "PATH": f"{scratch}/bin:{os.environ['PATH']}",
            "TERM": "dumb",
            "LC_ALL": "C.UTF-8",
            "COLUMNS": "200",
        }

    def start(kind, title):
        home = furnish(scratch / f"home{len(list(scratch.iterdir()))}")
        install(title, home, environment(home))
        return kind(home, environment(home))

    for session in [
        start(sessions.bash, "bash, without it"),
        start(sessions.bash_with(helpers), "bash, with the package bash-completion"),
        start(sessions.zsh, "zsh"),
        start(sessions.Fish, "fish"),
        start(sessions.elvish, "elvish"),
    ]:
        try:
            if session.name == "elvish":
                check_elvish(session, checks)
                continue
            check(session, environment(session.home), checks)
            if session.name != "fish":
                check_keys(session, checks)
        except sessions.Failed as failed:
            checks.failures.append(str(failed))
        finally:
            session.close()
    for failure in checks.failures:
        print(failure)
    print(f"shells: {checks.count} checks, {len(checks.failures)} failed")
    return 1 if checks.failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
