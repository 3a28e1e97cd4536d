//! Two outputs of one block at two times: what is new in each (times, keys, tokens) counts as equal.

use jiff::Timestamp;

/// The characters of a thumbprint, which is SHA-256 in base64url.
const THUMBPRINT_LENGTH: usize = 43;
/// 16 random bytes in hexadecimal, of which the documents make an ID.
const NONCE_LENGTH: usize = 32;
/// Shorter parts of a thumbprint, where a table wraps it, stand on a line of their own.
const SHORTEST_PART: usize = 12;

const AROUND: &str = "\"'(),={}[]";

/// True when both are the output of the same commands.
pub(crate) fn alike(shown: &str, said: &str) -> bool {
    normal(shown) == normal(said)
}

fn normal(text: &str) -> Vec<String> {
    let thumbprints: Vec<&str> = words(text).filter(|word| is_thumbprint(word)).collect();
    let lines = text.trim_end().lines();
    lines.map(|line| normal_line(line, &thumbprints)).collect()
}

/// What stands between characters that are none of base64url.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !is_base64url(character))
}

fn is_base64url(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '-' || character == '_'
}

fn is_thumbprint(word: &str) -> bool {
    word.len() == THUMBPRINT_LENGTH
}

fn is_nonce(word: &str) -> bool {
    word.len() == NONCE_LENGTH && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The line with one space between its words, and a name in the place of what is new each time.
fn normal_line(line: &str, thumbprints: &[&str]) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_alone = words.len() == 1;
    let mut normal: Vec<String> = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let is_part = place == 0 && is_part_of(word, is_alone, thumbprints);
        let word = if is_part {
            "THUMBPRINT".to_owned()
        } else {
            normal_word(word)
        };
        if !is_unit(&word) || normal.last().is_none_or(|last| last != "NUMBER") {
            normal.push(word);
            continue;
        }
        normal.pop();
        // Of any number of units, too.
        if normal.last().is_none_or(|last| last != "DURATION") {
            normal.push("DURATION".to_owned());
        }
    }
    normal.join(" ")
}

fn is_part_of(word: &str, is_alone: bool, thumbprints: &[&str]) -> bool {
    let part = word.trim_end_matches('~');
    (is_alone || part.len() >= SHORTEST_PART)
        && thumbprints
            .iter()
            .any(|thumbprint| thumbprint.contains(part))
}

fn is_unit(word: &str) -> bool {
    let word = word.trim_end_matches([',', ')', ':']);
    ["ms", "s", "min", "h", "d"].contains(&word)
}

fn normal_word(word: &str) -> String {
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        return "NUMBER".to_owned();
    }
    if let Some(bar) = bar(word) {
        return bar;
    }
    let mut normal = String::new();
    for piece in pieces(word) {
        normal.push_str(match piece {
            _ if piece.parse::<Timestamp>().is_ok() => "TIME",
            _ if is_thumbprint(piece) => "THUMBPRINT",
            _ if is_nonce(piece) => "NONCE",
            _ if piece.starts_with("eyJ") => "TOKEN",
            _ if piece.len() == 10 && piece.bytes().all(|byte| byte.is_ascii_digit()) => "SECONDS",
            _ => piece,
        });
    }
    normal
}

/// The word cut at what stands around times, names and numbers. A colon does so in front alone: a time has
/// some within.
fn pieces(word: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let end = if AROUND.contains(first) || first == ':' {
            first.len_utf8()
        } else {
            rest.find(|character| AROUND.contains(character))
                .unwrap_or(rest.len())
        };
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// A bar of a timeline without its length, which follows from the times.
fn bar(word: &str) -> Option<String> {
    const DRAWN: [char; 4] = ['┄', '━', '─', '╳'];
    let mut bar: Vec<char> = word.chars().collect();
    let is_bar = bar.len() > 1 && bar.iter().all(|character| DRAWN.contains(character));
    is_bar.then(|| {
        bar.dedup();
        bar.into_iter().collect()
    })
}
