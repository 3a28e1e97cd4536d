//! Secrets that are known, found again under other names and in other spellings.

use std::collections::HashSet;

use zeroize::Zeroizing;

use super::text::decoded;
use super::{Owner, member_holds_secret, secret_members};
use crate::core::alg::KeyType;
use crate::core::hexadecimal;
use crate::core::json::{Member, Node, RawObject, Value, read};

/// So much of the beginning of a secret is looked for: fewer characters may be alike by chance, and whoever repeats
/// more may have left some out.
const WIDTH: usize = 16;
/// Fewest different characters in it: a secret of fewer tells nobody anything.
const FEWEST_DIFFERENT: usize = 4;
/// Longest number that is spelled in decimal, in bytes: that of RSA with 16,384 bits.
const LONGEST_NUMBER: usize = 2_048;
/// How many spellings a secret has: base64url, hexadecimal, decimal, and its octets.
const SPELLINGS: usize = 4;

type Beginning = [u8; WIDTH];

/// The secrets of keys, by how each begins in every spelling.
#[derive(Default)]
pub struct Secrets {
    /// In order.
    beginnings: Zeroizing<Vec<Beginning>>,
}

impl Secrets {
    /// Those of these keys, each given by its members.
    #[must_use]
    pub fn of<'m>(keys: impl IntoIterator<Item = &'m RawObject>) -> Self {
        let mut values = Vec::new();
        for members in keys {
            let names: HashSet<String> = secret_members(members).into_iter().collect();
            let is_secret = |(name, _): &(&str, &str)| names.contains(*name);
            for (_, raw) in members.members().filter(is_secret) {
                if let Ok(node) = read(raw.as_bytes()) {
                    collect(&node, &mut values);
                }
            }
        }
        // Room for all of them from the start: growing would leave copies behind.
        let mut beginnings = Zeroizing::new(Vec::with_capacity(values.len() * SPELLINGS));
        for value in &values {
            beginnings.extend(spellings(value).into_iter().flatten());
        }
        beginnings.sort_unstable();
        Self { beginnings }
    }

    /// The members of a key, or of a set, that may be seen: none that is secret, and none that repeats one of
    /// these secrets.
    #[must_use]
    pub fn without(&self, members: &RawObject) -> RawObject {
        let secret: HashSet<String> = secret_members(members).into_iter().collect();
        let owner = Owner::of_members(members);
        let mut visible = members.clone();
        visible.retain(|name, value| {
            !secret.contains(name)
                && !member_holds_secret(name, value)
                && (is_public(owner, name) || !self.are_repeated(name, value))
        });
        visible
    }

    /// True when one of them is in the name of a member or in its value as its text; what cannot be read is
    /// taken for the worst.
    fn are_repeated(&self, name: &str, value: &str) -> bool {
        !self.beginnings.is_empty()
            && (self.are_in_text(name)
                || read(value.as_bytes()).map_or(true, |node| self.are_in(&node)))
    }

    fn are_in(&self, node: &Node<'_>) -> bool {
        match node.value() {
            Value::Null | Value::Bool(_) => false,
            Value::Number => self.are_in_text(node.raw()),
            Value::String(text) => self.are_in_text(text.as_str()),
            Value::Array(elements) => {
                let parts: Zeroizing<String> = elements
                    .iter()
                    .filter_map(Node::as_str)
                    .collect::<String>()
                    .into();
                octets(elements.iter()).is_some_and(|octets| self.begin_in(&octets))
                    || self.are_in_text(&parts)
                    || elements.iter().any(|element| self.are_in(element))
            }
            Value::Object(object) => {
                let members = object.members();
                octets(members.iter().map(Member::value))
                    .is_some_and(|octets| self.begin_in(&octets))
                    || members.iter().any(|member| {
                        self.are_in_text(member.name()) || self.are_in(member.value())
                    })
            }
        }
    }

    /// As it stands there, and without whatever divides the digits of a spelling.
    fn are_in_text(&self, text: &str) -> bool {
        text.len() >= WIDTH
            && (self.begin_in(text.as_bytes())
                || self.begin_in(&base64url(text))
                || self.begin_in(&hexadecimal_digits(text))
                || self.begin_in(&decimal_digits(text)))
    }

    fn begin_in(&self, bytes: &[u8]) -> bool {
        let mut windows = bytes.windows(WIDTH);
        windows.any(|window| {
            let found = self
                .beginnings
                .binary_search_by(|own| own.as_slice().cmp(window));
            found.is_ok()
        })
    }
}

/// What a key is known by; it cannot be anybody's secret.
fn is_public(owner: Owner, name: &str) -> bool {
    let Owner::Key(key_type) = owner else {
        return false;
    };
    let own: &[&str] = match key_type {
        KeyType::Rsa => &["n", "e"],
        KeyType::Ec => &["crv", "x", "y"],
        KeyType::Okp => &["crv", "x"],
        KeyType::Akp => &["alg", "pub"],
        KeyType::Oct => &[],
    };
    name == "kty" || own.contains(&name)
}

/// The texts and the octets of a value.
fn collect(node: &Node<'_>, values: &mut Vec<Zeroizing<Vec<u8>>>) {
    match node.value() {
        Value::Null | Value::Bool(_) | Value::Number => {}
        Value::String(text) => values.push(base64url(text.as_str())),
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, values)),
        Value::Object(object) => {
            let members = object.members().iter();
            members.for_each(|member| collect(member.value(), values));
        }
    }
}

/// How a secret in base64url begins in each spelling that is long enough.
fn spellings(text: &[u8]) -> [Option<Beginning>; SPELLINGS] {
    let octets = decoded(text).unwrap_or_default();
    let number = significant(&octets, 0);
    let hexadecimal = Zeroizing::new(hexadecimal::encode(number));
    let decimal = decimal(number);
    [
        beginning(text),
        beginning(number),
        beginning(significant(hexadecimal.as_bytes(), b'0')),
        beginning(&decimal),
    ]
}

/// Without zeros in front, which the spelling of a number leaves out.
fn significant(digits: &[u8], zero: u8) -> &[u8] {
    let start = digits.iter().position(|&digit| digit != zero);
    &digits[start.unwrap_or(digits.len())..]
}

fn beginning(spelling: &[u8]) -> Option<Beginning> {
    let beginning: Beginning = *spelling.first_chunk()?;
    let different: HashSet<u8> = beginning.into_iter().collect();
    (different.len() >= FEWEST_DIFFERENT).then_some(beginning)
}

/// The number in decimal digits; none of one that is too long.
fn decimal(octets: &[u8]) -> Zeroizing<Vec<u8>> {
    const LIMB: u64 = 1_000_000_000;
    const DIGITS: usize = 9;
    const WORD: usize = 4;
    if octets.len() > LONGEST_NUMBER {
        return Zeroizing::default();
    }
    // A limb takes more than three bytes.
    let mut limbs: Zeroizing<Vec<u64>> = Zeroizing::new(Vec::with_capacity(octets.len() / 3 + 1));
    // The first word may be shorter: there is nothing before it to be moved.
    for word in octets.rchunks(WORD).rev() {
        let mut carry = word
            .iter()
            .fold(0, |word: u64, &octet| (word << 8) | u64::from(octet));
        for limb in limbs.iter_mut() {
            let value = (*limb << (8 * WORD)) + carry;
            (*limb, carry) = (value % LIMB, value / LIMB);
        }
        while carry > 0 {
            limbs.push(carry % LIMB);
            carry /= LIMB;
        }
    }
    let mut digits = Zeroizing::new(Vec::with_capacity(limbs.len() * DIGITS));
    for limb in limbs.iter().rev() {
        let spelled = Zeroizing::new(format!("{limb:0DIGITS$}"));
        digits.extend_from_slice(spelled.as_bytes());
    }
    let zeros = digits.len() - significant(&digits, b'0').len();
    digits.drain(..zeros);
    digits
}

fn filtered(text: &str, digit: impl Fn(u8) -> Option<u8>) -> Zeroizing<Vec<u8>> {
    let mut digits = Zeroizing::new(Vec::with_capacity(text.len()));
    digits.extend(text.bytes().filter_map(digit));
    digits
}

/// base64 is spelled as base64url.
fn base64url(text: &str) -> Zeroizing<Vec<u8>> {
    filtered(text, |byte| match byte {
        b'+' => Some(b'-'),
        b'/' => Some(b'_'),
        b'-' | b'_' => Some(byte),
        byte => byte.is_ascii_alphanumeric().then_some(byte),
    })
}

fn hexadecimal_digits(text: &str) -> Zeroizing<Vec<u8>> {
    // The zero of 0x is none of the digits.
    let mut digits = Zeroizing::new(Vec::with_capacity(text.len()));
    for part in text.split("0x").flat_map(|part| part.split("0X")) {
        let part = part.bytes().filter(u8::is_ascii_hexdigit);
        digits.extend(part.map(|digit| digit.to_ascii_lowercase()));
    }
    digits
}

fn decimal_digits(text: &str) -> Zeroizing<Vec<u8>> {
    filtered(text, |byte| byte.is_ascii_digit().then_some(byte))
}

/// The octets that numbers are, signed or not; none when they are anything else.
fn octets<'n, 't: 'n>(
    numbers: impl ExactSizeIterator<Item = &'n Node<'t>>,
) -> Option<Zeroizing<Vec<u8>>> {
    let mut octets = Zeroizing::new(Vec::with_capacity(numbers.len()));
    for number in numbers {
        let raw = number.as_number()?;
        let signed = || raw.parse().ok().map(i8::cast_unsigned);
        octets.push(raw.parse().ok().or_else(signed)?);
    }
    Some(octets)
}
