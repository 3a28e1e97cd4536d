"""Keys in the forms of other tools: what `jwks convert` writes is read elsewhere and is the same key, and
what is written elsewhere is read here with its thumbprint unchanged.

The thumbprint is jwcrypto's, so that two implementations of RFC 7638 agree each time."""

import base64
import hashlib
import json
from dataclasses import dataclass

import jwcrypto.jwk
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x448 import X448PublicKey
from cryptography.hazmat.primitives.serialization import pkcs12

from tools import openssl, run

PASSPHRASE = "correct horse battery staple"


@dataclass(frozen=True)
class Kind:
    """A kind of key: how openssl makes one, and who else knows it."""

    name: str
    genpkey: tuple[str, ...]
    generate: tuple[str, ...]
    jose: str | None = None
    ssh: tuple[str, ...] | None = None
    traditional: str | None = None
    signs: bool = True
    in_jwcrypto: bool = True


def curve(name, alg, **more):
    genpkey = ("-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{name}")
    return Kind(name, genpkey, ("--alg", alg), traditional="ec", **more)


def edwards(name, *generate, **more):
    return Kind(name, ("-algorithm", name), generate, **more)


KINDS = (
    Kind(
        "RSA", ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"), ("--alg", "RS256"),
        jose="RS256", ssh=("rsa", "2048"), traditional="rsa",
    ),
    curve("P-256", "ES256", jose="ES256", ssh=("ecdsa", "256")),
    curve("P-384", "ES384", jose="ES384", ssh=("ecdsa", "384")),
    curve("P-521", "ES512", jose="ES512", ssh=("ecdsa", "521")),
    curve("secp256k1", "ES256K"),
    edwards("Ed25519", "--alg", "Ed25519", jose="Ed25519", ssh=("ed25519", "256")),
    edwards("Ed448", "--alg", "Ed448"),
    edwards("X25519", jose="ECDH-ES", signs=False),
    # jwcrypto has X448 in JWKs, and not in PEM.
    edwards("X448", signs=False, in_jwcrypto=False),
)


class Converter:
    """`jwks convert`, and files for it."""

    def __init__(self, jwks):
        self.jwks = jwks
        self.folder = jwks.folder / "conversions"
        self.folder.mkdir()
        self.passphrase = self.write("passphrase", PASSPHRASE.encode())
        self.unlock = ("--passphrase-file", self.passphrase)

    def write(self, name, octets):
        path = self.folder / name
        path.write_bytes(octets)
        path.chmod(0o600)
        return path

    def __call__(self, source, *options):
        return self.jwks.run("convert", *self.unlock, *options, source)

    def thumbprint(self, source):
        return self(source, "--to", "thumbprint").decode().strip()

    def check(self, tally, what, name, octets, thumbprint):
        """A file of someone else is read, and is the key of that thumbprint."""
        with tally.check(what):
            require_equal(self.thumbprint(self.write(name, octets)), thumbprint)


def exchange(tally, jwks, jose):
    convert = Converter(jwks)
    for kind in KINDS:
        with tally.group(f"keys of {kind.name} to and fro in every form"):
            ours(tally, convert, jose, kind)
            theirs_of_openssl(tally, convert, kind)
            theirs_of_cryptography(tally, convert, kind)
            if kind.jose:
                theirs_of_jose(tally, convert, jose, kind)
            if kind.ssh:
                theirs_of_openssh(tally, convert, kind)
    with tally.group("keys of ML-DSA to and fro between jwks and jwcrypto"):
        ml_dsa(tally, convert)


def ours(tally, convert, jose, kind):
    """One key of ours in every form, read by everyone."""
    source = own_key(convert, kind)
    thumbprint = jwcrypto.jwk.JWK(**json.loads(source.read_text())).thumbprint()
    public = convert(source, "--public", "--to", "der")
    encrypt = ("--encrypt",)
    pem = convert(source, "--to", "pem")
    protected = convert(source, "--to", "pem", *encrypt)
    public_pem = convert(source, "--public", "--to", "pem")

    with tally.check("our thumbprint is that of jwcrypto"):
        require_equal(convert.thumbprint(source), thumbprint)
    derive = ("pkey", "-pubout", "-outform", "DER")
    locked = ("-passin", f"file:{convert.passphrase}")
    for form, octets, options in (
        ("PEM", pem, ()),
        ("DER", convert(source, "--to", "der"), ("-inform", "DER")),
        ("encrypted PEM", protected, locked),
        ("public PEM", public_pem, ("-pubin",)),
        ("public DER", public, ("-pubin", "-inform", "DER")),
    ):
        with tally.check(f"openssl reads our {form}"):
            require_equal(openssl(*derive, *options, standard_input=octets), public)
    if kind.traditional:
        with tally.check("openssl reads our traditional PEM"):
            octets = convert(source, "--to", "pem", "--traditional")
            require_equal(openssl(*derive, standard_input=octets), public)
            openssl("pkey", "-check", "-noout", standard_input=octets)
    with tally.check("cryptography reads our PEM"):
        require_equal(thumbprint_of(serialization.load_pem_private_key(pem, None)), thumbprint)
        require_equal(thumbprint_of(serialization.load_pem_public_key(public_pem)), thumbprint)
    with tally.check("cryptography reads our encrypted PEM"):
        opened = serialization.load_pem_private_key(protected, PASSPHRASE.encode())
        require_equal(thumbprint_of(opened), thumbprint)
    if kind.jose:
        for form, octets in (("private", pem), ("public", public_pem)):
            with tally.check(f"jose reads our {form} PEM"):
                jwk = jose.ask("fromPem", pem=octets.decode(), alg=kind.jose)
                require_equal(jose.ask("thumbprint", jwk=jwk), thumbprint)
    if kind.ssh:
        openssh_reads(tally, convert, kind, source)


def own_key(convert, kind):
    if kind.generate:
        return convert.jwks.generate(f"convert-{kind.name}", *kind.generate).private_path
    # No algorithm that signs takes such keys, and none else is generated: a JWK of openssl's key is ours.
    made = convert.write(f"made-{kind.name}", openssl("genpkey", *kind.genpkey))
    return convert.write(f"own-{kind.name}", convert(made, "--to", "jwk"))


def openssh_reads(tally, convert, kind, source):
    line = convert(source, "--public", "--to", "ssh").split()[:2]
    for form, options, passphrase in (("private", ("--force",), ""), ("encrypted", ("--encrypt",), PASSPHRASE)):
        with tally.check(f"ssh-keygen reads our {form} key"):
            path = convert.write(f"ours-{form}-{kind.name}", convert(source, "--to", "ssh", *options))
            require_equal(run(["ssh-keygen", "-y", "-P", passphrase, "-f", path]).split()[:2], line)
    with tally.check("ssh-keygen reads our public key"):
        path = convert.write(f"ours-{kind.name}.pub", b" ".join(line) + b"\n")
        digest = base64.b64encode(hashlib.sha256(base64.b64decode(line[1])).digest()).rstrip(b"=")
        require_equal(run(["ssh-keygen", "-l", "-f", path]).split()[1], b"SHA256:" + digest)
    with tally.check("cryptography reads our key for OpenSSH"):
        key = serialization.load_ssh_private_key(convert(source, "--to", "ssh", "--force"), None)
        require_equal(subject_public_key_info(key), convert(source, "--public", "--to", "der"))


def theirs_of_openssl(tally, convert, kind):
    pem = openssl("genpkey", *kind.genpkey)
    thumbprint = thumbprint_of(serialization.load_pem_private_key(pem, None))
    key = convert.write(f"openssl-{kind.name}", pem)

    def check(form, *arguments):
        octets = openssl(*arguments, "-passout", f"file:{convert.passphrase}")
        convert.check(tally, f"we read openssl's {form}", f"openssl-{kind.name}-{form}", octets, thumbprint)

    def check_unlocked(form, *arguments):
        convert.check(
            tally, f"we read openssl's {form}", f"openssl-{kind.name}-{form}", openssl(*arguments), thumbprint
        )

    check_unlocked("PKCS 8 PEM", "pkey", "-in", key)
    check_unlocked("PKCS 8 DER", "pkey", "-in", key, "-outform", "DER")
    check_unlocked("public PEM", "pkey", "-in", key, "-pubout")
    check_unlocked("public DER", "pkey", "-in", key, "-pubout", "-outform", "DER")
    topk8 = ("pkcs8", "-topk8", "-in", key)
    for scheme in (("-v2", "aes-128-cbc"), ("-v2", "aes-256-cbc"), ("-v2", "aes-192-cbc"), ("-v2", "des3"), ("-scrypt",)):
        check(f"PKCS 8 with {' '.join(scheme)}", *topk8, *scheme)
    check("PKCS 8 with sha512", *topk8, "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512", "-outform", "DER")
    check("PKCS 8 with PBE-SHA1-3DES", *topk8, "-v1", "PBE-SHA1-3DES")
    if kind.traditional:
        form = ("-traditional",) if kind.traditional == "rsa" else ()
        check_unlocked("traditional PEM", kind.traditional, "-in", key, *form)
        check("encrypted traditional PEM", kind.traditional, "-in", key, *form, "-aes256")
    if kind.signs:
        request = openssl("req", "-new", "-key", key, "-subj", "/CN=interop")
        convert.check(tally, "we read openssl's request", f"request-{kind.name}", request, thumbprint)
        certificate = openssl("req", "-x509", "-key", key, "-subj", "/CN=interop", "-days", "9")
        path = convert.write(f"certificate-{kind.name}", certificate)
        check_unlocked("certificate", "x509", "-in", path)
        check_unlocked("certificate in DER", "x509", "-in", path, "-outform", "DER")
        bundle = ("pkcs12", "-export", "-inkey", key, "-in", path)
        check("PKCS 12", *bundle)
        check("PKCS 12 without MAC", *bundle, "-nomac")
        check("PKCS 12 with 3DES", *bundle, "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1")


def theirs_of_cryptography(tally, convert, kind):
    key = serialization.load_pem_private_key(openssl("genpkey", *kind.genpkey), None)
    thumbprint = thumbprint_of(key)
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    openssh = serialization.PrivateFormat.OpenSSH
    plain = serialization.NoEncryption()
    locked = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    forms = [("PKCS 8", pkcs8, plain), ("encrypted PKCS 8", pkcs8, locked)]
    if kind.traditional:
        traditional = serialization.PrivateFormat.TraditionalOpenSSL
        forms += [("traditional", traditional, plain), ("encrypted traditional", traditional, locked)]
    if kind.ssh:
        forms += [("OpenSSH", openssh, plain)]
    for form, structure, protection in forms:
        octets = key.private_bytes(pem, structure, protection)
        convert.check(tally, f"we read cryptography's {form}", f"pyca-{kind.name}-{form}", octets, thumbprint)
    if kind.signs:
        octets = pkcs12.serialize_key_and_certificates(b"name", key, None, None, locked)
        convert.check(tally, "we read cryptography's PKCS 12", f"pyca-{kind.name}.p12", octets, thumbprint)
    if kind.ssh:
        line = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        convert.check(tally, "we read cryptography's line", f"pyca-{kind.name}.pub", line, thumbprint)
    if not kind.in_jwcrypto:
        return
    jwk = jwcrypto.jwk.JWK.from_pyca(key)
    for password in (None, PASSPHRASE.encode()):
        octets = jwk.export_to_pem(private_key=True, password=password)
        name = f"jwcrypto-{kind.name}-{password is not None}"
        convert.check(tally, f"we read jwcrypto's PEM, {name}", name, octets, thumbprint)


def theirs_of_jose(tally, convert, jose, kind):
    jwk = jwcrypto.jwk.JWK.from_pem(openssl("genpkey", *kind.genpkey))
    thumbprint = jwk.thumbprint()
    for half, members in (("private", jwk.export(as_dict=True)), ("public", jwk.export_public(as_dict=True))):
        octets = jose.ask("toPem", jwk=members, alg=kind.jose).encode()
        name = f"jose-{kind.name}-{half}"
        convert.check(tally, f"we read jose's {half} PEM", name, octets, thumbprint)


def theirs_of_openssh(tally, convert, kind):
    key_type, bits = kind.ssh
    for form, options, passphrase in (
        ("private", (), ""),
        ("encrypted", ("-a", "4"), PASSPHRASE),
        ("encrypted with GCM", ("-a", "4", "-Z", "aes256-gcm@openssh.com"), PASSPHRASE),
        ("encrypted with ChaCha20", ("-a", "4", "-Z", "chacha20-poly1305@openssh.com"), PASSPHRASE),
        ("encrypted with CBC", ("-a", "4", "-Z", "aes128-cbc"), PASSPHRASE),
        ("PKCS 8", ("-m", "PKCS8"), ""),
        ("encrypted PKCS 8", ("-m", "PKCS8"), PASSPHRASE),
        ("PEM", ("-m", "PEM"), ""),
        ("encrypted PEM", ("-m", "PEM"), PASSPHRASE),
    ):
        path = convert.folder / f"ssh-{kind.name}-{form.replace(' ', '-')}"
        command = ["ssh-keygen", "-q", "-t", key_type, "-b", bits, "-N", passphrase, "-C", "a comment", "-f", path]
        with tally.check(f"we read ssh-keygen's {form} key"):
            run([*command, *options])
            line = path.with_name(path.name + ".pub").read_bytes()
            thumbprint = thumbprint_of(serialization.load_ssh_public_key(line))
            require_equal(convert.thumbprint(path), thumbprint)
            require_equal(convert.thumbprint(path.with_name(path.name + ".pub")), thumbprint)


def ml_dsa(tally, convert):
    for name in ("ML-DSA-44", "ML-DSA-65", "ML-DSA-87"):
        source = convert.jwks.generate(f"convert-{name}", "--alg", name).private_path
        own = jwcrypto.jwk.JWK(**json.loads(source.read_text()))
        with tally.check(f"{name}: jwcrypto reads our PEM"):
            read = jwcrypto.jwk.JWK.from_pem(convert(source, "--to", "pem"))
            require_equal(read.thumbprint(), own.thumbprint())
            require_equal(read.export(as_dict=True)["priv"], own.export(as_dict=True)["priv"])
        with tally.check(f"{name}: jwcrypto reads our encrypted PEM"):
            protected = convert(source, "--to", "pem", "--encrypt")
            read = jwcrypto.jwk.JWK.from_pem(protected, password=PASSPHRASE.encode())
            require_equal(read.thumbprint(), own.thumbprint())
        made = jwcrypto.jwk.JWK.generate(kty="AKP", alg=name)
        for half, octets in (
            ("private", made.export_to_pem(private_key=True, password=None)),
            ("encrypted", made.export_to_pem(private_key=True, password=PASSPHRASE.encode())),
            ("public", made.export_to_pem()),
        ):
            convert.check(tally, f"{name}: we read jwcrypto's {half} PEM", f"{name}-{half}", octets, made.thumbprint())


def thumbprint_of(key):
    """jwcrypto's thumbprint of a key of cryptography, private or public."""
    public = key.public_key() if hasattr(key, "public_key") else key
    if not isinstance(public, X448PublicKey):
        return jwcrypto.jwk.JWK.from_pyca(public).thumbprint()
    x = base64.urlsafe_b64encode(public.public_bytes_raw()).rstrip(b"=").decode()
    return jwcrypto.jwk.JWK(kty="OKP", crv="X448", x=x).thumbprint()


def subject_public_key_info(key):
    public = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.DER, public)


def require_equal(found, expected):
    if found != expected:
        raise AssertionError(f"{found!r} is not {expected!r}")
