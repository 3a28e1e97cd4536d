//! Sound keys, in every command that is not to print them.

use std::thread;

use jwks_cli::core::jwk::PrivateJwk;
use jwks_cli::core::jwks::JwkSet;
use jwks_cli::core::key::{Material, Secret};

use super::keys::{ALGORITHMS, Key, watch_of};
use crate::support::place::Place;
use crate::support::watch::PRIVATE_MEMBERS;
use crate::support::{Jwks, Run};

/// Does the same with a key of each algorithm.
fn with_each_key(work: fn(&Key)) {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for chunk in ALGORITHMS.chunks(ALGORITHMS.len().div_ceil(workers)) {
            scope.spawn(move || chunk.iter().for_each(|algorithm| work(&Key::of(algorithm))));
        }
    });
}

fn inspections(key: &Key) -> Vec<Run> {
    let inspect = |options: &[&str]| {
        let call = Place::jwks("inspect").env("RUST_LOG", "trace");
        call.arg(key.file()).args(options).run()
    };
    vec![
        inspect(&[]),
        inspect(&["--published", "--fail-on=info"]),
        inspect(&["--format=json", "--published"]),
        inspect(&["--format=sarif", "--published"]),
        inspect(&["--format=junit", "--published"]),
        inspect(&["--format=github", "--published"]),
        inspect(&["--format=gitlab", "--published"]),
        inspect(&["--color=always"]),
    ]
}

#[test]
fn inspect_shows_no_secret() {
    with_each_key(|key| {
        for run in inspections(key) {
            key.watch().sees_nothing_in(&run, &key.algorithm);
        }
    });
}

#[test]
fn verify_shows_no_secret() {
    with_each_key(|key| {
        key.place.write("foreign", "eyJhbGciOiJub25lIn0.e30.AA");
        let changed = key.place.read("token").replacen("eyJ", "eyK", 1);
        key.place.write("changed", changed);
        // A secret in the place of a token is a mistake that happens.
        let watch = key.watch();
        for token in ["token", "foreign", "changed", "key.json"] {
            for options in [
                &[][..],
                &["--format=json"],
                &["--explain", "--iss=a", "--typ=x"],
            ] {
                let run = key.verify(token, options);
                watch.sees_nothing_in(&run, &format!("{} {token}", key.algorithm));
            }
        }
    });
}

#[test]
fn sign_shows_no_secret_but_in_what_it_made_of_it() {
    with_each_key(|key| {
        let watch = key.watch();
        for options in [
            &[][..],
            &["--kid=nobody"],
            &["--kid=one", "--claim=a=b", "--header=x=y"],
            &["--alg=RS256"],
            &["--alg=HS256"],
            &["--claim=exp=never"],
            &["--header=alg=none"],
            &["--claims=/nowhere"],
            &["--nonsense"],
        ] {
            let run = key.sign(options);
            watch.sees_nothing_in(&run, &format!("{} {options:?}", key.algorithm));
        }
    });
}

#[test]
fn rotate_shows_neither_the_old_secret_nor_the_new_one() {
    with_each_key(|key| {
        let rotate = |options: &[&str]| {
            let call = Place::jwks("rotate").arg(key.file()).args(options);
            call.env("RUST_BACKTRACE", "full").run()
        };
        let mut runs = vec![
            rotate(&["--dry-run"]),
            rotate(&["--dry-run", "--format=json"]),
            rotate(&["--margin=soon"]),
            rotate(&["--format=json"]),
            rotate(&[]),
            rotate(&["--format=json"]),
        ];
        runs.push(Place::jwks("inspect").arg(key.file()).run());
        let watch = watch_of(&key.place.json("key.json"));
        for run in runs {
            watch.sees_nothing_in(&run, &key.algorithm);
        }
    });
}

#[test]
fn published_files_hold_no_secret() {
    with_each_key(|key| {
        let symmetric = key.algorithm.starts_with("HS");
        let generated = Jwks::new("generate")
            .args(["--alg", &key.algorithm, "-o"])
            .arg(key.place.path("new.json"))
            .arg("-p")
            .arg(key.place.path("new-public.json"))
            .run();
        let rotated = Place::jwks("rotate")
            .arg(key.file())
            .arg("-p")
            .arg(key.place.path("rotated-public.json"))
            .run();
        for (run, private, public) in [
            (generated, "new.json", "new-public.json"),
            (rotated, "key.json", "rotated-public.json"),
        ] {
            if symmetric {
                assert_ne!(run.exit, Some(0), "{}", key.algorithm);
                assert!(!key.place.path(public).exists(), "{}", key.algorithm);
                continue;
            }
            let watch = watch_of(&key.place.json(private));
            watch.sees_nothing_in(run.succeeds(), &key.algorithm);
            let text = key.place.read(public);
            assert!(!watch.sees(text.as_bytes()), "{} leaks", key.algorithm);
            for name in PRIVATE_MEMBERS {
                assert!(
                    !text.contains(&format!("\"{name}\"")),
                    "{}: {name}",
                    key.algorithm
                );
            }
        }
    });
}

#[test]
fn generate_tells_nothing_of_a_key_that_goes_into_a_file() {
    with_each_key(|key| {
        let generate = |force: &[&str]| {
            let call = Jwks::new("generate")
                .args(["--alg", &key.algorithm])
                .args(force);
            call.arg("-o").arg(key.file()).run()
        };
        let old = key.watch();
        let refused = generate(&[]);
        old.sees_nothing_in(refused.fails(3, "file-exists"), &key.algorithm);
        let made = generate(&["--force"]);
        old.sees_nothing_in(made.succeeds(), &key.algorithm);
        watch_of(&key.place.json("key.json")).sees_nothing_in(&made, &key.algorithm);
        assert_eq!(made.text(), "");
    });
}

#[test]
fn values_of_the_library_hide_their_secrets_when_they_are_printed() {
    with_each_key(|key| {
        let watch = key.watch();
        let set = JwkSet::read(key.text().as_bytes()).expect("a key");
        let entry = set.entries().get(0).expect("an entry");
        let jwk = entry.jwk().expect("a key");
        let private = PrivateJwk::new(jwk.clone()).expect("a private key");
        let material = jwk.material();
        let mut shown =
            format!("{jwk:?} {jwk:#?} {private:?} {private:#?} {material:?} {material:#?}");
        if let Material::Pair(_, half) = material {
            shown.push_str(&format!("{half:?} {half:#?}"));
        }
        if let Material::Symmetric(secret) = material {
            let secret: &Secret = secret;
            shown.push_str(&format!("{secret:?} {secret:#?}"));
        }
        shown.push_str(&format!("{:?}", jwk.clone().into_kind()));
        shown.push_str(&format!("{:?}", jwk.to_public()));
        assert!(!watch.sees(shown.as_bytes()), "{} leaks", key.algorithm);
    });
}
