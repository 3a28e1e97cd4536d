//! From the members of a JWK to key material (RFC 7518 §6, RFC 8037 §2, RFC 9964).

use zeroize::Zeroizing;

use crate::core::alg::{self, Curve, KeyType, MlDsa};
use crate::core::base64url::{self, Base64Fault};
use crate::core::failure::{Code, Failure, quoted};
use crate::core::json::{Node, Object, Value};
use crate::core::key::{Material, PrivateKey, PublicKey, RsaCrt, Secret, minimal};
use crate::core::key_fault::{KeyFault, fault_at};

const CRT_MEMBERS: [&str; 5] = ["p", "q", "dp", "dq", "qi"];

/// The material of the JWK `object`, which starts at `offset` of the document.
pub(super) fn material(
    object: &Object<'_>,
    offset: usize,
    alg: Option<&str>,
) -> Result<Material, KeyFault> {
    let members = Members { object, offset };
    let (kty, node) = members.text("kty")?;
    let Some(key_type) = KeyType::by_name(kty) else {
        let fault = fault_at(
            node,
            Code::UnknownKty,
            "kty",
            format!("the key type {} is not known", quoted(kty)),
        );
        return Err(
            match KeyType::ALL
                .into_iter()
                .find(|own| own.name().eq_ignore_ascii_case(kty))
            {
                Some(meant) => hinted(
                    fault,
                    format!("key types are case-sensitive: write \"{}\"", meant.name()),
                ),
                None => fault,
            },
        );
    };
    match key_type {
        KeyType::Rsa => members.rsa(),
        KeyType::Ec => members.ec(),
        KeyType::Okp => members.okp(),
        KeyType::Akp => members.akp(alg),
        KeyType::Oct => Ok(Material::Symmetric(Secret::new(members.octets("k")?.0))),
    }
}

struct Members<'o, 'a> {
    object: &'o Object<'a>,
    offset: usize,
}

impl<'o, 'a> Members<'o, 'a> {
    fn missing(&self, code: Code, name: &str) -> KeyFault {
        KeyFault {
            failure: Failure::new(code, format!("\"{name}\" is missing")).member(name),
            offset: self.offset,
        }
    }

    fn text(&self, name: &str) -> Result<(&'o str, &'o Node<'a>), KeyFault> {
        let node = self
            .object
            .get(name)
            .ok_or_else(|| self.missing(Code::MalformedKey, name))?;
        match node.as_str() {
            Some(text) => Ok((text, node)),
            None => Err(fault_at(
                node,
                Code::MalformedKey,
                name,
                format!("\"{name}\" is {}, not a string", node.kind()),
            )),
        }
    }

    fn octets(&self, name: &str) -> Result<(Zeroizing<Vec<u8>>, &'o Node<'a>), KeyFault> {
        let (text, node) = self.text(name)?;
        let octets =
            base64url::decode(text).map_err(|fault| base64_fault(node, name, text, fault))?;
        if octets.is_empty() {
            let message = format!("\"{name}\" is empty");
            return Err(fault_at(node, Code::MalformedKey, name, message));
        }
        Ok((octets, node))
    }

    fn octets_of_length(
        &self,
        name: &str,
        length: usize,
        code: Code,
        owner: &str,
    ) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        let (octets, node) = self.octets(name)?;
        if octets.len() == length {
            return Ok(octets);
        }
        let message = format!(
            "\"{name}\" has {} bytes, and {owner} has {length}",
            octets.len()
        );
        let fault = fault_at(node, code, name, message);
        Err(
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
        &self,
        name: &str,
        length: usize,
        code: Code,
        owner: &str,
    ) -> Result<Secret, KeyFault> {
        self.octets_of_length(name, length, code, owner)
            .map(Secret::new)
    }

    /// A private number of an RSA key, none of which is longer than the modulus.
    fn secret_up_to(&self, name: &str, longest: usize) -> Result<Secret, KeyFault> {
        let (octets, node) = self.octets(name)?;
        if minimal(&octets).len() > longest {
            let message = format!("\"{name}\" is longer than the modulus");
            return Err(fault_at(node, Code::PrivateInconsistent, name, message));
        }
        Ok(Secret::new(octets))
    }

    fn curve(&self, key_type: KeyType) -> Result<Curve, KeyFault> {
        let (crv, node) = self.text("crv")?;
        match Curve::by_name(crv) {
            Some(curve) if curve.key_type() == key_type => Ok(curve),
            Some(curve) => Err(fault_at(
                node,
                Code::MalformedKey,
                "crv",
                format!(
                    "\"{crv}\" is a curve of kty \"{}\", and this key has kty \"{}\"",
                    curve.key_type().name(),
                    key_type.name()
                ),
            )),
            None => Err(fault_at(
                node,
                Code::UnknownCrv,
                "crv",
                format!("the curve {} is not known", quoted(crv)),
            )),
        }
    }

    /// The value of a member; null is what some programs write for none.
    fn present(&self, name: &str) -> Option<&'o Node<'a>> {
        self.object
            .get(name)
            .filter(|node| !matches!(node.value(), Value::Null))
    }

    fn is_private(&self) -> bool {
        self.present("d").is_some()
    }

    fn rsa(&self) -> Result<Material, KeyFault> {
        let n = minimal(&self.octets("n")?.0).to_vec();
        let e = minimal(&self.octets("e")?.0).to_vec();
        let primes = self.present("oth");
        if let Some(node) =
            primes.filter(|node| node.as_array().is_none_or(|list| !list.is_empty()))
        {
            return Err(fault_at(
                node,
                Code::UnsupportedKey,
                "oth",
                "the key has more than two primes (\"oth\"), which nothing supports".to_owned(),
            ));
        }
        let given = CRT_MEMBERS
            .iter()
            .filter(|name| self.present(name).is_some())
            .count();
        if !self.is_private() {
            return if given == 0 {
                Ok(Material::Public(PublicKey::Rsa { n, e }))
            } else {
                Err(self.missing(Code::MalformedKey, "d"))
            };
        }
        let modulus_length = n.len();
        let secret = |name| self.secret_up_to(name, modulus_length);
        let d = secret("d")?;
        let crt = if given == 0 {
            None
        } else {
            // RFC 7518 §6.3.2: with one of them, all of them.
            Some(Box::new(RsaCrt {
                p: secret("p")?,
                q: secret("q")?,
                dp: secret("dp")?,
                dq: secret("dq")?,
                qi: secret("qi")?,
            }))
        };
        let public = PublicKey::Rsa { n, e };
        Ok(Material::Pair(public, PrivateKey::Rsa { d, crt }))
    }

    fn ec(&self) -> Result<Material, KeyFault> {
        let curve = self.curve(KeyType::Ec)?;
        let (length, code) = (curve.coordinate_bytes(), Code::EcCoordinateLength);
        let coordinate = |name| self.octets_of_length(name, length, code, curve.name());
        let public = PublicKey::Ec {
            curve,
            x: coordinate("x")?.to_vec(),
            y: coordinate("y")?.to_vec(),
        };
        if !self.is_private() {
            return Ok(Material::Public(public));
        }
        let d = self.secret_of_length("d", length, code, curve.name())?;
        Ok(Material::Pair(public, PrivateKey::Ec { d }))
    }

    fn okp(&self) -> Result<Material, KeyFault> {
        let curve = self.curve(KeyType::Okp)?;
        let (length, code) = (curve.coordinate_bytes(), Code::OkpLength);
        let x = self.octets_of_length("x", length, code, curve.name())?;
        let public = PublicKey::Okp {
            curve,
            x: x.to_vec(),
        };
        if !self.is_private() {
            return Ok(Material::Public(public));
        }
        let d = self.secret_of_length("d", length, code, curve.name())?;
        Ok(Material::Pair(public, PrivateKey::Okp { d }))
    }

    fn akp(&self, alg: Option<&str>) -> Result<Material, KeyFault> {
        let name = alg.ok_or_else(|| self.missing(Code::KeyAlgMissing, "alg"))?;
        let node = self
            .object
            .get("alg")
            .ok_or_else(|| self.missing(Code::KeyAlgMissing, "alg"))?;
        let row = alg::by_name_and_key_type(name, KeyType::Akp);
        let Some((algorithm, parameters)) = row.and_then(|row| Some((row, row.ml_dsa()?))) else {
            let message = format!("{} is not an algorithm of AKP keys", quoted(name));
            let code = if alg::by_name(name).is_some() {
                Code::AlgKeyMismatch
            } else {
                Code::MalformedKey
            };
            return Err(fault_at(node, code, "alg", message));
        };
        let code = Code::MlDsaLength;
        let public = PublicKey::Akp {
            algorithm,
            public: self
                .octets_of_length("pub", parameters.public_bytes(), code, algorithm.name)?
                .to_vec(),
        };
        if self.present("priv").is_none() {
            return Ok(Material::Public(public));
        }
        let seed = self.secret_of_length("priv", MlDsa::SEED_BYTES, code, algorithm.name)?;
        Ok(Material::Pair(public, PrivateKey::Akp { seed }))
    }
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
