"""Which algorithms are combined with which peer, and the exceptions with their reasons."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Algorithm:
    """One `alg` with the kind of key it takes; EdDSA stands here once for each of its curves."""

    name: str
    kty: str
    curve: str | None = None
    bits: int | None = None

    @property
    def label(self) -> str:
        return f"{self.name}-with-{self.curve}" if self.name == "EdDSA" else self.name

    @property
    def is_symmetric(self) -> bool:
        return self.kty == "oct"


ALGORITHMS = (
    Algorithm("HS256", "oct", bits=256),
    Algorithm("HS384", "oct", bits=384),
    Algorithm("HS512", "oct", bits=512),
    Algorithm("RS256", "RSA", bits=2048),
    Algorithm("RS384", "RSA", bits=2048),
    Algorithm("RS512", "RSA", bits=2048),
    Algorithm("PS256", "RSA", bits=2048),
    Algorithm("PS384", "RSA", bits=2048),
    Algorithm("PS512", "RSA", bits=2048),
    Algorithm("ES256", "EC", curve="P-256"),
    Algorithm("ES384", "EC", curve="P-384"),
    Algorithm("ES512", "EC", curve="P-521"),
    Algorithm("ES256K", "EC", curve="secp256k1"),
    Algorithm("Ed25519", "OKP", curve="Ed25519"),
    Algorithm("Ed448", "OKP", curve="Ed448"),
    Algorithm("EdDSA", "OKP", curve="Ed25519"),
    Algorithm("EdDSA", "OKP", curve="Ed448"),
    Algorithm("ML-DSA-44", "AKP"),
    Algorithm("ML-DSA-65", "AKP"),
    Algorithm("ML-DSA-87", "AKP"),
)

JWCRYPTO_CANNOT: dict[str, str] = {}

JOSERFC_CANNOT = {
    "ML-DSA-44": "no ML-DSA",
    "ML-DSA-65": "no ML-DSA",
    "ML-DSA-87": "no ML-DSA",
}

# jose stands on the platform's Web Cryptography, so the oldest Node that we take decides.
JOSE_CANNOT = {
    "ES256K": "no secp256k1 since jose 6",
    "Ed448": "no Ed448 since jose 6",
    "EdDSA-with-Ed448": "no Ed448 since jose 6",
    "ML-DSA-44": "ML-DSA needs Node 24.7",
    "ML-DSA-65": "ML-DSA needs Node 24.7",
    "ML-DSA-87": "ML-DSA needs Node 24.7",
}

# OpenSSL 3.0, which Debian 12 has, knows no ML-DSA; secrets are no business of `openssl pkey`.
OPENSSL_CANNOT = {
    "HS256": "not a key pair",
    "HS384": "not a key pair",
    "HS512": "not a key pair",
    "ML-DSA-44": "ML-DSA needs OpenSSL 3.5",
    "ML-DSA-65": "ML-DSA needs OpenSSL 3.5",
    "ML-DSA-87": "ML-DSA needs OpenSSL 3.5",
}


def supported(cannot: dict[str, str]) -> list[Algorithm]:
    """The algorithms that are not in the given table of exceptions."""
    labels = {algorithm.label for algorithm in ALGORITHMS}
    if unknown := cannot.keys() - labels:
        raise ValueError(f"exceptions for algorithms that do not exist: {sorted(unknown)}")
    return [algorithm for algorithm in ALGORITHMS if algorithm.label not in cannot]
