//! JSON: what is read, laid out and written again is the same value in the same spelling.

use jwks_cli::core::json::{
    JsonFault, Member, Node, Outline, Position, Positions, RawObject, Value, compact, pretty,
    quote, read, read_strict,
};
use proptest::prelude::*;

use super::cases;
use super::documents::{changed, changes};

/// The inside of a JSON string, with escapes of every kind.
fn characters() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z{}\\[\\],: ]",
        Just("\\\"".to_owned()),
        Just("\\\\".to_owned()),
        Just("\\/".to_owned()),
        Just("\\n".to_owned()),
        Just("\\u0000".to_owned()),
        Just("\\u00E9".to_owned()),
        Just("\\ud83d\\ude00".to_owned()),
        Just("ü".to_owned()),
        Just("\u{202e}".to_owned()),
        Just("😀".to_owned()),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn space() -> impl Strategy<Value = String> {
    "[ \t\r\n]{0,2}"
}

fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?",
        characters().prop_map(|text| format!("\"{text}\"")),
    ]
}

/// The text of a JSON value without repeated names, with space wherever JSON allows it.
pub(crate) fn json() -> impl Strategy<Value = String> {
    leaf().prop_recursive(5, 40, 6, |inner| {
        let spaced = (space(), inner, space())
            .prop_map(|(before, value, after)| format!("{before}{value}{after}"))
            .boxed();
        let member = (space(), characters(), space(), spaced.clone());
        let array = (space(), prop::collection::vec(spaced, 0..6))
            .prop_map(|(space, values)| format!("[{space}{}]", values.join(",")));
        let object = (space(), prop::collection::vec(member, 0..6)).prop_map(|(space, members)| {
            let members: Vec<String> = members
                .iter()
                .enumerate()
                .map(|(index, (before, name, after, value))| {
                    format!("{before}\"{index}{name}\"{after}:{value}")
                })
                .collect();
            format!("{{{space}{}}}", members.join(","))
        });
        prop_oneof![array, object]
    })
}

/// Every node, in the order of the document.
fn nodes<'n, 'a>(node: &'n Node<'a>, found: &mut Vec<&'n Node<'a>>) {
    found.push(node);
    match node.value() {
        Value::Array(elements) => elements.iter().for_each(|element| nodes(element, found)),
        Value::Object(object) => object
            .members()
            .iter()
            .for_each(|member| nodes(member.value(), found)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn layouts_keep_values_and_spelling(text in json()) {
        let (short, long) = (compact(&text), pretty(&text));
        prop_assert_eq!(&compact(&long), &short);
        prop_assert_eq!(&compact(&short), &short);
        prop_assert_eq!(&pretty(&short), &long);
        prop_assert_eq!(&pretty(&long), &long);
        let original = read_strict(text.as_bytes()).expect("valid JSON");
        for laid_out in [&short, &long] {
            let node = read_strict(laid_out.as_bytes()).expect("valid JSON");
            prop_assert!(node.equals(&original) && original.equals(&node));
            let (mut own, mut others) = (Vec::new(), Vec::new());
            nodes(&node, &mut own);
            nodes(&original, &mut others);
            prop_assert_eq!(own.len(), others.len());
            let scalars = own.iter().zip(&others).filter(|(own, _)| own.as_array().is_none() && own.as_object().is_none());
            for (own, other) in scalars {
                prop_assert_eq!(own.raw(), other.raw());
            }
        }
    }

    #[test]
    fn another_reader_finds_the_same_values(text in json()) {
        // Numbers that its floats cannot hold are beyond the other reader.
        if let Ok(expected) = serde_json::from_str::<serde_json::Value>(&text) {
            for laid_out in [compact(&text), pretty(&text)] {
                let found: serde_json::Value = serde_json::from_str(&laid_out).expect("valid JSON");
                prop_assert_eq!(&found, &expected);
            }
        }
    }

    #[test]
    fn the_place_of_every_node_is_that_of_its_text(text in json()) {
        let node = read(text.as_bytes()).expect("valid JSON");
        let mut found = Vec::new();
        nodes(&node, &mut found);
        for node in found {
            prop_assert_eq!(&text[node.span()], node.raw());
        }
    }

    #[test]
    fn objects_are_written_as_they_were_read(text in json()) {
        let node = read(text.as_bytes()).expect("valid JSON");
        if let Some(object) = node.as_object() {
            let written = RawObject::of(object).to_json();
            let again = read_strict(written.as_bytes()).expect("valid JSON");
            prop_assert!(again.equals(&node));
            let names: Vec<&str> = object.members().iter().map(Member::name).collect();
            let members = RawObject::of(object);
            prop_assert_eq!(members.names().collect::<Vec<_>>(), names);
        }
    }

    #[test]
    fn strings_are_quoted_so_that_they_come_back(text in any::<String>()) {
        let quoted = quote(&text);
        let node = read(quoted.as_bytes()).expect("valid JSON");
        prop_assert_eq!(node.as_str(), Some(text.as_str()));
    }

    #[test]
    fn positions_are_the_same_one_by_one_and_in_a_row(
        text in prop_oneof![json(), "[a\nü😀\r]{0,60}"],
        broken in prop::collection::vec(any::<u8>(), 0..4),
    ) {
        let mut document = text.into_bytes();
        document.extend(broken);
        let positions = Positions::new(&document);
        for offset in (0..document.len() + 2).rev() {
            prop_assert_eq!(positions.of(offset), Position::of(&document, offset));
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_strict(&bytes);
        let likely: Vec<u8> = bytes.iter().map(|byte| b"{}[]\":,\\u0d8ten1.-+E \n"[usize::from(*byte) % 22]).collect();
        if let Ok(node) = read(&likely) {
            let text = std::str::from_utf8(&likely).expect("ASCII");
            prop_assert_eq!(compact(&pretty(text)), compact(text));
            let _ = node.first_duplicate();
        }
    }
}

/// What `serde_json` takes as JSON; it never looks into the escapes of a string that it ignores.
fn is_grammatical(document: &[u8]) -> bool {
    serde_json::from_slice::<&serde_json::value::RawValue>(document).is_ok()
}

proptest! {
    #![proptest_config(cases(4096))]

    #[test]
    fn the_grammar_is_that_of_serde_json(
        text in json(),
        changes in changes(),
        noise in prop::collection::vec("[\\[\\]{},:\"\\\\ 0-9eE.+tfnul\r\u{c}-]", 0..12),
    ) {
        for document in [
            text.clone().into_bytes(),
            changed(text.as_bytes(), &changes),
            noise.concat().into_bytes(),
        ] {
            let fault = read(&document).err().map(|error| error.fault);
            let outline_fault = Outline::read(&document).err().map(|error| error.fault);
            prop_assert_eq!(&fault, &outline_fault);
            let is_grammatical = is_grammatical(&document);
            match fault {
                None => prop_assert!(is_grammatical),
                Some(JsonFault::TooDeep) => prop_assert!(is_grammatical),
                // The escape of half a character is beyond the grammar and refused.
                Some(JsonFault::Syntax(_)) if document.windows(2).any(|pair| pair == b"\\u") => {}
                Some(_) => prop_assert!(!is_grammatical || document.starts_with(b"\xef\xbb\xbf")),
            }
        }
    }
}
