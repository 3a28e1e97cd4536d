//! The way from what the caller names to a key set. Each step is told.

use url::Url;

use super::fetcher::{Answer, Fetcher};
use super::status::{NOT_FOUND, require_success};
use super::{Remark, Source, parsed};
use crate::core::address::Zone;
use crate::core::detect::{Content, Other, detect};
use crate::core::discovery::{self, MetadataFault, is_loopback};
use crate::core::exposure::holds_secret;
use crate::core::failure::quoted;
use crate::core::json::read;
use crate::core::shell::typed;
use crate::error::{CommandError, Exit};

const DISCOVERY_FAILED: &str = "discovery-failed";

/// Where following metadata ended.
enum Follow {
    /// What is there is no metadata; another place may have it.
    NotThis(CommandError),
    /// It is metadata, and wrong: looking further would help an attacker.
    Fatal(CommandError),
}

/// What the caller names may be anywhere.
const NAMED: Option<Zone> = None;

/// What may have been meant by an issuer that has no metadata.
fn without_metadata(issuer: &Url) -> String {
    let given = typed(issuer.as_str(), "URL");
    match discovery::issuer_of_metadata_url(issuer) {
        Some(meant) => format!(
            "an issuer is named without its well-known path: give {}",
            typed(&meant, "what stands before it")
        ),
        None => format!(
            "where this is the URL of a key set, give it so: --jwks={given}, with the issuer's name in --iss"
        ),
    }
}

impl Fetcher {
    /// What a source holds.
    pub(super) fn fetch(
        &self,
        source: &Source,
        tell: &mut dyn FnMut(Remark),
    ) -> Result<Answer, CommandError> {
        match source {
            Source::Url(url) => self.fetch_keys(tell, url),
            Source::Issuer(issuer) => self.discover(tell, issuer),
        }
    }

    /// The key set of an issuer, by its metadata.
    fn discover(&self, tell: &mut dyn FnMut(Remark), issuer: &str) -> Result<Answer, CommandError> {
        let url = parsed(issuer)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(CommandError::usage(format!(
                "{} is no issuer: an issuer has neither query nor fragment",
                quoted(issuer)
            )));
        }
        let mut first_problem = None;
        let mut places = self.places(&url)?;
        while let Some(place) = places.next() {
            let metadata = match self.get(tell, &place, &url, NAMED) {
                Ok(metadata) => metadata,
                // Without a connection the other places are out of reach, too.
                Err(error) => {
                    let mut others = places.clone();
                    if others.any(|place| self.can_stand_in(&place, NAMED)) {
                        tell(Remark::Note(format!("discovery: {error}")));
                        continue;
                    }
                    return Err(error);
                }
            };
            let problem = match require_success(&metadata.response, place.as_str()) {
                Err(error) => error,
                Ok(()) => match self.follow(tell, &metadata, &[issuer], &url) {
                    Ok(keys) => return Ok(keys),
                    Err(Follow::Fatal(error)) => return Err(error),
                    Err(Follow::NotThis(error)) => error,
                },
            };
            tell(Remark::Note(format!("discovery: {problem}")));
            first_problem = first_problem.or(Some(problem));
        }
        let message = format!("no metadata of the issuer {} was found", quoted(issuer));
        let error = CommandError::new(DISCOVERY_FAILED, Exit::Network, message)
            .hint(without_metadata(&url));
        Err(match first_problem {
            Some(problem) => error.cause(problem),
            None => error,
        })
    }

    /// Where to look for metadata, in order. Where the cache has some that holds, the places in front of
    /// it had none when it was found: they are not asked again before its time is over.
    fn places(&self, issuer: &Url) -> Result<std::vec::IntoIter<Url>, CommandError> {
        let places: Vec<Url> = discovery::metadata_urls(issuer)
            .iter()
            .map(|place| parsed(place))
            .collect::<Result<_, _>>()?;
        let known = places.iter().position(|place| self.knows(place, NAMED));
        let mut places = places.into_iter();
        if let Some(before) = known.filter(|before| *before > 0) {
            places.nth(before - 1);
        }
        Ok(places)
    }

    /// The keys that metadata leads to. Where metadata of the cache leads to none any more, the issuer may
    /// have moved them: it is asked once more.
    fn follow(
        &self,
        tell: &mut dyn FnMut(Remark),
        metadata: &Answer,
        issuers: &[&str],
        meant_for: &Url,
    ) -> Result<Answer, Follow> {
        match self.keys_named_by(tell, metadata, issuers, meant_for) {
            Err(Follow::Fatal(error)) if error.code == NOT_FOUND && metadata.is_from_cache() => {
                tell(Remark::Note(format!("discovery: {error}")));
                self.forget(metadata);
                let place = &metadata.response.requested;
                let metadata = self.get(tell, place, meant_for, NAMED);
                let metadata = metadata.map_err(Follow::Fatal)?;
                require_success(&metadata.response, place.as_str()).map_err(Follow::Fatal)?;
                self.keys_named_by(tell, &metadata, issuers, meant_for)
            }
            result => result,
        }
    }

    fn keys_named_by(
        &self,
        tell: &mut dyn FnMut(Remark),
        metadata: &Answer,
        issuers: &[&str],
        meant_for: &Url,
    ) -> Result<Answer, Follow> {
        let document = &metadata.response;
        let at = quoted(&document.url);
        let uri = discovery::jwks_uri(&document.body, issuers).map_err(|fault| {
            self.forget(metadata);
            let error = |code| CommandError::new(code, Exit::Network, format!("{at}: {fault}"));
            match &fault {
                MetadataFault::NotMetadata(_) => Follow::NotThis(error(DISCOVERY_FAILED)),
                MetadataFault::NoJwksUri => Follow::Fatal(error(DISCOVERY_FAILED)),
                MetadataFault::IssuerMismatch { found, .. } => {
                    Follow::Fatal(error("discovery-issuer-mismatch").hint(format!(
                        "if {} is whom you mean, give that URL",
                        quoted(found)
                    )))
                }
            }
        })?;
        let url = self.named_by_metadata(&document.url, &uri);
        let url = url.map_err(Follow::Fatal)?;
        let shown = quoted(url.as_str());
        let where_from = if metadata.is_from_cache() {
            " (from the cache)"
        } else {
            ""
        };
        tell(Remark::Note(format!(
            "discovery: {at}{where_from} names the key set {shown}"
        )));
        let keys = self
            .get(tell, &url, meant_for, Some(document.zone))
            .map_err(Follow::Fatal)?;
        require_success(&keys.response, url.as_str()).map_err(Follow::Fatal)?;
        self.keep_public(metadata);
        self.keep_keys(&keys);
        Ok(keys)
    }

    /// What is wrong with a URL in metadata is the fault of the server and not of the caller. Plain
    /// http is for metadata that came so from this machine, or where the caller allows it.
    fn named_by_metadata(&self, metadata_url: &str, uri: &str) -> Result<Url, CommandError> {
        let at = quoted(metadata_url);
        let wrong = |code, problem: &str| {
            let message = format!("{at} names a \"jwks_uri\" that {problem}");
            CommandError::new(code, Exit::Network, message)
        };
        let url = parsed(uri).map_err(|_| wrong(DISCOVERY_FAILED, "is no usable URL"))?;
        let from_here = |url: &Url| url.scheme() == "http" && is_loopback(url);
        let stays_here = from_here(&url) && Url::parse(metadata_url).is_ok_and(|at| from_here(&at));
        match url.scheme() {
            "https" => Ok(url),
            "http" if stays_here || self.terms.allow_http => Ok(url),
            "http" => Err(wrong("http-not-https", "is not https")),
            _ => Err(wrong(DISCOVERY_FAILED, "is no usable URL")),
        }
    }

    /// The key set at `url`, which is that of a set, of an issuer's metadata, or of an issuer.
    fn fetch_keys(&self, tell: &mut dyn FnMut(Remark), url: &str) -> Result<Answer, CommandError> {
        let start = parsed(url)?;
        if let Some(issuer) = discovery::issuer_of_metadata_url(&start) {
            return self.fetch_named_by(tell, url, &start, &issuer);
        }
        if start.path() == "/" && start.query().is_none() {
            return self.discover(tell, url);
        }
        if self.is_known_issuer(&start)? {
            return self.discover(tell, url);
        }
        let direct = self.get(tell, &start, &start, NAMED)?;
        let verdict = require_success(&direct.response, url);
        // A page for people, and nothing at all, are what issuers have at their own URL.
        let may_be_issuer = direct.response.status == 404
            || (verdict.is_ok()
                && matches!(
                    detect(&direct.response.body),
                    Content::Other(Other::Html | Other::Empty)
                ));
        if !may_be_issuer || start.query().is_some() {
            verdict?;
            self.keep_keys(&direct);
            return Ok(direct);
        }
        self.forget(&direct);
        tell(Remark::Note(format!(
            "{} is no key set: trying it as an issuer",
            quoted(url)
        )));
        match self.discover(tell, url) {
            // What the caller named is what the error is about.
            Err(error) if error.code == DISCOVERY_FAILED => verdict.map(|()| direct),
            result => result,
        }
    }

    /// The set that the metadata at `start`, a well-known URL of `issuer`, names.
    fn fetch_named_by(
        &self,
        tell: &mut dyn FnMut(Remark),
        url: &str,
        start: &Url,
        issuer: &str,
    ) -> Result<Answer, CommandError> {
        let metadata = self.get(tell, start, start, NAMED)?;
        require_success(&metadata.response, url)?;
        // Some issuers serve their keys below the place of their metadata.
        if matches!(
            detect(&metadata.response.body),
            Content::Keys(_) | Content::BrokenSet(_)
        ) {
            self.keep_keys(&metadata);
            return Ok(metadata);
        }
        // OpenID Connect Discovery §4.1 takes a slash off the issuer before it appends, so both
        // forms have their metadata here.
        let issuers = [issuer, &format!("{issuer}/")];
        self.follow(tell, &metadata, &issuers, start)
            .map_err(|(Follow::NotThis(error) | Follow::Fatal(error))| error)
    }

    /// True when the cache has the metadata of `url`, and no set under `url` itself: what is there was no
    /// set when that was found.
    fn is_known_issuer(&self, url: &Url) -> Result<bool, CommandError> {
        if url.query().is_some() || self.knows(url, NAMED) {
            return Ok(false);
        }
        Ok(self.places(url)?.any(|place| self.knows(&place, NAMED)))
    }

    /// Keeps a set. A page that says something else for a while must not stay, and nobody's secrets may:
    /// then the set of before is not that of the server any more, either.
    fn keep_keys(&self, answer: &Answer) {
        if matches!(detect(&answer.response.body), Content::Keys(_)) {
            self.keep_public(answer);
        } else {
            self.forget(answer);
        }
    }

    /// Keeps what holds no secret.
    fn keep_public(&self, answer: &Answer) {
        if read(&answer.response.body).is_ok_and(|node| !holds_secret(&node)) {
            self.keep(answer);
        } else {
            self.forget(answer);
        }
    }
}
