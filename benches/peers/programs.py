"""The programs that are compared, what each cannot do, and how each is started.

A batch program verifies a file of tokens, a line each, and writes a line for each. A single program
verifies the one token of a file. All are started with the path of a JWKS and that of the tokens, and
end with another status than 0 when a token does not verify.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from installation import JWT_CLI, Installation, pinned, pinned_npm, said

DEFAULT_ALGORITHMS = ("RS256", "PS256", "ES256", "Ed25519", "HS256")
ALGORITHMS = (*DEFAULT_ALGORITHMS, "EdDSA", "ML-DSA-65")

# What a program cannot verify, and why.
EDDSA_ALONE = {"Ed25519": "knows the name EdDSA alone"}
NO_ML_DSA = {"ML-DSA-65": "no ML-DSA"}
NPM_JOSE_CANNOT = {"ML-DSA-65": "ML-DSA needs Node 24.7"}
NO_EDWARDS_CURVES = {"Ed25519": "no Edwards curves", "EdDSA": "no Edwards curves"}

# Our own judgement does not depend on the day of the run. The peers go by the clock: the tokens are
# valid from 2026 to 2036.
AT = "2026-06-01T00:00:00Z"

# From the paths of the JWKS and of the tokens to a command.
Command = Callable[[Path, Path], list]


@dataclass(frozen=True)
class Program:
    name: str
    # Installs what is missing, and gives the version to print and the command.
    prepare: Callable[[Installation], tuple[str, Command]]
    cannot: dict[str, str] = field(default_factory=dict)


def ours_batch(binary) -> Program:
    def command(jwks, tokens):
        return [binary, "verify", "--batch", tokens, "--jwks", jwks, "--at", AT]

    return Program("jwks", lambda _: (said([binary, "--version"]), command))


def ours_single(binary) -> Program:
    def command(jwks, token):
        return [binary, "verify", token, "--jwks", jwks, "--at", AT]

    return Program("jwks", lambda _: (said([binary, "--version"]), command))


def npm(package, script):
    def prepare(installation):
        path = installation.node_packages() / script
        version = f"{package} {pinned_npm(package)} (npm, Node {said(['node', '--version'])[1:]})"
        return version, lambda jwks, tokens: ["node", path, jwks, tokens]

    return prepare


def pypi(package, script):
    def prepare(installation):
        folder = installation.python_packages()
        python = folder / "bin" / "python"
        version = f"{package} {pinned(package)} (PyPI, {said([python, '--version'])})"
        return version, lambda jwks, tokens: [python, folder / script, jwks, tokens]

    return prepare


def jsonwebtoken(installation):
    program = installation.jsonwebtoken()
    version = f"jsonwebtoken {pinned('jsonwebtoken')} (Rust, aws-lc-rs {pinned('aws-lc-rs')})"
    return version, lambda jwks, tokens: [program, jwks, tokens]


def jwt_cli(installation):
    program = installation.jwt_cli()
    return f"jwt-cli {JWT_CLI}", lambda jwks, token: [program, "decode", "--secret", f"@{jwks}", token.read_text()]


def debian_jose(installation):
    program = installation.debian_jose()
    package = said(["dpkg-query", "--show", "--showformat", "${Version}", "jose"]) or "of unknown version"
    return f"jose {package} (C)", lambda jwks, token: [program, "jws", "ver", "-i", token, "-k", jwks, "-O", "-"]


BATCH_PEERS = (
    Program("jsonwebtoken", jsonwebtoken, EDDSA_ALONE | NO_ML_DSA),
    Program("fast-jwt", npm("fast-jwt", "peer_fast_jwt.mjs"), EDDSA_ALONE | NO_ML_DSA),
    Program("npm-jose", npm("jose", "peer_jose.mjs"), NPM_JOSE_CANNOT),
    Program("joserfc", pypi("joserfc", "peer_joserfc.py"), NO_ML_DSA),
    Program("PyJWT", pypi("PyJWT", "peer_pyjwt.py"), EDDSA_ALONE | NO_ML_DSA),
)

SINGLE_PEERS = (
    Program("jwt-cli", jwt_cli, EDDSA_ALONE | NO_ML_DSA),
    Program("debian-jose", debian_jose, NO_EDWARDS_CURVES | NO_ML_DSA),
)

NAMES = ("jwks", *(peer.name for peer in BATCH_PEERS + SINGLE_PEERS))
