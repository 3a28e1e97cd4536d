mod bound;
mod certificates;
mod openssh;
mod work;

use zeroize::Zeroizing;

use super::*;
use crate::core::engine::Shape;
use crate::core::export::{self, Structure};

/// A new key.
fn key(shape: Shape) -> Material {
    engine::generate(shape).unwrap()
}

/// Its PKCS #8 or SubjectPublicKeyInfo.
fn der(material: &Material) -> Zeroizing<Vec<u8>> {
    export::der(material, Structure::Pkcs8).unwrap().der
}

/// What a document holds.
fn read(document: &[u8]) -> Result<Imported, Fault> {
    Foreign::recognize(document).unwrap().read(None)
}

/// A value of DER.
fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut value = vec![tag];
    match u8::try_from(content.len()) {
        Ok(length @ 0..=0x7f) => value.push(length),
        _ => {
            value.push(0x84);
            value.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        }
    }
    value.extend_from_slice(content);
    value
}

/// The same of BER, with its end marked.
fn value_of_unknown_length(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, 0x80], content, &[0, 0]].concat()
}
