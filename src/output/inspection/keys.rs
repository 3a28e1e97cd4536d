//! A source that holds keys.

use super::certificates::Certificates;
use crate::core::failure::printable;
use crate::core::jwk::Jwk;
use crate::core::jwks::{Entry, Form, JwkSet};
use crate::core::key::Material;
use crate::core::lifecycle::{DatedKey, State};
use crate::core::time::NumericDate;
use crate::output::paint::Paint;
use crate::output::table::{Screen, table};

/// Keys and the state of each.
pub struct KeysView<'s> {
    /// The keys.
    pub set: &'s JwkSet,
    /// The state of each key; none when nothing in the set is dated.
    pub states: Option<Vec<State>>,
}

impl KeysView<'_> {
    /// What stands behind the name of the source, the table and the certificates.
    pub(super) fn text(&self, now: NumericDate, screen: Screen, paint: Paint) -> String {
        let count = match self.set.entries().len() {
            1 => "1 key".to_owned(),
            count => format!("{count} keys"),
        };
        let form = match self.set.form() {
            Form::Jwk => "a JWK",
            Form::Jwks => "a JWK Set",
            Form::Array => "an array of JWKs",
        };
        let mut text = format!("{form}, {count}\n");
        if !self.set.entries().is_empty() {
            text.push('\n');
            text.push_str(&self.table(now, screen, paint));
            text.push('\n');
        }
        text.push_str(&Certificates::of(self.set).text(now, paint));
        text
    }

    fn table(&self, now: NumericDate, screen: Screen, paint: Paint) -> String {
        let mut heading = vec!["KID", "TYPE", "ALG", "USE", "HALF", "THUMBPRINT"];
        if self.states.is_some() {
            heading.extend(["STATE", "AGE"]);
        }
        let rows = self
            .set
            .entries()
            .iter()
            .map(|entry| self.row(entry, now))
            .collect();
        table(&heading, rows, screen, paint)
    }

    fn row(&self, entry: &Entry, now: NumericDate) -> Vec<String> {
        let none = || "-".to_owned();
        let shown = |text: Option<&String>| text.map_or_else(none, |text| printable(text));
        let jwk = entry.jwk();
        let parameters = jwk.map(Jwk::parameters);
        let mut row = vec![
            entry.kid().map_or_else(none, printable),
            jwk.map_or_else(|| unread_type(entry), |jwk| jwk.material().description()),
            shown(parameters.and_then(|parameters| parameters.alg.as_ref())),
            shown(parameters.and_then(|parameters| parameters.key_use.as_ref())),
            jwk.map_or_else(none, |jwk| half(jwk.material()).to_owned()),
            jwk.map_or_else(none, |jwk| thumbprint_cell(jwk, entry.kid())),
        ];
        if self.states.is_some() {
            row.push(
                self.state(entry)
                    .map_or_else(none, |state| state_cell(state, entry, now)),
            );
            let since = parameters.and_then(|parameters| parameters.iat.or(parameters.nbf));
            row.push(since.map_or_else(none, |since| since.relative_to(now)));
        }
        row
    }

    /// The state of a key; none when nothing in the set is dated.
    pub(super) fn state(&self, entry: &Entry) -> Option<State> {
        self.states.as_ref()?.get(entry.index()).copied()
    }
}

/// The state, and of a pending key whether it waits for its time or until it is needed.
fn state_cell(state: State, entry: &Entry, now: NumericDate) -> String {
    let is_standby = state == State::Pending && DatedKey::of(entry).is_standby(now);
    if is_standby { "standby" } else { state.name() }.to_owned()
}

/// What a key that cannot be read says of its type.
fn unread_type(entry: &Entry) -> String {
    let kty = entry.members().get("kty").unwrap_or_default();
    let name = kty
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    // No key type has escapes in its name, and they could hide what must not be seen.
    match name.filter(|name| !name.is_empty() && !name.contains('\\')) {
        None => "unreadable".to_owned(),
        Some(name) => printable(name),
    }
}

/// The thumbprint, but for a key that is named by it: twice the same would fill the screen.
fn thumbprint_cell(jwk: &Jwk, kid: Option<&str>) -> String {
    match jwk.thumbprint() {
        None => "-".to_owned(),
        Some(thumbprint) if kid == Some(thumbprint.as_str()) => "is the kid".to_owned(),
        Some(thumbprint) => thumbprint,
    }
}

/// Which half of a key the material is.
pub(super) fn half(material: &Material) -> &'static str {
    match material {
        Material::Public(_) => "public",
        Material::Pair(..) => "private",
        Material::Symmetric(_) => "secret",
    }
}
