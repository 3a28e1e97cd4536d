//! From members back to text, every value spelled as it was read.

use std::collections::HashSet;

use zeroize::Zeroizing;

use super::Object;

/// An object to be written: names and the raw text of each value, in order. The text is wiped on
/// drop, since members of a private key pass through here.
#[derive(Clone, Default)]
pub struct RawObject {
    members: Vec<(String, Zeroizing<String>)>,
}

impl RawObject {
    /// An object without members.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A copy of what was read, in its order and spelling.
    #[must_use]
    pub fn of(object: &Object<'_>) -> Self {
        let members = object
            .members()
            .iter()
            .map(|member| {
                let raw = Zeroizing::new(member.value().raw().to_owned());
                (member.name().to_owned(), raw)
            })
            .collect();
        Self { members }
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(name, _)| name.as_str())
    }

    /// The raw text of the member `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.members
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, raw)| raw.as_str())
    }

    /// Sets `name` to the JSON text `raw`: in its place when it exists, else at the end.
    pub fn set_raw(&mut self, name: &str, raw: impl Into<String>) {
        let raw = Zeroizing::new(raw.into());
        match self.members.iter_mut().find(|(own, _)| own == name) {
            Some((_, value)) => *value = raw,
            None => self.members.push((name.to_owned(), raw)),
        }
    }

    /// Sets `name` to the string `text`.
    pub fn set_string(&mut self, name: &str, text: &str) {
        self.set_raw(name, quote(text));
    }

    /// The names and the raw text of the values, in order.
    pub fn members(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members
            .iter()
            .map(|(name, raw)| (name.as_str(), raw.as_str()))
    }

    /// Keeps the members that satisfy `keep`, in order; it is given the name and the raw text.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &str) -> bool) {
        self.members.retain(|(name, raw)| keep(name, raw));
    }

    /// Puts the members in the order of their names.
    pub fn sort(&mut self) {
        self.members.sort_by(|(one, _), (other, _)| one.cmp(other));
    }

    /// Adds the members of `other` whose names are not here, behind those that are.
    pub fn add_missing(&mut self, other: &Self) {
        // A name is looked up in a set: an object may have a hundred thousand members.
        let own: HashSet<&str> = self.names().collect();
        let missing = other
            .members
            .iter()
            .filter(|(name, _)| !own.contains(name.as_str()));
        let missing: Vec<_> = missing.cloned().collect();
        self.members.extend(missing);
    }

    /// The object as JSON, values spelled as they are.
    #[must_use]
    pub fn to_json(&self) -> Zeroizing<String> {
        let length = self
            .members
            .iter()
            .map(|(name, raw)| name.len() * 2 + raw.len() + 8)
            .sum::<usize>();
        // Enough room from the start: growing would leave copies of secrets behind.
        let mut text = Zeroizing::new(String::with_capacity(length + 2));
        text.push('{');
        for (index, (name, raw)) in self.members.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(&quote(name));
            text.push(':');
            text.push_str(raw);
        }
        text.push('}');
        text
    }
}

/// An array of these objects, values spelled as they are.
#[must_use]
pub fn array(objects: &[RawObject]) -> Zeroizing<String> {
    let texts: Vec<Zeroizing<String>> = objects.iter().map(RawObject::to_json).collect();
    let length = texts.iter().map(|text| text.len() + 1).sum::<usize>();
    let mut list = Zeroizing::new(String::with_capacity(length + 2));
    list.push('[');
    for (index, text) in texts.iter().enumerate() {
        if index > 0 {
            list.push(',');
        }
        list.push_str(text);
    }
    list.push(']');
    list
}

/// `text` as a JSON string literal.
#[must_use]
pub fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Valid JSON without the white space between its tokens; nothing else changes.
#[must_use]
pub fn compact(json: &str) -> Zeroizing<String> {
    layout(json, None)
}

/// Valid JSON laid out with two spaces a level; nothing but white space changes. What would grow
/// beyond measure by that, as many small values at a deep level do, stays on one line.
#[must_use]
pub fn pretty(json: &str) -> Zeroizing<String> {
    const INDENT: Option<usize> = Some(2);
    const ALWAYS_LAID_OUT: usize = 16 * 1024;
    const GREATEST_GROWTH: usize = 4;
    let length = Layout::measure(json, INDENT);
    if length > ALWAYS_LAID_OUT && length / GREATEST_GROWTH > json.len() {
        return compact(json);
    }
    layout(json, INDENT)
}

/// [`pretty`] with a line break at its end, as a file holds it.
#[must_use]
pub fn document(json: &str) -> Zeroizing<String> {
    line(&pretty(json))
}

/// The text as it is, with a line break at its end.
#[must_use]
pub fn line(json: &str) -> Zeroizing<String> {
    // Room for the line break from the start: growing would leave a copy of a secret behind.
    let mut text = Zeroizing::new(String::with_capacity(json.len() + 1));
    text.push_str(json);
    text.push('\n');
    text
}

fn layout(json: &str, indent: Option<usize>) -> Zeroizing<String> {
    let capacity = match indent {
        None => json.len(),
        // Counted first, so that the buffer of a secret never moves.
        Some(_) => Layout::measure(json, indent),
    };
    let mut text = Zeroizing::new(String::with_capacity(capacity));
    Layout::run(json, indent, &mut |part| text.push_str(part));
    text
}

/// One pass over the tokens of valid JSON.
struct Layout;

impl Layout {
    fn measure(json: &str, indent: Option<usize>) -> usize {
        let mut length = 0;
        Self::run(json, indent, &mut |part| length += part.len());
        length
    }

    fn run(json: &str, indent: Option<usize>, emit: &mut dyn FnMut(&str)) {
        let bytes = json.as_bytes();
        let mut depth = 0;
        let mut at = 0;
        while at < bytes.len() {
            let end = match bytes[at] {
                b'"' => string_end(bytes, at),
                _ => at + 1,
            };
            let token = json.get(at..end).unwrap_or_default();
            match bytes[at] {
                b' ' | b'\t' | b'\n' | b'\r' => {}
                b'{' | b'[' => {
                    emit(token);
                    let next = json[end..].trim_start();
                    if next.starts_with(['}', ']']) {
                        emit(&next[..1]);
                        at = json.len() - next.len() + 1;
                        continue;
                    }
                    depth += 1;
                    new_line(indent, depth, emit);
                }
                b'}' | b']' => {
                    depth = usize::saturating_sub(depth, 1);
                    new_line(indent, depth, emit);
                    emit(token);
                }
                b',' => {
                    emit(token);
                    new_line(indent, depth, emit);
                }
                b':' if indent.is_some() => emit(": "),
                _ => emit(token),
            }
            at = end;
        }
    }
}

fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn new_line(indent: Option<usize>, depth: usize, emit: &mut dyn FnMut(&str)) {
    if let Some(width) = indent {
        emit("\n");
        for _ in 0..width * depth {
            emit(" ");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_strict;
    use super::*;

    #[test]
    fn layout_changes_white_space_alone() {
        let text = "{ \"a\" :[ 1.0e0 , {} , [ ] ],\n\"b\\\"{\":\"x , : ü\" }";
        assert_eq!(
            compact(text).as_str(),
            "{\"a\":[1.0e0,{},[]],\"b\\\"{\":\"x , : ü\"}"
        );
        assert_eq!(
            pretty(text).as_str(),
            "{\n  \"a\": [\n    1.0e0,\n    {},\n    []\n  ],\n  \"b\\\"{\": \"x , : ü\"\n}"
        );
        assert_eq!(compact(&pretty(text)), compact(text));
    }

    #[test]
    fn members_keep_order_and_spelling() {
        let text = "{\"z\": 1.000, \"a\": [ 1e5 ], \"q\": \"\\u0041\"}";
        let node = read_strict(text.as_bytes()).unwrap();
        let mut object = RawObject::of(node.as_object().unwrap());
        object.set_string("a", "new \"one\"");
        object.set_raw("n", "7");
        object.retain(|name, _| name != "z");
        assert_eq!(
            object.to_json().as_str(),
            "{\"a\":\"new \\\"one\\\"\",\"q\":\"\\u0041\",\"n\":7}"
        );
    }
}
