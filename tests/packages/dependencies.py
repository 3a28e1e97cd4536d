"""Dependencies: licences, bans and sources of Cargo.lock, by cargo-deny."""

from world import ROOT, run

CHECKS = ["licenses", "bans", "sources"]

# Which of them failed, in the exit code of cargo-deny.
BANS, LICENSES, SOURCES = 2, 4, 8


def checks(tally, world):
    with tally.check("all dependencies are within deny.toml"):
        deny(ROOT / "deny.toml")
    text = (ROOT / "deny.toml").read_text()
    elsewhere = '[sources]\nallow-registry = ["https://registry.example"]\n'
    faults = {
        "a licence less": (LICENSES, '  "ISC",\n', ""),
        "a licence that nothing has": (LICENSES, '  "ISC",\n', '  "ISC",\n  "AGPL-3.0",\n'),
        "a crate that is there and banned": (BANS, "deny = [\n", 'deny = [\n  { crate = "url" },\n'),
        "a registry that is another": (SOURCES, "[sources]\n", elsewhere),
    }
    for what, (status, old, new) in faults.items():
        with tally.check(f"cargo-deny refuses: {what}"):
            assert text.count(old) == 1, f"deny.toml has no {old!r}"
            faulty = world.scratch / "deny.toml"
            faulty.write_text(text.replace(old, new))
            deny(faulty, expected=status)


def deny(configuration, expected=0):
    command = ["cargo-deny", "--locked", "--config", configuration, "check", "--hide-inclusion-graph", *CHECKS]
    run(command, cwd=ROOT, expected=expected)
