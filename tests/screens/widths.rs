//! Every screen fits its terminal, and shows what the locale can.

use crate::support::place::{AT, Place};
use crate::support::terminal::Setting;
use crate::support::{Jwks, Run};

/// Names that are as long as those of real keys.
const LONG: &str = "https://issuer.example/keys/2027-01-15/signing";

/// A set with findings of every severity, the name of whose key is not ASCII.
const FAULTY: &str = r#"{"keys":[
  {"kty":"EC","crv":"P-256","alg":"ES384","use":"signature","kid":"Schlüssel-2027-01-15-von-issuer.example",
   "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
  {"kty":"RSA","n":"AQAB","e":"AQAB","kid":"Schlüssel-2027-01-15-von-issuer.example"}
]}"#;

/// A folder with keys, sets, a token of many claims and a log.
fn place() -> Place {
    let place = Place::with_key();
    let run = |arguments: &[&str]| {
        let run = run(&place, arguments);
        run.succeeds();
        run
    };
    run(&[
        "generate",
        "--alg",
        "ES256",
        "--kid",
        LONG,
        "--at",
        AT,
        "-o",
        "long.json",
        "-p",
        "long-public.json",
    ]);
    let claims = [
        "--iss",
        LONG,
        "--aud",
        LONG,
        "--claim",
        "name=Jürgen Großmann aus Köln",
    ];
    let mut sign = vec!["sign", "--jwks", "long.json", "--at", AT];
    sign.extend(claims);
    let signed = run(&sign);
    place.write("long-token", signed.text());
    place.write("log", format!("{}no token\n", signed.text()));
    place.write("faulty.json", FAULTY);
    place
}

/// A run without a terminal.
fn run(place: &Place, arguments: &[&str]) -> Run {
    let (command, rest) = arguments.split_first().expect("a command");
    Jwks::new(command).args(rest).folder(place.path("")).run()
}

/// What a person sees of a run on a terminal of so many columns.
fn screen(place: &Place, arguments: &[&str], columns: u16, locale: &str) -> String {
    let setting = Setting::new(arguments)
        .folder(place.path(""))
        .size(24, columns)
        .env("LANG", locale)
        .env("NO_COLOR", "1");
    setting.run().finish().shown.replace("\r\n", "\n")
}

const SCREENS: &[&[&str]] = &[
    &[
        "generate",
        "--alg",
        "ES256",
        "-o",
        "new-key-of-the-issuer.json",
        "-p",
        "new-key-set-of-the-issuer.json",
    ],
    &["generate", "--alg", "ES257"],
    &[
        "verify",
        "token",
        "--jwks",
        "public.json",
        "--leeway",
        "fünf Minuten",
    ],
    &[
        "inspect",
        "faulty.json",
        "--fail-on",
        "whatever is no längerer word for a severity of findings",
    ],
    &[
        "generate",
        "--alg",
        "HS256",
        "-p",
        "public-half-of-a-symmetric-key.json",
        "-o",
        "x.json",
    ],
    &["inspect", "long.json"],
    &["inspect", "--published", "long-public.json"],
    &["inspect", "faulty.json", "--at", AT],
    &["inspect", "long-token", "--at", AT],
    &["inspect", "--rules"],
    &[
        "inspect",
        "nowhere/to/be/found/in/this/folder/or/any/other/jwks.json",
    ],
    &["verify", "token", "--jwks", "public.json", "--at", AT],
    &[
        "verify",
        "token",
        "--jwks",
        "public.json",
        "--at",
        AT,
        "--explain",
    ],
    &[
        "verify",
        "token",
        "--jwks",
        "long-public.json",
        "--at",
        "2101-01-01T00:00:00Z",
        "--aud",
        LONG,
    ],
    &[
        "verify",
        "long-token",
        "--jwks",
        "long-public.json",
        "--at",
        "2101-01-01T00:00:00Z",
        "--explain",
    ],
    &["verify", "token", "--jwks", "token"],
    &["sign", "--jwks", "public.json"],
    &[
        "rotate",
        "long.json",
        "--public",
        "long-public.json",
        "--at",
        AT,
        "--dry-run",
    ],
    &["rotate", "key.json", "--at", AT],
    &["rotate", "key.json", "--at", AT],
    &["rotate", "key.json", "--at", AT, "--revoke", "one", "--yes"],
    &["diff", "public.json", "long-public.json"],
    &["convert", "long.json", "--public", "--to", "thumbprint"],
    &["convert", "faulty.json", "--to", "pem"],
    &[
        "fetch",
        "http://keys.issuer.example/where/no/key/set/is/ever/fetched/from",
    ],
    &[
        "fetch",
        "https://127.0.0.1:9/where/no/server/listens/whatever/it/is/asked",
        "--retries",
        "0",
    ],
    &["help"],
    &["help", "environment"],
    &["rotate", "--help"],
];

/// Words that fill most of a line are not broken: a name, a URL, what is there to be copied.
fn has_long_word(line: &str, columns: usize) -> bool {
    const LONGEST: usize = 40;
    let mut pieces = line.split('`').enumerate();
    pieces.any(|(index, piece)| {
        let is_quoted = index % 2 == 1;
        let mut words = piece.split(' ');
        (is_quoted && piece.len() > columns - LONGEST)
            || words.any(|word| word.len() > columns - LONGEST)
    })
}

#[test]
fn every_screen_fits_eighty_columns_and_shows_ascii_in_an_old_locale() {
    const COLUMNS: u16 = 80;
    let place = place();
    for arguments in SCREENS {
        let shown = screen(&place, arguments, COLUMNS, "C");
        assert_ne!(shown, "", "{arguments:?}");
        assert!(shown.is_ascii(), "{arguments:?}\n{shown}");
        assert!(!shown.contains('\u{1b}'), "{arguments:?}\n{shown}");
        for line in shown.lines() {
            let fits = line.len() <= usize::from(COLUMNS);
            assert!(
                fits || has_long_word(line, COLUMNS.into()),
                "{arguments:?}\n{line}"
            );
        }
    }
}

#[test]
fn names_are_shown_as_they_are_where_the_locale_has_their_letters() {
    let place = place();
    let utf8 = screen(&place, &["inspect", "faulty.json"], 80, "C.UTF-8");
    assert!(utf8.contains("Schlüssel"), "{utf8}");
    let ascii = screen(&place, &["inspect", "faulty.json"], 80, "C");
    assert!(ascii.contains("Schl\\u{fc}ssel"), "{ascii}");
}

#[test]
fn results_are_never_broken_or_escaped_on_the_way_to_a_program() {
    let place = place();
    let arguments = [
        "verify",
        "long-token",
        "--jwks",
        "long-public.json",
        "--at",
        AT,
    ];
    let setting = Setting::new(arguments)
        .folder(place.path(""))
        .env("LANG", "C");
    let ended = setting.pipe_output().run().finish();
    let claims = String::from_utf8(ended.output).expect("claims");
    assert_eq!(claims.lines().count(), 1);
    assert!(claims.contains("Jürgen Großmann aus Köln"), "{claims}");
    let piped = run(&place, &["inspect", "faulty.json"]);
    assert!(piped.text().lines().any(|line| line.len() > 80));
    assert!(piped.text().contains("Schlüssel"));
}
