//! From the members of a JWK to key material (RFC 7518 §6, RFC 8037 §2, RFC 9964).

use zeroize::Zeroizing;

use crate::core::alg::{self, Curve, KeyType, MlDsa};
use crate::core::base64url::{self, Base64Fault};
use crate::core::failure::{Code, Failure, quoted};
use crate::core::json::{Node, Object, Value};
use crate::core::key::{Material, PrivateKey, PublicKey, RsaCrt, Secret, minimal};
use crate::core::key_fault::{KeyFault, fault_at};

const CRT_MEMBERS: [&str; 5] = ["p", "q", "dp", "dq", "qi"];

/// The material of the JWK `object`, which starts at `offset` of the document; none when something is
/// wrong with it, which is added to `faults`: everything, so that a key is mended in one go.
pub(super) fn material(
    object: &Object<'_>,
    offset: usize,
    alg: Option<&str>,
    faults: &mut Vec<KeyFault>,
) -> Option<Material> {
    let mut members = Members {
        object,
        offset,
        faults,
    };
    match members.key_type()? {
        KeyType::Rsa => members.rsa(),
        KeyType::Ec => members.ec(),
        KeyType::Okp => members.okp(),
        KeyType::Akp => members.akp(alg),
        KeyType::Oct => Some(Material::Symmetric(Secret::new(members.octets("k")?.0))),
    }
}

struct Members<'m, 'a> {
    object: &'m Object<'a>,
    offset: usize,
    faults: &'m mut Vec<KeyFault>,
}

impl<'m, 'a> Members<'m, 'a> {
    /// Adds a fault; there is no value then.
    fn fault<T>(&mut self, fault: KeyFault) -> Option<T> {
        self.faults.push(fault);
        None
    }

    fn missing<T>(&mut self, code: Code, name: &str) -> Option<T> {
        let failure = Failure::new(code, format!("\"{name}\" is missing")).member(name);
        let offset = self.offset;
        self.fault(KeyFault { failure, offset })
    }

    fn text(&mut self, name: &str) -> Option<(&'m str, &'m Node<'a>)> {
        let Some(node) = self.object.get(name) else {
            return self.missing(Code::MalformedKey, name);
        };
        match node.as_str() {
            Some(text) => Some((text, node)),
            None => {
                let message = format!("\"{name}\" is {}, not a string", node.kind());
                let fault = fault_at(node, Code::MalformedKey, name, message);
                let meant = match name {
                    "kty" | "crv" => "a string",
                    _ => "a string of base64url",
                };
                self.fault(hinted(fault, format!("write \"{name}\" as {meant}")))
            }
        }
    }

    fn key_type(&mut self) -> Option<KeyType> {
        let (kty, node) = self.text("kty")?;
        let known = KeyType::by_name(kty);
        if known.is_none() {
            let message = format!("the key type {} is not known", quoted(kty));
            let fault = fault_at(node, Code::UnknownKty, "kty", message);
            let meant = KeyType::ALL
                .into_iter()
                .find(|own| own.name().eq_ignore_ascii_case(kty));
            self.faults.push(match meant {
                Some(meant) => hinted(
                    fault,
                    format!("key types are case-sensitive: write \"{}\"", meant.name()),
                ),
                None => fault,
            });
        }
        known
    }

    fn octets(&mut self, name: &str) -> Option<(Zeroizing<Vec<u8>>, &'m Node<'a>)> {
        let (text, node) = self.text(name)?;
        match base64url::decode(text) {
            Ok(octets) if octets.is_empty() => {
                let message = format!("\"{name}\" is empty");
                self.fault(fault_at(node, Code::MalformedKey, name, message))
            }
            Ok(octets) => Some((octets, node)),
            Err(fault) => self.fault(base64_fault(node, name, text, fault)),
        }
    }

    fn octets_of_length(
        &mut self,
        name: &str,
        length: usize,
        code: Code,
        owner: &str,
    ) -> Option<Zeroizing<Vec<u8>>> {
        let (octets, node) = self.octets(name)?;
        if octets.len() == length {
            return Some(octets);
        }
        let message = format!(
            "\"{name}\" has {} bytes, and {owner} has {length}",
            octets.len()
        );
        let fault = fault_at(node, code, name, message);
        self.fault(
            if code == Code::EcCoordinateLength && octets.len() < length {
                hinted(
                    fault,
                    "leading zero bytes belong to the value (RFC 7518 section 6.2.1.2): pad it on the left",
                )
            } else {
                fault
            },
        )
    }

    fn secret_of_length(
        &mut self,
        name: &str,
        length: usize,
        code: Code,
        owner: &str,
    ) -> Option<Secret> {
        self.octets_of_length(name, length, code, owner)
            .map(Secret::new)
    }

    /// A private number of an RSA key, none of which is longer than the modulus.
    fn secret_up_to(&mut self, name: &str, longest: Option<usize>) -> Option<Secret> {
        let (octets, node) = self.octets(name)?;
        if minimal(&octets).len() > longest? {
            let message = format!("\"{name}\" is longer than the modulus");
            return self.fault(fault_at(node, Code::PrivateInconsistent, name, message));
        }
        Some(Secret::new(octets))
    }

    fn curve(&mut self, key_type: KeyType) -> Option<Curve> {
        let (crv, node) = self.text("crv")?;
        match Curve::by_name(crv) {
            Some(curve) if curve.key_type() == key_type => Some(curve),
            Some(curve) => {
                let message = format!(
                    "\"{crv}\" is a curve of kty \"{}\", and this key has kty \"{}\"",
                    curve.key_type().name(),
                    key_type.name()
                );
                self.fault(fault_at(node, Code::MalformedKey, "crv", message))
            }
            None => {
                let message = format!("the curve {} is not known", quoted(crv));
                self.fault(fault_at(node, Code::UnknownCrv, "crv", message))
            }
        }
    }

    /// The value of a member; null is what some programs write for none.
    fn present(&self, name: &str) -> Option<&'m Node<'a>> {
        self.object
            .get(name)
            .filter(|node| !matches!(node.value(), Value::Null))
    }

    fn is_private(&self) -> bool {
        self.present("d").is_some()
    }

    fn rsa(&mut self) -> Option<Material> {
        let number = |octets: Option<(Zeroizing<Vec<u8>>, _)>| {
            octets.map(|(octets, _)| minimal(&octets).to_vec())
        };
        let n = number(self.octets("n"));
        let e = number(self.octets("e"));
        let primes = self.present("oth");
        if let Some(node) =
            primes.filter(|node| node.as_array().is_none_or(|list| !list.is_empty()))
        {
            let message = "the key has more than two primes (\"oth\"), which nothing supports";
            return self.fault(fault_at(
                node,
                Code::UnsupportedKey,
                "oth",
                message.to_owned(),
            ));
        }
        let given = CRT_MEMBERS
            .iter()
            .filter(|name| self.present(name).is_some())
            .count();
        if !self.is_private() {
            if given > 0 {
                return self.missing(Code::MalformedKey, "d");
            }
            return Some(Material::Public(PublicKey::Rsa { n: n?, e: e? }));
        }
        let longest = n.as_ref().map(Vec::len);
        let d = self.secret_up_to("d", longest);
        let crt = if given == 0 {
            None
        } else {
            // RFC 7518 §6.3.2: with one of them, all of them.
            let numbers = CRT_MEMBERS.map(|name| self.secret_up_to(name, longest));
            let [p, q, dp, dq, qi] = numbers;
            Some(RsaCrt {
                p: p?,
                q: q?,
                dp: dp?,
                dq: dq?,
                qi: qi?,
            })
        };
        let public = PublicKey::Rsa { n: n?, e: e? };
        let crt = crt.map(Box::new);
        Some(Material::Pair(public, PrivateKey::Rsa { d: d?, crt }))
    }

    fn ec(&mut self) -> Option<Material> {
        let curve = self.curve(KeyType::Ec)?;
        let (length, code) = (curve.coordinate_bytes(), Code::EcCoordinateLength);
        let x = self.octets_of_length("x", length, code, curve.name());
        let y = self.octets_of_length("y", length, code, curve.name());
        let d = self
            .is_private()
            .then(|| self.secret_of_length("d", length, code, curve.name()));
        let (x, y) = (x?.to_vec(), y?.to_vec());
        let public = PublicKey::Ec { curve, x, y };
        Some(match d {
            None => Material::Public(public),
            Some(d) => Material::Pair(public, PrivateKey::Ec { d: d? }),
        })
    }

    fn okp(&mut self) -> Option<Material> {
        let curve = self.curve(KeyType::Okp)?;
        let (length, code) = (curve.coordinate_bytes(), Code::OkpLength);
        let x = self.octets_of_length("x", length, code, curve.name());
        let d = self
            .is_private()
            .then(|| self.secret_of_length("d", length, code, curve.name()));
        let x = x?.to_vec();
        let public = PublicKey::Okp { curve, x };
        Some(match d {
            None => Material::Public(public),
            Some(d) => Material::Pair(public, PrivateKey::Okp { d: d? }),
        })
    }

    fn akp(&mut self, alg: Option<&str>) -> Option<Material> {
        let Some(node) = self.object.get("alg") else {
            return self.missing(Code::KeyAlgMissing, "alg");
        };
        // One that is no string has been told already.
        let name = alg?;
        let row = alg::by_name_and_key_type(name, KeyType::Akp);
        let Some((algorithm, parameters)) = row.and_then(|row| Some((row, row.ml_dsa()?))) else {
            let message = format!("{} is not an algorithm of AKP keys", quoted(name));
            let code = if alg::by_name(name).is_some() {
                Code::AlgKeyMismatch
            } else {
                Code::MalformedKey
            };
            return self.fault(fault_at(node, code, "alg", message));
        };
        let code = Code::MlDsaLength;
        let public = self.octets_of_length("pub", parameters.public_bytes(), code, algorithm.name);
        let seed = self
            .present("priv")
            .map(|_| self.secret_of_length("priv", MlDsa::SEED_BYTES, code, algorithm.name));
        let public = PublicKey::Akp {
            algorithm,
            public: public?.to_vec(),
        };
        Some(match seed {
            None => Material::Public(public),
            Some(seed) => Material::Pair(public, PrivateKey::Akp { seed: seed? }),
        })
    }
}

/// What is wrong with the base64url of the member `name`, whose value is `node`; nothing when it is
/// no string at all.
pub(super) fn base64url_fault(node: &Node<'_>, name: &str) -> Option<KeyFault> {
    let text = node.as_str()?;
    let fault = base64url::decode(text).err()?;
    Some(base64_fault(node, name, text, fault))
}

fn hinted(mut fault: KeyFault, hint: impl Into<String>) -> KeyFault {
    fault.failure = fault.failure.hint(hint);
    fault
}

fn base64_fault(node: &Node<'_>, name: &str, text: &str, fault: Base64Fault) -> KeyFault {
    let code = match fault {
        Base64Fault::Padding => Code::Base64Padding,
        Base64Fault::Alphabet { .. } => Code::Base64Alphabet,
        Base64Fault::TrailingBits => Code::Base64TrailingBits,
        Base64Fault::Length => Code::MalformedKey,
    };
    // What the fault says of an offending character could be one of a secret, so it is not told.
    let message = match fault {
        Base64Fault::Alphabet { offset, .. } => format!(
            "\"{name}\" is not base64url: character {} is not in the alphabet",
            offset + 1
        ),
        other => format!("\"{name}\" is not canonical base64url: {other}"),
    };
    let key_fault = fault_at(node, code, name, message);
    match fault {
        Base64Fault::Padding => hinted(key_fault, "remove the \"=\" at the end"),
        Base64Fault::Alphabet { .. } if text.contains(['+', '/']) => hinted(
            key_fault,
            "this is standard base64: write - for + and _ for /, without padding",
        ),
        _ => key_fault,
    }
}

#[cfg(test)]
mod tests;
