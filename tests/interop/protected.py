"""Private sets under a passphrase, to and fro. Both peers stop at fewer iterations than we write unless
they are told; what they read is what we wrote with no option but that."""

import json

import jwcrypto.jwa
import jwcrypto.jwe
import jwcrypto.jwk

PASSPHRASE = "entrap_o–peter_long–credit_tun"
# More than the 600,000 that we write.
MOST_ITERATIONS = 1_000_000
# What jwcrypto writes and we read: every content encryption, and both derivations that it shares with us.
FORMS = [
    ("PBES2-HS512+A256KW", "A256GCM"),
    ("PBES2-HS512+A256KW", "A192GCM"),
    ("PBES2-HS512+A256KW", "A256CBC-HS512"),
    ("PBES2-HS256+A128KW", "A128GCM"),
    ("PBES2-HS256+A128KW", "A128CBC-HS256"),
    ("PBES2-HS256+A128KW", "A192CBC-HS384"),
]


def exchange(tally, jwks, jose):
    """Checks that what we protect opens elsewhere, and what is protected elsewhere opens here."""
    passphrase, private = jwks.folder / "passphrase", jwks.folder / "protected.jwe"
    passphrase.write_text(PASSPHRASE + "\n", encoding="utf-8")
    options = ["--passphrase-file", passphrase]
    jwks.run("generate", "--alg", "ES256", "--set", "--encrypt", *options, "-o", private)
    jwks.run("rotate", private, *options)
    text = private.read_text().strip()
    key = jwcrypto.jwk.JWK.from_password(PASSPHRASE)
    jwcrypto.jwa.default_max_pbkdf2_iterations = MOST_ITERATIONS
    with tally.check("jwcrypto opens what we protect"):
        opened = jwcrypto.jwe.JWE(algs=list(FORMS[0]))
        opened.deserialize(text, key=key)
        require_two_keys(json.loads(opened.payload))
    with tally.check("jose opens what we protect"):
        opened = jose.ask("open", token=text, passphrase=PASSPHRASE, maxPBES2Count=MOST_ITERATIONS)
        require_two_keys(json.loads(opened))
    plain = jwks.folder / "plain.json"
    jwks.run("generate", "--alg", "ES256", "--set", "-o", plain)
    for alg, enc in FORMS:
        with tally.check(f"we open what jwcrypto protects with {alg} and {enc}"):
            header = json.dumps({"alg": alg, "enc": enc, "cty": "jwk-set+json"})
            made = jwcrypto.jwe.JWE(plain.read_bytes(), protected=header, algs=[alg, enc], recipient=key)
            foreign = jwks.folder / f"{alg}-{enc}.jwe"
            foreign.write_text(made.serialize(compact=True))
            jwks.run("sign", "--jwks", foreign, *options, "--sub", "alice")
            jwks.run("rotate", foreign, *options)


def require_two_keys(keys):
    if len(keys["keys"]) != 2:
        raise AssertionError(f"{len(keys['keys'])} keys, not 2")
