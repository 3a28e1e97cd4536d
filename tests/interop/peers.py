"""The three peers behind one interface: keys go in and out as JWK members, tokens as text.

Each peer has `name`, `algorithms`, and

    make(algorithm) -> private JWK          public(jwk, algorithm) -> public JWK
    sign(jwk, algorithm, claims, kid) -> token
    verify(keys, algorithm, token) -> claims, or an exception; `keys` is one JWK or a JWKS
    thumbprint(jwk) -> SHA-256 thumbprint, RFC 7638
"""

import json
import subprocess
import warnings

import joserfc.jwk
import joserfc.jwt
import jwcrypto.jwk
import jwcrypto.jwt
from joserfc.errors import SecurityWarning

from algorithms import JOSE_CANNOT, JOSERFC_CANNOT, JWCRYPTO_CANNOT, supported

ISSUER = "https://issuer.example"
AUDIENCE = "api"
SUBJECT = "alice"

# joserfc warns of EdDSA, which RFC 9864 deprecates and which we test on purpose.
warnings.simplefilter("ignore", SecurityWarning)


class Jwcrypto:
    name = "jwcrypto"
    algorithms = supported(JWCRYPTO_CANNOT)

    def make(self, algorithm):
        choice = {"oct": {"size": algorithm.bits}, "RSA": {"size": algorithm.bits}, "AKP": {"alg": algorithm.name}}
        parameters = choice.get(algorithm.kty, {"crv": algorithm.curve})
        return jwcrypto.jwk.JWK.generate(kty=algorithm.kty, **parameters).export(as_dict=True)

    def public(self, jwk, _algorithm):
        return jwcrypto.jwk.JWK(**jwk).export_public(as_dict=True)

    def sign(self, jwk, algorithm, claims, kid=None):
        token = jwcrypto.jwt.JWT(header=token_header(algorithm, kid), claims=claims, algs=[algorithm.name])
        token.make_signed_token(jwcrypto.jwk.JWK(**jwk))
        return token.serialize()

    def verify(self, keys, algorithm, token):
        key = jwcrypto.jwk.JWKSet.from_json(json.dumps(keys)) if "keys" in keys else jwcrypto.jwk.JWK(**keys)
        expected = {"iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT, "exp": None}
        checked = jwcrypto.jwt.JWT(
            jwt=token, key=key, algs=[algorithm.name], expected_type="JWS", check_claims=expected
        )
        return json.loads(checked.claims)

    def thumbprint(self, jwk):
        return jwcrypto.jwk.JWK(**jwk).thumbprint()

    def pem(self, jwk, *, private):
        """PKCS#8 without a passphrase, or SubjectPublicKeyInfo."""
        return jwcrypto.jwk.JWK(**jwk).export_to_pem(private_key=private, password=None)

    def from_pem(self, pem):
        return jwcrypto.jwk.JWK.from_pem(pem).export(as_dict=True)


class Joserfc:
    name = "joserfc"
    algorithms = supported(JOSERFC_CANNOT)

    def make(self, algorithm):
        size_or_curve = algorithm.bits or algorithm.curve
        return joserfc.jwk.generate_key(algorithm.kty, size_or_curve).as_dict(private=True)

    def public(self, jwk, _algorithm):
        return joserfc.jwk.import_key(jwk).as_dict(private=False)

    def sign(self, jwk, algorithm, claims, kid=None):
        key = joserfc.jwk.import_key(jwk)
        return joserfc.jwt.encode(token_header(algorithm, kid), claims, key, algorithms=[algorithm.name])

    def verify(self, keys, algorithm, token):
        key = joserfc.jwk.KeySet.import_key_set(keys) if "keys" in keys else joserfc.jwk.import_key(keys)
        claims = joserfc.jwt.decode(token, key, algorithms=[algorithm.name]).claims
        expected = {"iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT}
        required = {name: {"essential": True, "value": value} for name, value in expected.items()}
        joserfc.jwt.JWTClaimsRegistry(exp={"essential": True}, **required).validate(claims)
        return claims

    def thumbprint(self, jwk):
        return joserfc.jwk.import_key(jwk).thumbprint()


class Jose:
    """npm's `jose`, asked over the line protocol of peer.mjs."""

    name = "jose"
    algorithms = supported(JOSE_CANNOT)

    def __init__(self, script):
        self.process = subprocess.Popen(
            ["node", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def ask(self, operation, **parameters):
        self.process.stdin.write(json.dumps({"operation": operation, **parameters}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the node process has ended, status {self.process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["value"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def make(self, algorithm):
        return self.ask("make", alg=algorithm.name, symmetric=algorithm.is_symmetric)

    def public(self, jwk, algorithm):
        return self.ask("public", jwk=jwk, alg=algorithm.name)

    def sign(self, jwk, algorithm, claims, kid=None):
        return self.ask("sign", jwk=jwk, alg=algorithm.name, claims=claims, kid=kid)

    def verify(self, keys, algorithm, token):
        return self.ask(
            "verify", keys=keys, alg=algorithm.name, token=token, issuer=ISSUER, audience=AUDIENCE, subject=SUBJECT
        )

    def thumbprint(self, jwk):
        return self.ask("thumbprint", jwk=jwk)


def token_header(algorithm, kid):
    return {"alg": algorithm.name, "typ": "JWT", **({"kid": kid} if kid else {})}
