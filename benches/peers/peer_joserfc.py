"""PyPI `joserfc`."""

import warnings

from joserfc import jwk, jwt
from joserfc.errors import SecurityWarning

from shares import verify_all

# It warns of EdDSA, which RFC 9864 deprecates.
warnings.simplefilter("ignore", SecurityWarning)


def prepare(members):
    key = jwk.import_key(members)
    algorithms = [members["alg"]]
    claims = jwt.JWTClaimsRegistry()
    return lambda token: claims.validate(jwt.decode(token, key, algorithms).claims)


verify_all(prepare)
