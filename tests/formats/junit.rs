//! JUnit XML, read by a parser that test tools use.

use junit_parser::{TestCase, TestStatus, TestSuites, from_reader};

use super::{MIXED, Told, all, faulty, inspect, place, told};
use crate::support::Run;

#[track_caller]
pub(crate) fn suites(run: &Run) -> TestSuites {
    let suites = from_reader(run.stdout.as_slice())
        .unwrap_or_else(|error| panic!("{error}: {}", run.text()));
    let count = |is_meant: fn(&TestStatus) -> bool| {
        let cases = suites.suites.iter().flat_map(|suite| &suite.cases);
        let count = cases.filter(|case| is_meant(&case.status)).count();
        u64::try_from(count).expect("a small number")
    };
    assert_eq!(suites.tests, count(|_| true));
    assert_eq!(suites.failures, count(TestStatus::is_failure));
    assert_eq!(suites.errors, count(TestStatus::is_error));
    let skipped = suites.suites.iter().map(|suite| suite.skipped).sum::<u64>();
    assert_eq!(skipped, count(TestStatus::is_skipped));
    suites
}

fn case<'s>(suites: &'s TestSuites, source: &str, rule: &str) -> &'s TestCase {
    suites
        .suites
        .iter()
        .filter(|suite| suite.name == source)
        .flat_map(|suite| &suite.cases)
        .find(|case| case.original_name == rule)
        .unwrap_or_else(|| panic!("no test {rule} in {source}"))
}

/// What the failure of the test says, below its head.
fn failure(case: &TestCase) -> &str {
    match &case.status {
        TestStatus::Failure(failure) => &failure.text,
        _ => "",
    }
}

fn remarks(case: &TestCase) -> &str {
    case.system_out.as_deref().unwrap_or_default()
}

/// How the line of a finding starts.
fn head(told: &Told) -> String {
    format!("{}:{}: {}: ", told.place[0], told.place[1], told.severity)
}

/// How many lines of the text tell of a finding.
fn lines(text: &str) -> usize {
    let lines = text.lines();
    lines.filter(|line| !line.starts_with(' ')).count()
}

#[test]
fn a_rule_fails_where_it_has_found_something() {
    let (place, names) = faulty();
    let arguments = all(&names);
    let suites = suites(&inspect(&place.path(""), "junit", &arguments));
    assert_eq!(suites.suites.len(), names.len());
    let told = told(&place.path(""), &arguments);
    for told in &told {
        let case = case(&suites, &told.source, &told.rule);
        let text = if told.severity == "info" {
            remarks(case)
        } else {
            failure(case)
        };
        assert!(
            text.lines().any(|line| line.starts_with(&head(told))),
            "{told:?}: {text}"
        );
    }
    let cases = suites.suites.iter().flat_map(|suite| &suite.cases);
    let lines: usize = cases
        .map(|case| lines(failure(case)) + lines(remarks(case)))
        .sum();
    assert_eq!(lines, told.len());
}

#[test]
fn the_threshold_is_that_of_the_command() {
    let place = place(MIXED);
    for (options, failing, exit) in [
        (&[][..], &["error", "warning"][..], 0),
        (&["--fail-on", "never"], &["error", "warning"], 0),
        (&["--fail-on", "error"], &["error"], 1),
        (&["--fail-on", "info"], &["error", "warning", "info"], 1),
    ] {
        let run = inspect(
            &place.path(""),
            "junit",
            &[&["jwks.json"], options].concat(),
        );
        assert_eq!(run.exit, Some(exit), "{options:?}");
        let suites = suites(&run);
        for (rule, severity) in [
            ("rsa-small", "error"),
            ("kid-confusable", "warning"),
            ("alg-missing", "info"),
        ] {
            let case = case(&suites, "jwks.json", rule);
            let fails = failing.contains(&severity);
            assert_eq!(case.status.is_failure(), fails, "{options:?} {rule}");
            assert_eq!(case.system_out.is_none(), fails, "{options:?} {rule}");
        }
    }
}

#[test]
fn a_suite_has_a_test_for_each_rule_that_applies() {
    let place = place(MIXED);
    let count = |options: &[&str]| {
        let run = inspect(
            &place.path(""),
            "junit",
            &[&["jwks.json"], options].concat(),
        );
        let suites = suites(&run);
        let [suite] = &suites.suites[..] else {
            panic!("one suite")
        };
        for case in &suite.cases {
            assert_eq!(case.classname.as_deref(), Some("jwks.json"));
        }
        let names = suite.cases.iter().map(|case| case.original_name.clone());
        names.collect::<Vec<String>>()
    };
    let (private, published) = (count(&[]), count(&["--published"]));
    assert!(!private.contains(&"private-member".to_owned()));
    assert!(published.contains(&"private-member".to_owned()));
    assert!(private.iter().all(|rule| published.contains(rule)));
    assert!(!published.contains(&"http-not-https".to_owned()));
}

#[test]
fn a_rule_that_is_ignored_is_skipped() {
    let place = place(MIXED);
    let options = [
        "jwks.json",
        "--ignore",
        "rsa-small",
        "--ignore",
        "kid-confusable=a",
    ];
    let suites = suites(&inspect(&place.path(""), "junit", &options));
    let status = |rule| &case(&suites, "jwks.json", rule).status;
    assert!(status("rsa-small").is_skipped());
    assert!(status("kid-confusable").is_failure());
    assert!(status("no-standby").is_success());
}

#[test]
fn what_cannot_be_read_is_a_suite_with_an_error() {
    let place = place(MIXED);
    for sources in [&["none.json", "jwks.json"][..], &["none.json"]] {
        let run = inspect(&place.path(""), "junit", sources);
        assert_eq!(run.exit, Some(3));
        let suites = suites(&run);
        assert_eq!(suites.suites.len(), sources.len());
        let TestStatus::Error(error) = &case(&suites, "none.json", "source").status else {
            panic!("no error: {}", run.text())
        };
        assert_eq!(error.error_type, "file-not-found");
        assert!(error.message.contains("\"none.json\""), "{}", error.message);
    }
}

/// A token that was given in the wrong place must not end in a report that others can read.
#[test]
fn an_argument_that_is_no_name_is_not_repeated() {
    let place = place(MIXED);
    let content = r#"{"kty":"oct","k":"c2VjcmV0"}"#;
    for format in ["sarif", "junit", "github", "gitlab"] {
        let run = inspect(&place.path(""), format, &[content, "jwks.json"]);
        assert_eq!(run.exit, Some(3));
        assert!(!run.text().contains("c2VjcmV0"), "{format}: {}", run.text());
    }
}
