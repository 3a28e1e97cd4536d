//! Keys of every kind, and each of them in every form that other tools write, by OpenSSL.

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{Id, PKey, PKeyRef, Private};
use openssl::rsa::Rsa;
use openssl::symm::Cipher;
use openssl::x509::extension::BasicConstraints;
use openssl::x509::{X509, X509Name, X509NameBuilder, X509ReqBuilder};

use jwks_cli::core::alg::by_name;
use jwks_cli::core::base64url;
use jwks_cli::core::engine::{Shape, generate};
use jwks_cli::core::export::{self, SshForm, Structure};
use jwks_cli::core::import::{Fault, Foreign, Imported};
use jwks_cli::core::key::Material;
use jwks_cli::core::{pem, thumbprint};

/// Under which everything is that is protected.
pub(crate) const PASSPHRASE: &str = "correct horse battery staple";

/// A file.
pub(crate) struct Fixture {
    /// The kind of key and the form.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// The thumbprint of its one key.
    pub(crate) thumbprint: String,
    pub(crate) is_private: bool,
    pub(crate) is_protected: bool,
}

impl Fixture {
    /// What is read of it, with its passphrase if it needs one.
    pub(crate) fn read(&self) -> Result<Imported, Fault> {
        read(&self.bytes)
    }
}

/// What is read of a document of another form than JSON.
pub(crate) fn read(bytes: &[u8]) -> Result<Imported, Fault> {
    match Foreign::recognize(bytes) {
        Some(foreign) => match foreign.read(None) {
            Err(Fault::Locked) => foreign.read(Some(PASSPHRASE.as_bytes())),
            other => other,
        },
        None => Err(Fault::Malformed("not recognized".to_owned())),
    }
}

pub(crate) fn ec(nid: Nid) -> PKey<Private> {
    let group = EcGroup::from_curve_name(nid).expect("a group");
    PKey::from_ec_key(EcKey::generate(&group).expect("a key")).expect("a key")
}

pub(crate) fn rsa(bits: u32) -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(bits).expect("a key")).expect("a key")
}

pub(crate) fn ed25519() -> PKey<Private> {
    PKey::generate_ed25519().expect("a key")
}

/// A key of each kind that OpenSSL knows in all its releases.
pub(crate) fn pkeys() -> Vec<(&'static str, PKey<Private>)> {
    vec![
        ("RSA", rsa(2048)),
        ("P-256", ec(Nid::X9_62_PRIME256V1)),
        ("P-384", ec(Nid::SECP384R1)),
        ("P-521", ec(Nid::SECP521R1)),
        ("secp256k1", ec(Nid::SECP256K1)),
        ("Ed25519", ed25519()),
        ("Ed448", PKey::generate_ed448().expect("a key")),
        ("X25519", PKey::generate_x25519().expect("a key")),
        ("X448", PKey::generate_x448().expect("a key")),
    ]
}

/// The thumbprint of what PKCS #8 holds.
pub(crate) fn thumbprint_of(material: &Material) -> String {
    base64url::encode(&thumbprint::sha256(material))
}

/// The one key of a document.
#[track_caller]
pub(crate) fn only(imported: Imported) -> Material {
    assert_eq!(imported.keys.len(), 1);
    let mut keys = imported.keys;
    keys.remove(0).material
}

fn name(common_name: &str) -> X509Name {
    let mut name = X509NameBuilder::new().expect("a name");
    name.append_entry_by_text("CN", common_name)
        .expect("a name");
    name.build()
}

fn digest(key: &PKeyRef<Private>) -> MessageDigest {
    match key.id() {
        Id::ED25519 | Id::ED448 => MessageDigest::null(),
        _ => MessageDigest::sha256(),
    }
}

/// A certificate of `key` by an issuer, or by itself.
pub(crate) fn certificate(
    key: &PKeyRef<Private>,
    common_name: &str,
    issuer: Option<(&X509, &PKeyRef<Private>)>,
) -> X509 {
    let mut builder = X509::builder().expect("a builder");
    let subject = name(common_name);
    builder.set_version(2).expect("a version");
    let serial = BigNum::from_u32(1).and_then(|number| number.to_asn1_integer());
    builder
        .set_serial_number(&serial.expect("a number"))
        .expect("a number");
    builder.set_subject_name(&subject).expect("a name");
    let issuer_name = issuer.map_or(&*subject, |(issuer, _)| issuer.subject_name());
    builder.set_issuer_name(issuer_name).expect("a name");
    builder.set_pubkey(key).expect("a key");
    // Until 2096, whenever the tests run.
    let (from, until) = (
        Asn1Time::from_unix(1_700_000_000),
        Asn1Time::from_unix(4_000_000_000),
    );
    builder
        .set_not_before(&from.expect("a time"))
        .expect("a time");
    builder
        .set_not_after(&until.expect("a time"))
        .expect("a time");
    let constraints = BasicConstraints::new().ca().build().expect("an extension");
    builder.append_extension(constraints).expect("an extension");
    let signer = issuer.map_or(key, |(_, key)| key);
    builder.sign(signer, digest(signer)).expect("a signature");
    builder.build()
}

/// A certificate request for `key`, in DER.
pub(crate) fn request(key: &PKeyRef<Private>) -> Vec<u8> {
    let mut builder = X509ReqBuilder::new().expect("a builder");
    builder.set_subject_name(&name("request")).expect("a name");
    builder.set_pubkey(key).expect("a key");
    builder.sign(key, digest(key)).expect("a signature");
    builder.build().to_der().expect("DER")
}

/// A PKCS #12 file with a key and its certificate.
pub(crate) fn pkcs12(key: &PKeyRef<Private>, passphrase: &str) -> Vec<u8> {
    let certificate = certificate(key, "pkcs12", None);
    let mut builder = Pkcs12::builder();
    builder.name("key").pkey(key).cert(&certificate);
    let file = builder.build2(passphrase).expect("a PKCS #12 file");
    file.to_der().expect("DER")
}

/// Every form of every kind of key.
pub(crate) fn fixtures() -> Vec<Fixture> {
    let mut fixtures = Vec::new();
    for (kind, key) in pkeys() {
        let pkcs8 = key.private_key_to_pkcs8().expect("PKCS #8");
        let material = only(read(&pkcs8).expect("a key"));
        let mut forms = Forms::of(kind, &material);
        forms.pkcs8(&key, &pkcs8);
        match key.id() {
            Id::RSA => forms.rsa(&key),
            Id::EC => forms.ec(&key),
            _ => {}
        }
        if !kind.starts_with('X') {
            forms.certified(&key);
        }
        forms.openssh(&material);
        fixtures.append(&mut forms.fixtures);
    }
    for name in ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"] {
        let algorithm = by_name(name).expect("an algorithm");
        let shape = Shape::Akp(algorithm, algorithm.ml_dsa().expect("parameters"));
        let material = generate(shape).expect("a key");
        let mut forms = Forms::of(name, &material);
        forms.own(&material);
        fixtures.append(&mut forms.fixtures);
    }
    fixtures
}

struct Forms {
    kind: &'static str,
    thumbprint: String,
    fixtures: Vec<Fixture>,
}

impl Forms {
    fn of(kind: &'static str, material: &Material) -> Self {
        Self {
            kind,
            thumbprint: thumbprint_of(material),
            fixtures: Vec::new(),
        }
    }

    fn add(&mut self, form: &str, bytes: impl AsRef<[u8]>) {
        let is_public = ["public", "certificate", "request"]
            .iter()
            .any(|part| form.contains(part));
        self.fixtures.push(Fixture {
            name: format!("{} {form}", self.kind),
            bytes: bytes.as_ref().to_vec(),
            thumbprint: self.thumbprint.clone(),
            is_private: !is_public,
            is_protected: form.contains("encrypted"),
        });
    }

    fn both(&mut self, form: &str, label: &str, der: &[u8]) {
        self.add(&format!("{form} DER"), der);
        self.add(&format!("{form} PEM"), pem::encode(label, der).as_bytes());
    }

    fn pkcs8(&mut self, key: &PKeyRef<Private>, pkcs8: &[u8]) {
        self.both("PKCS #8", "PRIVATE KEY", pkcs8);
        let public = key.public_key_to_der().expect("DER");
        self.both("public SPKI", "PUBLIC KEY", &public);
        let cipher = Cipher::aes_256_cbc();
        let encrypted = key.private_key_to_pkcs8_passphrase(cipher, PASSPHRASE.as_bytes());
        let encrypted = encrypted.expect("PKCS #8");
        self.both("encrypted PKCS #8", "ENCRYPTED PRIVATE KEY", &encrypted);
    }

    fn rsa(&mut self, key: &PKeyRef<Private>) {
        let rsa = key.rsa().expect("an RSA key");
        let der = rsa.private_key_to_der().expect("DER");
        self.both("PKCS #1", "RSA PRIVATE KEY", &der);
        let der = rsa.public_key_to_der_pkcs1().expect("DER");
        self.both("public PKCS #1", "RSA PUBLIC KEY", &der);
        let pem = rsa.private_key_to_pem_passphrase(Cipher::aes_128_cbc(), PASSPHRASE.as_bytes());
        self.add("encrypted traditional", pem.expect("PEM"));
    }

    fn ec(&mut self, key: &PKeyRef<Private>) {
        let ec = key.ec_key().expect("an EC key");
        let der = ec.private_key_to_der().expect("DER");
        self.both("SEC 1", "EC PRIVATE KEY", &der);
        // `openssl ecparam -genkey` writes the curve before the key.
        let nid = ec.group().curve_name().expect("a name");
        let name = nid.short_name().expect("a name");
        let curve = openssl::asn1::Asn1Object::from_str(name).expect("a curve");
        let octets = curve.as_slice();
        let length = u8::try_from(octets.len()).expect("a short name");
        let parameters = pem::encode("EC PARAMETERS", &[&[6, length], octets].concat());
        let pem = pem::encode("EC PRIVATE KEY", &der);
        self.add(
            "SEC 1 behind parameters",
            format!("{}{}", *parameters, *pem),
        );
        let pem = ec.private_key_to_pem_passphrase(Cipher::aes_128_cbc(), PASSPHRASE.as_bytes());
        self.add("encrypted traditional", pem.expect("PEM"));
    }

    fn certified(&mut self, key: &PKeyRef<Private>) {
        let der = certificate(key, "fixture", None).to_der().expect("DER");
        self.both("certificate", "CERTIFICATE", &der);
        self.both("certificate request", "CERTIFICATE REQUEST", &request(key));
        self.both("encrypted PKCS #12", "PKCS12", &pkcs12(key, PASSPHRASE));
        self.add("PKCS #12 under the empty passphrase", pkcs12(key, ""));
    }

    fn openssh(&mut self, material: &Material) {
        let forms = [
            ("public OpenSSH", SshForm::Public),
            ("OpenSSH", SshForm::Private(None)),
            (
                "encrypted OpenSSH",
                SshForm::Private(Some(PASSPHRASE.as_bytes())),
            ),
        ];
        for (form, ssh) in forms {
            // The work on a passphrase is the same for every kind, and takes long.
            if form.starts_with("encrypted") && self.kind != "Ed25519" && self.kind != "RSA" {
                continue;
            }
            if let Ok(text) = export::ssh(material, ssh, "a comment") {
                self.add(form, text.as_bytes());
            }
        }
    }

    /// What we write ourselves of a key that not every release of OpenSSL knows.
    fn own(&mut self, material: &Material) {
        let public = Material::Public(material.public().expect("a public half").clone());
        for (form, material) in [("PKCS #8", material), ("public SPKI", &public)] {
            let encoded = export::der(material, Structure::Pkcs8).expect("DER");
            self.both(form, encoded.label, &encoded.der);
        }
        let encoded = export::encrypted_der(material, PASSPHRASE.as_bytes()).expect("DER");
        self.both("encrypted PKCS #8", encoded.label, &encoded.der);
    }
}
