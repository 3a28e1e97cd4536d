//! JSON Web Keys (RFC 7517 §4): parameters, material, and the members as they were written.

use std::collections::HashSet;

use super::alg::{self, Algorithm};
use super::base64url;
use super::exposure::Secrets;
use super::failure::{Code, Failure, quoted};
use super::json::{Node, Object, RawObject, Value};
use super::key::{Material, PublicKey};
use super::key_fault::{KeyFault, fault_at};
use super::key_writing::write_material;
use super::time::NumericDate;
use super::{key_reading, thumbprint};

/// The members of OpenID Federation 1.0 that date a key; they stay in the private file.
pub const LIFECYCLE_MEMBERS: [&str; 4] = ["iat", "nbf", "exp", "revoked"];

/// The parameters of a key that are not material (RFC 7517 §4, OpenID Federation 1.0).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the registered member names")]
pub struct Parameters {
    pub kid: Option<String>,
    pub alg: Option<String>,
    /// `use`
    pub key_use: Option<String>,
    pub key_ops: Option<Vec<String>>,
    pub iat: Option<NumericDate>,
    pub nbf: Option<NumericDate>,
    pub exp: Option<NumericDate>,
    /// True when `revoked` is present, whatever it says.
    pub revoked: bool,
}

/// A key whose every needed member is there and well formed.
#[derive(Clone)]
pub struct Jwk {
    parameters: Parameters,
    material: Material,
    members: RawObject,
}

/// A [`Jwk`] that holds nothing secret.
#[derive(Debug, Clone)]
pub struct PublicJwk(Jwk);

/// A [`Jwk`] that can sign or decrypt.
#[derive(Debug, Clone)]
pub struct PrivateJwk(Jwk);

impl std::fmt::Debug for Jwk {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The members are left out: they spell the secrets.
        formatter
            .debug_struct("Jwk")
            .field("parameters", &self.parameters)
            .field("material", &self.material)
            .finish_non_exhaustive()
    }
}

impl Jwk {
    /// Reads a JWK. Whether the key is sound and strong is for [`super::key_check`] to say.
    ///
    /// # Errors
    /// Every member that is missing or malformed; a member that is there twice and nothing else, since
    /// nobody can tell which of the two counts.
    pub fn read(object: &Object<'_>, offset: usize) -> Result<Self, Vec<KeyFault>> {
        require_distinct(object).map_err(|fault| vec![fault])?;
        let mut faults = Vec::new();
        let parameters = Parameters::read(object, &mut faults);
        let alg = parameters.alg.as_deref();
        let material = key_reading::material(object, offset, alg, &mut faults);
        match material {
            Some(material) if faults.is_empty() => Ok(Self {
                parameters,
                material,
                members: RawObject::of(object),
            }),
            _ => Err(faults),
        }
    }

    /// A key made of new material. Members that are given as parameters follow `kty`, then the
    /// material (RFC 7517 §4 puts no order on them; people look for `kid` first).
    #[must_use]
    pub fn from_material(material: Material, parameters: Parameters) -> Self {
        let mut members = RawObject::new();
        members.set_string("kty", material.key_type().name());
        if let Some(kid) = &parameters.kid {
            members.set_string("kid", kid);
        }
        if let Some(key_use) = &parameters.key_use {
            members.set_string("use", key_use);
        }
        if let Some(key_ops) = &parameters.key_ops {
            members.set_raw(
                "key_ops",
                serde_json::Value::from(key_ops.clone()).to_string(),
            );
        }
        if let Some(alg) = &parameters.alg {
            members.set_string("alg", alg);
        }
        write_material(&mut members, &material);
        let dates = [
            ("iat", parameters.iat),
            ("nbf", parameters.nbf),
            ("exp", parameters.exp),
        ];
        for (name, date) in dates {
            if let Some(date) = date {
                members.set_raw(name, date.seconds().to_string());
            }
        }
        Self {
            parameters,
            material,
            members,
        }
    }

    /// The parameters.
    #[must_use]
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The material.
    #[must_use]
    pub fn material(&self) -> &Material {
        &self.material
    }

    /// The members, in their order and spelling.
    #[must_use]
    pub fn members(&self) -> &RawObject {
        &self.members
    }

    /// The row of the table for the key's `alg`, when it has one that is known.
    #[must_use]
    pub fn algorithm(&self) -> Option<&'static Algorithm> {
        alg::by_name_and_key_type(self.parameters.alg.as_deref()?, self.material.key_type())
    }

    /// SHA-256 thumbprint (RFC 7638) in base64url. None of a symmetric key: it is a hash of the
    /// secret, by which a guess could be checked (RFC 7638 §7).
    #[must_use]
    pub fn thumbprint(&self) -> Option<String> {
        self.material
            .public()
            .map(|_| base64url::encode(&thumbprint::sha256(&self.material)))
    }

    /// The key, told by what it holds.
    #[must_use]
    pub fn into_kind(self) -> Kind {
        if self.material.is_private() {
            Kind::Private(PrivateJwk(self))
        } else {
            Kind::Public(PublicJwk(self))
        }
    }

    /// The public half; none of a symmetric key. Unknown members stay, private ones go, and
    /// `key_ops` name what a public key can do.
    #[must_use]
    pub fn to_public(&self) -> Option<PublicJwk> {
        self.to_public_without(&Secrets::of([&self.members]))
    }

    /// [`Jwk::to_public`] for a place beside other keys, whose secrets it may repeat.
    #[must_use]
    pub fn to_public_without(&self, secrets: &Secrets) -> Option<PublicJwk> {
        let public = self.material.public()?.clone();
        let mut parameters = self.parameters.clone();
        let mut members = secrets.without(&self.members);
        if members.get("key_ops").is_none() {
            parameters.key_ops = None;
        }
        if let Some(key_ops) = &parameters.key_ops {
            let public_ops = public_key_ops(key_ops);
            if public_ops.is_empty() {
                members.retain(|name, _| name != "key_ops");
                parameters.key_ops = None;
            } else {
                members.set_raw(
                    "key_ops",
                    serde_json::Value::from(public_ops.clone()).to_string(),
                );
                parameters.key_ops = Some(public_ops);
            }
        }
        Some(PublicJwk(Self {
            parameters,
            material: Material::Public(public),
            members,
        }))
    }

    /// Sets the time before which the key is not used (`nbf`).
    pub fn set_nbf(&mut self, nbf: NumericDate) {
        self.members.set_raw("nbf", nbf.seconds().to_string());
        self.parameters.nbf = Some(nbf);
    }

    /// Sets the time after which the key is no longer used (`exp`).
    pub fn set_exp(&mut self, exp: NumericDate) {
        self.members.set_raw("exp", exp.seconds().to_string());
        self.parameters.exp = Some(exp);
    }
}

/// A key, told by what it holds.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Nothing secret.
    Public(PublicJwk),
    /// A private or symmetric key.
    Private(PrivateJwk),
}

impl PublicJwk {
    /// The key.
    #[must_use]
    pub fn jwk(&self) -> &Jwk {
        &self.0
    }

    /// The material, which is public by construction.
    #[must_use]
    pub fn public_key(&self) -> Option<&PublicKey> {
        self.0.material.public()
    }

    /// The members as they are published: without those that date the key.
    #[must_use]
    pub fn published_members(&self) -> RawObject {
        let mut members = self.0.members.clone();
        members.retain(|name, _| !LIFECYCLE_MEMBERS.contains(&name));
        members
    }
}

impl PrivateJwk {
    /// The key, unless it holds nothing secret.
    #[must_use]
    pub fn new(jwk: Jwk) -> Option<Self> {
        jwk.material.is_private().then_some(Self(jwk))
    }

    /// The key.
    #[must_use]
    pub fn jwk(&self) -> &Jwk {
        &self.0
    }
}

impl Parameters {
    /// Those of `object` that are well formed; what is wrong with the others is added to `faults`.
    fn read(object: &Object<'_>, faults: &mut Vec<KeyFault>) -> Self {
        let mut text = |name| {
            text(object, name).unwrap_or_else(|fault| {
                faults.push(fault);
                None
            })
        };
        let (kid, alg, key_use) = (text("kid"), text("alg"), text("use"));
        let key_ops = key_ops(object).unwrap_or_else(|fault| {
            faults.push(fault);
            None
        });
        Self {
            kid,
            alg,
            key_use,
            key_ops,
            iat: date(object, "iat"),
            nbf: date(object, "nbf"),
            exp: date(object, "exp"),
            revoked: is_revoked(object),
        }
    }
}

/// The member that says so (OpenID Federation 1.0).
pub(super) const REVOKED: &str = "revoked";

/// True when the key says that it is revoked, whatever else is wrong with it. Null and false are what
/// some programs write for "not".
pub(super) fn is_revoked(object: &Object<'_>) -> bool {
    object
        .get(REVOKED)
        .is_some_and(|node| !matches!(node.value(), Value::Null | Value::Bool(false)))
}

fn require_distinct(object: &Object<'_>) -> Result<(), KeyFault> {
    let own = object.own_duplicate();
    let nested = || {
        object
            .members()
            .iter()
            .find_map(|member| member.value().first_duplicate())
    };
    match own.or_else(nested) {
        None => Ok(()),
        Some(member) => Err(KeyFault {
            failure: Failure::new(
                Code::DuplicateKeyMember,
                format!("the member {} appears twice", quoted(member.name())),
            )
            .member(member.name())
            .hint("readers disagree about which of the two counts: remove one"),
            offset: member.name_offset(),
        }),
    }
}

fn text(object: &Object<'_>, name: &str) -> Result<Option<String>, KeyFault> {
    let Some(node) = object.get(name) else {
        return Ok(None);
    };
    match node.as_str() {
        Some(text) => Ok(Some(text.to_owned())),
        None => {
            let message = format!("\"{name}\" is {}, not a string", node.kind());
            let mut fault = fault_at(node, Code::MalformedKey, name, message);
            fault.failure.hint = Some(format!("write \"{name}\" as a string, or leave it out"));
            Err(fault)
        }
    }
}

fn key_ops(object: &Object<'_>) -> Result<Option<Vec<String>>, KeyFault> {
    let Some(node) = object.get("key_ops") else {
        return Ok(None);
    };
    let invalid = |problem: &str| {
        let message = format!("\"key_ops\" {problem}");
        fault_at(node, Code::KeyOpsInvalid, "key_ops", message)
    };
    let operations = node
        .as_strings()
        .ok_or_else(|| invalid("is not an array of strings"))?;
    let mut seen = HashSet::new();
    if !operations.iter().all(|operation| seen.insert(*operation)) {
        return Err(invalid("names an operation twice"));
    }
    Ok(Some(operations.into_iter().map(str::to_owned).collect()))
}

/// A date of another type is as good as none: other tools give these names other meanings.
fn date(object: &Object<'_>, name: &str) -> Option<NumericDate> {
    object
        .get(name)
        .and_then(Node::as_number)
        .map(NumericDate::from_json_number)
}

fn public_key_ops(key_ops: &[String]) -> Vec<String> {
    let mut public: Vec<String> = Vec::new();
    for operation in key_ops {
        let counterpart = match operation.as_str() {
            "sign" => "verify",
            "decrypt" => "encrypt",
            "unwrapKey" => "wrapKey",
            // Both need the private key (RFC 7517 §4.3); the public half of an agreement does nothing.
            "deriveKey" | "deriveBits" => continue,
            other => other,
        };
        if !public.iter().any(|own| own == counterpart) {
            public.push(counterpart.to_owned());
        }
    }
    public
}
