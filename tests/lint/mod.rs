//! Each lint rule beside documents that were written for it: one that breaks it, and one as like it as
//! possible that does not.
//!
//! A file in tests/lint is named after its rule, `RULE.toml` or `RULE.VARIANT.toml`. Fields: `comment`,
//! `source`, `severity` and `place` (line and column) of the finding, `published`, `args`, `files`
//! (beside the document), `served` (how a server sends the two documents), `fails` and `passes`, and
//! what else may rightly be found in them, exactly: `also` and `rest`. A field of another name is an
//! error.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use jwks_cli::core::lint::{Rule, Scope, rules};
use serde::Deserialize;
use serde_json::Value;

use crate::support::place::AT;
use crate::support::repository::cases;
use crate::support::server::{Answer, Server};
use crate::support::tls::{Authority, LOOPBACK};
use crate::support::{Jwks, scratch};

/// Fewer files than this mean that some were lost.
const LEAST_CASES: usize = 250;
/// What is found everything beyond is examined for; no document tests it here.
const WITHOUT_CASES: [&str; 1] = ["arithmetic-skipped"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    comment: String,
    source: String,
    severity: String,
    place: String,
    #[serde(default)]
    published: bool,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    served: Option<ServedPair>,
    #[serde(default)]
    also: BTreeSet<String>,
    #[serde(default)]
    rest: BTreeSet<String>,
    fails: String,
    passes: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServedPair {
    fails: ServedAs,
    passes: ServedAs,
}

/// How a server sends a document; over TLS unless told. A header with line breaks stands once for each
/// line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServedAs {
    content_type: Option<String>,
    cache_control: Option<String>,
    etag: Option<String>,
    expires: Option<String>,
    https: Option<bool>,
    #[serde(default)]
    location_other_host: bool,
}

#[test]
fn every_rule_finds_what_it_is_for_and_nothing_like_it() {
    let files = cases("tests/lint");
    assert!(files.len() >= LEAST_CASES, "only {} cases", files.len());
    let authority = Authority::new();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let complaints: Vec<String> = thread::scope(|scope| {
        let chunks = files.chunks(files.len().div_ceil(workers));
        let workers: Vec<_> = chunks
            .map(|chunk| scope.spawn(|| complaints(chunk, &authority)))
            .collect();
        let ended = workers.into_iter().map(thread::ScopedJoinHandle::join);
        ended.flat_map(|found| found.expect("a worker")).collect()
    });
    let (wrong, list) = (complaints.len(), complaints.join("\n"));
    assert!(wrong == 0, "{wrong} of {}:\n{list}", files.len());
}

#[test]
fn every_rule_has_a_case_and_every_case_a_rule() {
    let cases: BTreeSet<String> = cases("tests/lint")
        .iter()
        .map(|path| rule_of(path))
        .collect();
    let rules: BTreeSet<String> = rules().map(|rule| rule.id.to_owned()).collect();
    let expected: BTreeSet<String> = rules
        .into_iter()
        .filter(|id| !WITHOUT_CASES.contains(&id.as_str()))
        .collect();
    assert_eq!(cases, expected);
}

#[test]
fn rules_are_distinct_and_tell_everything_of_themselves() {
    let mut ids = BTreeSet::new();
    for rule in rules() {
        assert!(ids.insert(rule.id), "{} stands twice", rule.id);
        let texts = [rule.title, rule.reason, rule.source, rule.fix];
        assert!(texts.iter().all(|text| text.len() > 3), "{}", rule.id);
        assert!(
            !rule.title.ends_with('.') && !rule.fix.ends_with('.'),
            "{}",
            rule.id
        );
    }
}

fn rule_of(path: &Path) -> String {
    let name = path.file_name().expect("a name").to_string_lossy();
    name.split('.').next().expect("a first part").to_owned()
}

fn complaints(files: &[PathBuf], authority: &Authority) -> Vec<String> {
    let one = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a case can be read");
        let problem = match toml::from_str::<Case>(&text) {
            Ok(case) => case.problem(&rule_of(path), authority)?,
            Err(error) => error.to_string(),
        };
        Some(format!("{}: {problem}", path.display()))
    };
    files.iter().filter_map(one).collect()
}

impl Case {
    /// What the binary does otherwise than the case says.
    fn problem(&self, id: &str, authority: &Authority) -> Option<String> {
        let rule: &Rule = match rules().find(|rule| rule.id == id) {
            Some(rule) => rule,
            None => return Some("there is no such rule".to_owned()),
        };
        if self.comment.is_empty() || self.source.is_empty() {
            return Some("it does not say where it comes from".to_owned());
        }
        if rule.scope == Scope::Fetched && self.served.is_none() {
            return Some("the rule is about answers of a server".to_owned());
        }
        let served = self.served.as_ref();
        let served_failing = served.map(|pair| &pair.fails);
        let failing = self.findings(&self.fails, served_failing, &[], authority);
        let own: Vec<&Value> = failing.iter().filter(|found| found["code"] == id).collect();
        let here = own.iter().any(|found| {
            let place = format!("{}:{}", found["line"], found["column"]);
            place == self.place && found["severity"] == self.severity.as_str()
        });
        if !here {
            return Some(format!(
                "no {} at {}: {failing:?}",
                self.severity, self.place
            ));
        }
        let others = codes(&failing, id);
        if others != self.also {
            return Some(format!("also finds {others:?}, not {:?}", self.also));
        }
        let only = ["--only", id];
        let alone = self.findings(&self.fails, served_failing, &only, authority);
        let alone = alone.iter().filter(|found| found["code"] == id);
        if !alone.map(place).eq(own.iter().copied().map(place)) {
            return Some("alone the rule does not find the same".to_owned());
        }
        let served_passing = served.map(|pair| &pair.passes);
        let passing = self.findings(&self.passes, served_passing, &[], authority);
        let rest = codes(&passing, "");
        (rest != self.rest)
            .then(|| format!("passes with {rest:?}, not {:?}: {passing:?}", self.rest))
    }

    fn findings(
        &self,
        document: &str,
        served: Option<&ServedAs>,
        options: &[&str],
        authority: &Authority,
    ) -> Vec<Value> {
        let place = scratch();
        for (name, content) in &self.files {
            fs::write(place.path().join(name), content).expect("a file is written");
        }
        let file = place.path().join("document");
        fs::write(&file, document).expect("the document is written");
        let certificate = place.path().join("authority.pem");
        fs::write(&certificate, authority.pem()).expect("the certificate is written");
        let server = served.map(|served| served.serve(document, authority));
        let mut run = Jwks::new("inspect").args(["--format", "json", "--at", AT]);
        run = match &server {
            Some((server, _)) => run
                .arg(server.url("/jwks"))
                .arg("--cacert")
                .arg(&certificate),
            None => run.arg(&file),
        };
        if self.published {
            run = run.arg("--published");
        }
        // Names of files in the arguments are those beside the document.
        let arguments = self.args.iter().map(|argument| {
            let beside = place.path().join(argument);
            if self.files.contains_key(argument) {
                beside.into_os_string()
            } else {
                argument.into()
            }
        });
        let run = run.args(options).args(arguments).run();
        let report: Value = serde_json::from_slice(&run.stdout)
            .unwrap_or_else(|error| panic!("no report: {error}: {run:?}"));
        report["findings"].as_array().expect("findings").clone()
    }
}

impl ServedAs {
    /// A server that sends the document so, and the one to which it redirects, if it does.
    fn serve(&self, document: &str, authority: &Authority) -> (Server, Option<Server>) {
        let mut answer = Answer::body(document);
        for (name, value) in [
            ("Content-Type", &self.content_type),
            ("Cache-Control", &self.cache_control),
            ("ETag", &self.etag),
            ("Expires", &self.expires),
        ] {
            for line in value.iter().flat_map(|value| value.lines()) {
                answer = answer.header(name, line);
            }
        }
        let start = |answer: Answer| {
            if self.https.unwrap_or(true) {
                Server::https(authority.vouch_for(&LOOPBACK), move |_| answer.clone())
            } else {
                Server::http(move |_| answer.clone())
            }
        };
        let server = start(answer);
        if !self.location_other_host {
            return (server, None);
        }
        // The same machine by another name is another host.
        let port = server.address().port();
        let first = start(Answer::redirect(&format!("https://localhost:{port}/jwks")));
        (first, Some(server))
    }
}

/// Where a finding is, and how bad, whatever the file is called.
fn place(found: &Value) -> [&Value; 4] {
    ["key", "line", "column", "severity"].map(|name| &found[name])
}

fn codes(findings: &[Value], but: &str) -> BTreeSet<String> {
    findings
        .iter()
        .filter_map(|found| found["code"].as_str())
        .filter(|code| *code != but)
        .map(str::to_owned)
        .collect()
}
