//! An answer as it lies on disk: a hash of all that follows, a line of JSON, and the body as it came.
//! What is not to the letter what was written is no answer.

use std::time::Duration;

use serde_json::{Map, Value};

use super::{ResponseHeaders, StoredResponse};
use crate::core::address::Zone;
use crate::core::engine::sha256;
use crate::core::hexadecimal;
use crate::core::json::{Node, read_strict};
use crate::core::time::NumericDate;

const SCHEMA: &str = "jwks.cache/1";
/// Digits of the hash.
const HASH_LENGTH: usize = 64;

impl StoredResponse {
    /// The answer as it is written.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let headers: Map<String, Value> = self
            .headers
            .iter()
            .map(|(name, value)| (name.to_owned(), Value::from(value)))
            .collect();
        let mut head = Map::new();
        head.insert("schema".to_owned(), SCHEMA.into());
        head.insert("key".to_owned(), self.key.as_str().into());
        head.insert("url".to_owned(), self.url.as_str().into());
        head.insert("zone".to_owned(), self.zone.name().into());
        head.insert("arrived".to_owned(), self.arrived.seconds().into());
        if let Some(holds) = self.redirects_hold {
            head.insert("redirects_hold".to_owned(), holds.as_secs().into());
        }
        head.insert("headers".to_owned(), headers.into());
        let mut content = Value::from(head).to_string().into_bytes();
        content.push(b'\n');
        content.extend_from_slice(&self.body);
        let mut bytes = hexadecimal::encode(&sha256(&content)).into_bytes();
        bytes.push(b'\n');
        bytes.extend_from_slice(&content);
        bytes
    }

    /// The answer to `key` that was written so; none when these bytes are anything else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8], key: &str) -> Option<Self> {
        let (hash, rest) = bytes.split_at_checked(HASH_LENGTH)?;
        let content = rest.strip_prefix(b"\n")?;
        if hash != hexadecimal::encode(&sha256(content)).as_bytes() {
            return None;
        }
        let end = content.iter().position(|byte| *byte == b'\n')?;
        let (head, body) = (&content[..end], &content[end + 1..]);
        let root = read_strict(head).ok()?;
        let head = root.as_object()?;
        let text = |name| head.get(name).and_then(Node::as_str);
        let seconds = |name| head.get(name).and_then(Node::as_number);
        if text("schema") != Some(SCHEMA) || text("key") != Some(key) {
            return None;
        }
        let headers = head.get("headers")?.as_object()?;
        Some(Self {
            key: key.to_owned(),
            url: text("url")?.to_owned(),
            zone: Zone::by_name(text("zone")?)?,
            headers: ResponseHeaders::collect(|name| {
                let value = headers.get(name).and_then(Node::as_str);
                value.map(str::to_owned)
            }),
            arrived: NumericDate::from_seconds(seconds("arrived")?.parse().ok()?),
            redirects_hold: match seconds("redirects_hold") {
                Some(seconds) => Some(Duration::from_secs(seconds.parse().ok()?)),
                None => None,
            },
            body: body.to_vec(),
        })
    }
}
