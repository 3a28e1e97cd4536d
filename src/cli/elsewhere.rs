//! What other tools call things, for people who come from them.

/// What other tools call a command, and what it is here.
pub(super) const COMMANDS_ELSEWHERE: &[(&str, &[&str])] = &[
    (
        "generate",
        &["keygen", "create", "new", "make", "genkey", "add"],
    ),
    (
        "inspect",
        &[
            "decode", "show", "view", "lint", "print", "parse", "list", "dump", "info",
        ],
    ),
    ("fetch", &["get", "download", "pull", "discover"]),
    ("verify", &["validate", "check", "test"]),
    ("sign", &["encode", "mint", "issue"]),
    ("rotate", &["roll", "rollover", "renew", "revoke", "retire"]),
    (
        "convert",
        &[
            "export",
            "import",
            "merge",
            "split",
            "public",
            "thumbprint",
            "transform",
            "encrypt",
        ],
    ),
    ("diff", &["compare", "cmp"]),
    ("help", &["man", "usage"]),
];

/// What other tools call an option, and what it is here.
pub(super) const OPTIONS_ELSEWHERE: &[(&str, &[&str])] = &[
    (
        "jwks",
        &[
            "key",
            "keys",
            "jwk",
            "keyset",
            "public-key",
            "private-key",
            "secret",
        ],
    ),
    ("alg", &["kty", "type"]),
    ("size", &["bits"]),
    ("curve", &["crv"]),
    ("exp", &["ttl", "lifetime", "valid-for"]),
    (
        "passphrase-file",
        &["password", "password-file", "passphrase"],
    ),
    ("output", &["file", "save"]),
    ("allow-http", &["insecure"]),
    ("at", &["now", "time"]),
    ("format", &["json"]),
];

/// Options of other tools for what is an argument of its own here.
pub(super) const ARGUMENTS_ELSEWHERE: &[&str] = &[
    "token", "jwt", "jwks", "jwk", "key", "keys", "file", "source", "url", "uri", "set", "input",
    "in", "issuer", "shell", "old", "new",
];

/// What the word of another tool is called here.
pub(super) fn word_here(word: &str, table: &[(&'static str, &[&str])]) -> Option<&'static str> {
    let word = word.to_ascii_lowercase().replace('_', "-");
    table
        .iter()
        .find(|(_, elsewhere)| elsewhere.contains(&word.as_str()))
        .map(|&(own, _)| own)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;
    use crate::cli::command::COMMANDS;

    #[test]
    fn words_of_other_tools_lead_to_what_exists() {
        let commands: Vec<&str> = COMMANDS.iter().map(|&(name, _)| name).collect();
        for (own, elsewhere) in COMMANDS_ELSEWHERE {
            assert!(commands.contains(own), "{own}");
            for word in *elsewhere {
                assert!(!commands.contains(word), "{word}");
            }
        }
        let mut program = Cli::command();
        program.build();
        for (own, _) in OPTIONS_ELSEWHERE {
            let has = |command: &clap::Command| {
                command
                    .get_arguments()
                    .any(|argument| argument.get_long() == Some(own))
            };
            assert!(program.get_subcommands().any(has), "--{own}");
        }
    }
}
