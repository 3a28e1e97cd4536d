"""The interoperation test: interop.py JWKS_BINARY NODE_SCRIPT SCRATCH_FOLDER. Started by ./run."""

import base64
import sys
import time
from contextlib import closing
from pathlib import Path

import conversions
import protected
from algorithms import ALGORITHMS, JOSE_CANNOT, JOSERFC_CANNOT, JWCRYPTO_CANNOT, OPENSSL_CANNOT, supported
from peers import AUDIENCE, ISSUER, SUBJECT, Jose, Joserfc, Jwcrypto
from tally import Tally
from tools import Jwks, openssl

# What runs today. A peer or an algorithm that drops out by accident falls below it.
MINIMUM_CHECKS = 1216

# A P-521 coordinate starts with a zero byte in every second key, so 30 keys are certain to have some.
P521_KEYS = 30
P521_COORDINATE_BYTES = 66


def main(binary, node_script, folder):
    tally = Tally()
    jwks = Jwks(binary, Path(folder))
    print_exceptions()
    with tally.group("jwks makes keys and tokens"):
        keys, tokens = make_own(tally, jwks)
    with closing(Jose(node_script)) as jose:
        for peer in (Jwcrypto(), Joserfc(), jose):
            combine(tally, jwks, peer, keys, tokens)
        with tally.group("jwks, jwcrypto and jose exchange sets under a passphrase"):
            protected.exchange(tally, jwks, jose)
        conversions.exchange(tally, jwks, jose)
    with tally.group("openssl reads keys of jwks"):
        openssl_reads(tally, jwks, keys)
    with tally.group("openssl makes keys, jwks and jwcrypto sign and verify"):
        openssl_makes(tally, jwks)
    return tally.close(MINIMUM_CHECKS)


def combine(tally, jwks, peer, keys, tokens):
    with tally.group(f"{peer.name} makes keys and tokens, jwks verifies"):
        peer_to_us(tally, jwks, peer)
    with tally.group(f"{peer.name} makes sets and tokens, jwks chooses by kid"):
        peer_sets_to_us(tally, jwks, peer)
    with tally.group(f"jwks makes keys and tokens, {peer.name} verifies"):
        us_to_peer(tally, peer, keys, tokens)
    with tally.group(f"jwks makes sets and tokens, {peer.name} chooses by kid"):
        our_sets_to_peer(tally, jwks, peer)
    with tally.group(f"{peer.name} signs with keys of jwks, jwks verifies"):
        peer_signs_with_our_keys(tally, jwks, peer, keys)
    with tally.group(f"jwks and {peer.name} exchange P-521 keys with leading zeros"):
        leading_zeros(tally, jwks, peer)


def print_exceptions():
    tables = {"jwcrypto": JWCRYPTO_CANNOT, "joserfc": JOSERFC_CANNOT, "jose": JOSE_CANNOT, "openssl": OPENSSL_CANNOT}
    for name, table in tables.items():
        left_out = ", ".join(f"{label} ({reason})" for label, reason in table.items())
        print(f"left out for {name}: {left_out or 'nothing'}")


def make_own(tally, jwks):
    """One key and one token of ours for every algorithm, by label."""
    keys, tokens = {}, {}
    for algorithm in ALGORITHMS:
        label = algorithm.label
        with tally.check(f"{label}: generate"):
            keys[label] = generate(jwks, f"ours-{label}", algorithm)
        with tally.check(f"{label}: sign"):
            tokens[label] = jwks.sign(keys[label].private_path, "--exp", "+1h")
        with tally.check(f"{label}: verify what we signed"):
            check_our_claims(jwks.verify(f"ours-{label}", tokens[label], keys[label].public_path))
    return keys, tokens


def peer_to_us(tally, jwks, peer):
    claims = peer_claims()
    for algorithm in peer.algorithms:
        label, name = algorithm.label, f"{peer.name}-{algorithm.label}"
        private = peer.make(algorithm)
        path = jwks.write(name, verifying_half(peer, private, algorithm))
        token = peer.sign(private, algorithm, claims)
        with tally.check(f"{label}: token and key of {peer.name}"):
            check_equal(jwks.verify(name, token, path, "--alg", algorithm.name), claims)
        with tally.check(f"{label}: token of {peer.name} with a flipped bit"):
            jwks.refuse(f"{name}-flipped", flip_signature_bit(token), path)


def peer_sets_to_us(tally, jwks, peer):
    claims = peer_claims()
    # Secrets never stand beside public keys: each is a set of its own.
    sets = [[algorithm] for algorithm in peer.algorithms if algorithm.is_symmetric]
    sets.append([algorithm for algorithm in peer.algorithms if not algorithm.is_symmetric])
    for algorithms in sets:
        published, tokens = [], []
        for algorithm in algorithms:
            private = peer.make(algorithm)
            kid = peer.thumbprint(private)
            tokens.append(peer.sign(private, algorithm, claims, kid))
            described = {"kid": kid, "alg": algorithm.name, "use": "sig"}
            published.append(verifying_half(peer, private, algorithm) | described)
        name = f"{peer.name}-set-of-{algorithms[0].label}-and-others"
        path = jwks.write(name, {"keys": published})
        for algorithm, token in zip(algorithms, tokens, strict=True):
            with tally.check(f"{algorithm.label}: chosen by kid from a set of {peer.name}"):
                check_equal(jwks.verify(f"{name}-{algorithm.label}", token, path), claims)


def us_to_peer(tally, peer, keys, tokens):
    for algorithm in peer.algorithms:
        label = algorithm.label
        with tally.check(f"{label}: our token with our JWK in {peer.name}"):
            check_our_claims(peer.verify(keys[label].verifying, algorithm, tokens[label]))
        with tally.check(f"{label}: our token with our file of public keys in {peer.name}"):
            check_our_claims(peer.verify(keys[label].public, algorithm, tokens[label]))
        with tally.check(f"{label}: our token with a flipped bit in {peer.name}"):
            check_refused(peer, keys[label].verifying, algorithm, flip_signature_bit(tokens[label]))
        with tally.check(f"{label}: our kid is the thumbprint of {peer.name}"):
            check_equal(peer.thumbprint(keys[label].verifying), keys[label].private["kid"])
            check_equal(peer.thumbprint(keys[label].private), keys[label].verifying["kid"])


def our_sets_to_peer(tally, jwks, peer):
    # --alg alone makes the usual curve, which for EdDSA is Ed25519.
    algorithms = [one for one in peer.algorithms if not one.is_symmetric and one.label != "EdDSA-with-Ed448"]
    wanted = [argument for algorithm in algorithms for argument in ("--alg", algorithm.name)]
    with tally.check("generate the set"):
        ours = jwks.generate(f"set-for-{peer.name}", *wanted)
        check_equal([key["alg"] for key in ours.public["keys"]], [algorithm.name for algorithm in algorithms])
    for position, algorithm in enumerate(algorithms):
        with tally.check(f"{algorithm.label}: chosen from our set by {peer.name}"):
            token = jwks.sign(ours.private_path, "--kid", ours.private["keys"][position]["kid"])
            check_our_claims(peer.verify(ours.public, algorithm, token))


def peer_signs_with_our_keys(tally, jwks, peer, keys):
    for algorithm in peer.algorithms:
        label = algorithm.label
        claims = peer_claims()
        for kid_in_header in (False, True):
            with tally.check(f"{label}: {peer.name} signs with our key, kid in the header: {kid_in_header}"):
                kid = keys[label].private["kid"] if kid_in_header else None
                token = peer.sign(keys[label].private, algorithm, claims, kid)
                name = f"{peer.name}-signs-{label}"
                check_equal(jwks.verify(name, token, keys[label].public_path, "--alg", algorithm.name), claims)


def leading_zeros(tally, jwks, peer):
    (algorithm,) = [one for one in ALGORITHMS if one.name == "ES512"]
    claims = peer_claims()
    with tally.check(f"generate {P521_KEYS} keys, some with leading zeros"):
        ours = jwks.generate(f"p521-for-{peer.name}", "--alg", "ES512", "--count", P521_KEYS, "--set")
        pairs = list(zip(ours.private["keys"], ours.public["keys"], strict=True))
        assert any(has_leading_zero(public) for _, public in pairs), "no coordinate starts with a zero byte"
    for number in range(P521_KEYS):
        with tally.check(f"our P-521 key {number} in {peer.name}"):
            private, public = pairs[number]
            for member in ("d", "x", "y"):
                check_equal(len(decode(private[member])), P521_COORDINATE_BYTES)
            check_equal(peer.thumbprint(public), private["kid"])
            check_equal(peer.verify(public, algorithm, peer.sign(private, algorithm, claims)), claims)

    theirs = {"keys": []}
    tokens = []
    for _ in range(P521_KEYS):
        private = peer.make(algorithm)
        kid = peer.thumbprint(private)
        theirs["keys"].append({**peer.public(private, algorithm), "kid": kid})
        tokens.append(peer.sign(private, algorithm, claims, kid))
    path = jwks.write(f"p521-of-{peer.name}", theirs)
    for number, token in enumerate(tokens):
        with tally.check(f"P-521 key {number} of {peer.name}"):
            check_equal(jwks.verify(f"p521-of-{peer.name}", token, path), claims)


def openssl_reads(tally, jwks, keys):
    jwcrypto = Jwcrypto()
    for algorithm in supported(OPENSSL_CANNOT):
        label = algorithm.label
        with tally.check(f"{label}: openssl accepts our private JWK as jwcrypto's PEM"):
            private_pem = jwcrypto.pem(keys[label].private, private=True)
            check_equal(openssl("pkey", "-check", "-noout", standard_input=private_pem), b"Key is valid\n")
        with tally.check(f"{label}: openssl derives the public key that our public JWK holds"):
            derived = openssl("pkey", "-pubout", standard_input=private_pem)
            check_equal(derived, jwcrypto.pem(keys[label].verifying, private=False))
        with tally.check(f"{label}: --kid-from spki is openssl's digest"):
            key = generate(jwks, f"spki-{label}", algorithm, "--kid-from", "spki")
            public_pem = jwcrypto.pem(key.verifying, private=False)
            der = openssl("pkey", "-pubin", "-outform", "DER", standard_input=public_pem)
            digest = openssl("dgst", "-sha256", "-binary", standard_input=der)
            check_equal(key.verifying["kid"], encode(digest))
            check_equal(key.private["kid"], key.verifying["kid"])


def openssl_makes(tally, jwks):
    """Keys of `openssl genpkey`, which jwcrypto turns into JWKs."""
    jwcrypto = Jwcrypto()
    claims = peer_claims()
    for algorithm in supported(OPENSSL_CANNOT):
        label = algorithm.label
        private_pem = openssl("genpkey", *genpkey_arguments(algorithm))
        private = jwcrypto.from_pem(private_pem)
        public = jwcrypto.from_pem(openssl("pkey", "-pubout", standard_input=private_pem))
        private_path = jwks.write(f"openssl-{label}.private", private)
        public_path = jwks.write(f"openssl-{label}.public", public)
        with tally.check(f"{label}: jwcrypto signs with the key of openssl"):
            token = jwcrypto.sign(private, algorithm, claims)
            check_equal(jwks.verify(f"openssl-{label}", token, public_path), claims)
        with tally.check(f"{label}: we sign with the key of openssl"):
            token = jwks.sign(private_path, "--alg", algorithm.name)
            check_our_claims(jwcrypto.verify(public, algorithm, token))


def verifying_half(peer, private, algorithm):
    return private if algorithm.is_symmetric else peer.public(private, algorithm)


def generate(jwks, name, algorithm, *arguments):
    """One key of ours."""
    curve = ("--curve", algorithm.curve) if algorithm.name == "EdDSA" else ()
    return jwks.generate(name, "--alg", algorithm.name, *curve, *arguments, symmetric=algorithm.is_symmetric)


def genpkey_arguments(algorithm):
    match algorithm.kty:
        case "RSA":
            return ["-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{algorithm.bits}"]
        case "EC":
            return ["-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{algorithm.curve}"]
        case "OKP":
            return ["-algorithm", algorithm.curve]


def peer_claims():
    now = int(time.time())
    timely = {"iss": ISSUER, "sub": SUBJECT, "aud": AUDIENCE, "iat": now, "exp": now + 3600}
    return {**timely, "admin": True, "name": "Zoë ☃", "roles": ["reader", "writer"], "share": 0.25}


def check_our_claims(claims):
    timely = {name: claims.pop(name) for name in ("iat", "exp")}
    assert timely["iat"] <= time.time() < timely["exp"], f"{timely}"
    check_equal(claims, {"iss": ISSUER, "sub": SUBJECT, "aud": AUDIENCE, "admin": True})


def check_equal(found, expected):
    assert found == expected, f"{found!r} is not {expected!r}"


def check_refused(peer, keys, algorithm, token):
    try:
        claims = peer.verify(keys, algorithm, token)
    except Exception:  # each peer has its own
        return
    raise AssertionError(f"{peer.name} accepted it: {claims}")


def flip_signature_bit(token):
    signing_input, _, signature = token.rpartition(".")
    changed = bytearray(decode(signature))
    changed[len(changed) // 2] ^= 1
    return f"{signing_input}.{encode(changed)}"


def has_leading_zero(jwk):
    return any(decode(jwk[member])[0] == 0 for member in ("x", "y"))


def encode(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


if __name__ == "__main__":
    sys.exit(0 if main(*sys.argv[1:]) else 1)
