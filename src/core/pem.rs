//! PEM (RFC 7468): blocks of base64 between lines that name them, with any text around.

use std::fmt;

use zeroize::Zeroizing;

use super::failure::quoted;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";
/// Characters of a line of base64 (RFC 7468 §2).
const LINE: usize = 64;

/// A block, as it stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block<'a> {
    /// What its lines name it.
    pub label: &'a str,
    /// What is between them.
    body: &'a [u8],
}

/// Why a file is no sequence of PEM blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PemFault(String);

impl fmt::Display for PemFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The blocks of `document`; text outside of them is passed over (RFC 7468 §5.2).
///
/// # Errors
/// A block has no end, or another one than its beginning says; an end has no beginning, so that a block was
/// lost.
pub fn blocks(document: &[u8]) -> Result<Vec<Block<'_>>, PemFault> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    let mut at = 0;
    for line in document.split_inclusive(|&byte| byte == b'\n') {
        let start = at;
        at += line.len();
        let line = line.trim_ascii();
        match (open, label(line, BEGIN), label(line, END)) {
            (None, Some(label), _) => open = Some((label, at)),
            (Some((label, _)), Some(_), _) => return Err(unfinished(label, blocks.len())),
            (Some((label, body)), _, Some(end)) if label == end => {
                let body = &document[body..start];
                blocks.push(Block { label, body });
                open = None;
            }
            (Some((label, _)), _, Some(end)) => {
                return Err(PemFault(format!(
                    "block {} begins as {} and ends as {}",
                    blocks.len() + 1,
                    quoted(label),
                    quoted(end)
                )));
            }
            (None, None, Some(end)) => return Err(unbegun(end, blocks.len())),
            _ => {}
        }
    }
    match open {
        Some((label, _)) => Err(unfinished(label, blocks.len())),
        None => Ok(blocks),
    }
}

fn unbegun(label: &str, before: usize) -> PemFault {
    PemFault(format!(
        "block {} ({}) has an end and no beginning: its first line is missing or damaged",
        before + 1,
        quoted(label)
    ))
}

fn unfinished(label: &str, before: usize) -> PemFault {
    PemFault(format!(
        "block {} ({}) has no end: the file was cut off, or a line is missing",
        before + 1,
        quoted(label)
    ))
}

fn label<'a>(line: &'a [u8], start: &[u8]) -> Option<&'a str> {
    let label = line.strip_prefix(start)?.strip_suffix(DASHES)?;
    std::str::from_utf8(label).ok()
}

impl Block<'_> {
    /// True when its content is encrypted as in RFC 1421 §4.6.1.1, which its own header says.
    #[must_use]
    pub fn is_encrypted_of_old(&self) -> bool {
        let mut headers = self.lines().take_while(|line| line.contains(&b':'));
        headers.any(|line| line.starts_with(b"Proc-Type:") && line.ends_with(b"ENCRYPTED"))
    }

    /// The block without white space around its lines, which OpenSSL does not read.
    #[must_use]
    pub fn to_pem(&self) -> Zeroizing<Vec<u8>> {
        let mut text = Zeroizing::new(Vec::with_capacity(self.body.len() * 2 + 128));
        let mut line = |parts: &[&[u8]]| {
            for part in parts {
                text.extend_from_slice(part);
            }
            text.push(b'\n');
        };
        line(&[BEGIN, self.label.as_bytes(), DASHES]);
        for own in self.lines() {
            line(&[own]);
        }
        line(&[END, self.label.as_bytes(), DASHES]);
        text
    }

    /// What its base64 spells, without headers.
    ///
    /// # Errors
    /// It is not base64.
    pub fn decode(&self) -> Result<Zeroizing<Vec<u8>>, PemFault> {
        let has_header = self.lines().next().is_some_and(|line| line.contains(&b':'));
        let mut base64 = Zeroizing::new(Vec::with_capacity(self.body.len()));
        let mut in_header = has_header;
        for line in self.lines() {
            if in_header {
                in_header = !line.is_empty();
            } else {
                base64.extend(line.iter().filter(|byte| !byte.is_ascii_whitespace()));
            }
        }
        base64_simd::STANDARD
            .decode_to_vec(base64.as_slice())
            .map(Zeroizing::new)
            .map_err(|_| PemFault("is not base64 with padding".to_owned()))
    }

    fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let body = self.body.strip_suffix(b"\n").unwrap_or(self.body);
        body.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii)
    }
}

/// A block with `octets` in it, and a line break at its end.
#[must_use]
pub fn encode(label: &str, octets: &[u8]) -> Zeroizing<String> {
    let base64 = Zeroizing::new(base64_simd::STANDARD.encode_to_string(octets));
    // Room for all of it from the start: growing would leave copies of secrets behind.
    let length = base64.len() + base64.len() / LINE + 2 * (label.len() + 24);
    let mut text = Zeroizing::new(String::with_capacity(length));
    text.push_str("-----BEGIN ");
    text.push_str(label);
    text.push_str("-----\n");
    for start in (0..base64.len()).step_by(LINE) {
        let end = base64.len().min(start + LINE);
        text.push_str(&base64[start..end]);
        text.push('\n');
    }
    text.push_str("-----END ");
    text.push_str(label);
    text.push_str("-----\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for length in [0, 1, 47, 48, 49, 96, 1000] {
            let octets = vec![7; length];
            let text = encode("PUBLIC KEY", &octets);
            assert_eq!(text.capacity().max(text.len()), text.capacity());
            assert!(text.lines().all(|line| line.len() <= LINE));
            let read = blocks(text.as_bytes()).unwrap();
            assert_eq!(read.len(), 1);
            assert_eq!(read[0].label, "PUBLIC KEY");
            assert_eq!(*read[0].decode().unwrap(), octets);
        }
    }

    #[test]
    fn text_between_blocks_and_line_ends_of_every_kind_are_passed_over() {
        let text = b"Bag Attributes\r\n  a: \xff\r\n  -----BEGIN A-----\r\n  QUJD\r\n  RA==\r\n-----END A-----\r\n\
            --END C--\n-----BEGIN B-----\nQQ==\n-----END B-----";
        let read = blocks(text).unwrap();
        let labels: Vec<&str> = read.iter().map(|block| block.label).collect();
        assert_eq!(labels, ["A", "B"]);
        assert_eq!(*read[0].decode().unwrap(), b"ABCD");
        assert_eq!(*read[1].decode().unwrap(), b"A");
    }

    #[test]
    fn headers_are_no_content() {
        let text = b"-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nQQ==\n-----END A-----\n";
        let read = blocks(text).unwrap();
        assert!(read[0].is_encrypted_of_old());
        assert_eq!(*read[0].decode().unwrap(), b"A");
        assert_eq!(read[0].to_pem().as_slice(), text);
    }

    #[test]
    fn broken_frames_are_told() {
        for (text, part) in [
            ("-----BEGIN A-----\nQQ==\n", "has no end"),
            ("-----BEGIN A-----\n-----BEGIN A-----\n", "has no end"),
            ("-----BEGIN A-----\n-----END B-----\n", "ends as \"B\""),
            ("----BEGIN A-----\nQQ==\n-----END A-----\n", "no beginning"),
        ] {
            let fault = blocks(text.as_bytes()).unwrap_err();
            assert!(fault.to_string().contains(part), "{fault}");
        }
        let text = b"-----BEGIN A-----\nQ!\n-----END A-----\n";
        assert!(blocks(text).unwrap()[0].decode().is_err());
    }
}
