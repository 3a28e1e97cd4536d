//! `jwks rotate`.

mod published;
mod view;

use zeroize::Zeroizing;

use crate::cli::{ReportFormat, RotateArgs};
use crate::commands::source::{self, Location};
use crate::commands::{tell, warn};
use crate::context::{Audience, Context, Existing};
use crate::core::detect::quoted_path;
use crate::core::json::{self, RawObject, array};
use crate::core::jwk::{Jwk, Parameters, PrivateJwk};
use crate::core::jwks::{self, Form, JwkSet, SET_LIMIT};
use crate::core::lifecycle::{
    Plan, Refusal, RotationPolicy, State, apply, plan, postpone, published, states,
};
use crate::core::new_key::{kid_rule_of, make, shape_like};
use crate::core::time::NumericDate;
use crate::error::{CommandError, Exit};
use crate::output::paint::Paint;
use crate::output::rotation::RotationView;
use published::{PublishedBefore, published_before};
use view::view;

/// Starts a rotation.
///
/// The private file is written before the public one, so that a crash between the two never leaves a
/// published key without its private half. The next call then publishes, and puts off the takeover
/// of a key that consumers could not know in time.
///
/// # Errors
/// The file cannot be read or written, or the rotation is refused.
pub fn run(arguments: &RotateArgs, context: &mut Context<'_>) -> Result<Exit, CommandError> {
    let now = NumericDate::from_seconds(context.time(arguments.at.as_deref())?.seconds());
    // Held until the end: nobody else changes the files between reading and writing.
    let _lock = context.files.lock(&arguments.file)?;
    let location = Location::File(arguments.file.clone());
    let document = source::read_local(context, &location, SET_LIMIT)?;
    let set = source::keys(&document)?;
    warn_of_unusable_keys(context, &set);
    let published_before = match &arguments.public {
        None => None,
        Some(path) => published_before(arguments, context, &set, path, now)?,
    };
    let policy = RotationPolicy {
        cache_ttl: arguments.cache_ttl,
        token_lifetime: arguments.token_lifetime,
        margin: arguments.margin,
    };
    let rotation = Rotation {
        arguments,
        set: &set,
        policy,
        published_before,
        now,
    };
    match plan(&set, &policy, now) {
        Ok(plan) => rotation.start(context, &plan),
        Err(refusal) => Err(rotation.refuse(context, &refusal)),
    }
}

struct Rotation<'r> {
    arguments: &'r RotateArgs,
    set: &'r JwkSet,
    policy: RotationPolicy,
    published_before: Option<PublishedBefore>,
    now: NumericDate,
}

impl Rotation<'_> {
    fn start(&self, context: &mut Context<'_>, plan: &Plan) -> Result<Exit, CommandError> {
        if self.arguments.dry_run {
            return self.show(context, &view(self.set, plan, &[], true, self.now));
        }
        self.warn_of_unpublished_keys(context);
        let new_keys = successors(self.set, plan, self.now)?;
        self.write(context, &apply(self.set, plan, &new_keys))?;
        self.show(context, &view(self.set, plan, &new_keys, false, self.now))
    }

    fn refuse(&self, context: &mut Context<'_>, refusal: &Refusal) -> CommandError {
        let error = |code, exit, refusal: &Refusal| {
            let message = format!(
                "cannot rotate {}: {refusal}",
                quoted_path(&self.arguments.file)
            );
            CommandError::new(code, exit, message)
        };
        match refusal {
            Refusal::UnderWay { .. } => {
                let healed = match self.heal(context) {
                    Err(error) => return error,
                    Ok(healed) => healed,
                };
                let refusal = healed.as_ref().unwrap_or(refusal);
                let refused = error("rotation-under-way", Exit::No, refusal);
                match refusal {
                    Refusal::UnderWay { activates, .. } => refused.hint(format!(
                        "the next rotation is safe from {activates} on ({})",
                        activates.relative_to(self.now)
                    )),
                    _ => refused,
                }
            }
            Refusal::PublicKeys(_) => error("public-key", Exit::File, refusal)
                .hint("rotate the private file, and let --public write the published one"),
            Refusal::NothingToRotate => error("nothing-to-rotate", Exit::File, refusal),
        }
    }

    /// Makes good what an earlier call, which stopped before it published, has left undone. Gives the
    /// refusal as it is afterwards, when a takeover had to be put off for it.
    fn heal(&self, context: &mut Context<'_>) -> Result<Option<Refusal>, CommandError> {
        if self.arguments.dry_run || self.arguments.public.is_none() {
            return Ok(None);
        }
        self.warn_of_unpublished_keys(context);
        let was_published = |jwk: &Jwk| {
            let before = self.published_before.as_ref();
            before.is_some_and(|before| before.holds(jwk))
        };
        let Some(postponement) = postpone(self.set, &self.policy, self.now, was_published) else {
            let published = self.published_text(self.set)?;
            self.publish(context, published)?;
            return Ok(None);
        };
        let after = self.write(context, &postponement.keys)?;
        let text = format!(
            "{} was not published in time; its takeover is put off to {}",
            postponement.labels.join(", "),
            postponement.activates
        );
        warn(context, &text);
        Ok(plan(&after, &self.policy, self.now).err())
    }

    /// A key that signs although nobody could know it: nothing can be put off any more.
    fn warn_of_unpublished_keys(&self, context: &mut Context<'_>) {
        let Some(before) = &self.published_before else {
            return;
        };
        let states = states(self.set, self.now);
        for entry in self.set.entries().iter() {
            let unknown = entry.usable().is_some_and(|jwk| !before.holds(jwk));
            if unknown && states[entry.index()] == State::Active {
                let text = format!(
                    "{} signs already and was not published until now: consumers refuse its tokens until they fetch the set again",
                    entry.label()
                );
                warn(context, &text);
            }
        }
    }

    /// Writes the private file with these keys, then the published one. Both are made, and the private
    /// one read again, before either is written: no set is left behind that the next call could not
    /// read, and none that could not be published.
    fn write(&self, context: &mut Context<'_>, keys: &[RawObject]) -> Result<JwkSet, CommandError> {
        let name = quoted_path(&self.arguments.file);
        let file = document(&with_keys(self.set, keys), &name)?;
        let after = JwkSet::read(file.as_bytes()).map_err(|fault| {
            let context = format!("{name} could not be read again after the rotation");
            CommandError::from_failure(Exit::File, context, &fault.failure)
        })?;
        let published = self.published_text(&after)?;
        context.files.write(
            &self.arguments.file,
            file.as_bytes(),
            Audience::Keepers,
            Existing::Replace,
        )?;
        self.publish(context, published)?;
        Ok(after)
    }

    /// The published set of `set`, when one is asked for.
    fn published_text(&self, set: &JwkSet) -> Result<Option<Zeroizing<String>>, CommandError> {
        let Some(path) = &self.arguments.public else {
            return Ok(None);
        };
        // Symmetric keys have been refused before.
        let keys = published(set, self.now).unwrap_or_default();
        document(&jwks::document(&keys), &quoted_path(path)).map(Some)
    }

    /// Writes the published set when it differs from what is there.
    fn publish(
        &self,
        context: &mut Context<'_>,
        text: Option<Zeroizing<String>>,
    ) -> Result<(), CommandError> {
        let (Some(path), Some(text)) = (&self.arguments.public, text) else {
            return Ok(());
        };
        let before = self.published_before.as_ref();
        if before.is_some_and(|before| before.bytes == text.as_bytes()) {
            return Ok(());
        }
        context
            .files
            .write(path, text.as_bytes(), Audience::Everyone, Existing::Replace)?;
        let line = format!("wrote the published set to {}", quoted_path(path));
        tell(context, &line);
        Ok(())
    }

    fn show(&self, context: &mut Context<'_>, view: &RotationView) -> Result<Exit, CommandError> {
        let text = match self.arguments.format {
            ReportFormat::Json => view.report(),
            ReportFormat::Text => {
                let paint = Paint::new(context.stdout.color);
                view.text(self.now, context.stdout.width, paint)
            }
        };
        context.report(text.as_bytes())?;
        Ok(Exit::Success)
    }
}

/// A key that cannot be used stays in the file as it is and is not published, which its owner may
/// not expect.
fn warn_of_unusable_keys(context: &mut Context<'_>, set: &JwkSet) {
    for entry in set.entries().iter().filter(|entry| !entry.is_revoked()) {
        if let Some(fault) = entry.faults().first() {
            let text = format!(
                "{} is left as it is and not published: {}",
                entry.label(),
                fault.failure
            );
            warn(context, &text);
        }
    }
}

fn successors(
    set: &JwkSet,
    plan: &Plan,
    now: NumericDate,
) -> Result<Vec<PrivateJwk>, CommandError> {
    let failed =
        |failure| CommandError::from_failure(Exit::File, "cannot make the new key", &failure);
    plan.successors
        .iter()
        .filter_map(|successor| {
            let like = set.entries().get(successor.like)?.usable()?;
            Some((successor, like))
        })
        .map(|(successor, like)| {
            let own = like.parameters();
            let parameters = Parameters {
                alg: own.alg.clone(),
                key_use: own.key_use.clone(),
                key_ops: own.key_ops.clone(),
                iat: Some(now),
                nbf: Some(successor.activates),
                ..Parameters::default()
            };
            let shape = shape_like(like.material()).map_err(failed)?;
            make(shape, parameters, &kid_rule_of(like)).map_err(failed)
        })
        .collect()
}

/// The contents of a file: laid out where that is short enough to be read again, else on one line.
fn document(json: &str, name: &str) -> Result<Zeroizing<String>, CommandError> {
    let laid_out = json::document(json);
    if laid_out.len() <= SET_LIMIT {
        return Ok(laid_out);
    }
    let line = json::line(json);
    if line.len() <= SET_LIMIT {
        return Ok(line);
    }
    let message = format!("{name} would become longer than {SET_LIMIT} bytes");
    Err(CommandError::new("input-too-large", Exit::File, message))
}

/// The document of `set` with other keys.
fn with_keys(set: &JwkSet, keys: &[RawObject]) -> Zeroizing<String> {
    match set.form() {
        Form::Array => array(keys),
        // One key has become several, which only a set can hold.
        Form::Jwk => jwks::document(keys),
        Form::Jwks => {
            let mut members = set.members().clone();
            members.set_raw("keys", array(keys).as_str());
            members.to_json()
        }
    }
}
