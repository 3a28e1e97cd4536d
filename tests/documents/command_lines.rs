//! What the documents say to type is what the command line takes.

use clap::{Command, CommandFactory, Parser};
use jwks_cli::cli::Cli;

use super::document::{Block, documents, require_none};

/// Options of other programs that the documents name.
const OPTIONS_OF_OTHERS: [&str; 7] = [
    "--no-default-features",
    "--files",
    "--service-account-extend-token-expiration",
    "--service-account-jwks-uri",
    "--service-account-key-file",
    "--service-account-max-token-expiration",
    "--service-account-signing-key-file",
];

/// Fewer commands than this in all blocks mean that reading them went wrong.
const LEAST_COMMANDS: usize = 60;

#[test]
fn every_command_in_a_block_can_be_parsed() {
    let (mut count, mut complaints) = (0, Vec::new());
    for document in documents() {
        for block in document.blocks() {
            for line in command_lines(&block) {
                count += 1;
                let refusal = Cli::try_parse_from(words(&line))
                    .err()
                    .filter(clap::Error::use_stderr);
                let at = format!("{}:{}: {line}", document.name, block.lines.start + 1);
                complaints.extend(refusal.map(|error| format!("{at}\n{error}")));
            }
        }
    }
    require_none(&complaints);
    assert!(count > LEAST_COMMANDS, "only {count} commands");
}

/// The calls of the program in a block, up to where the shell goes on with something else.
fn command_lines(block: &Block) -> Vec<String> {
    let joined = block.content.replace("\\\n", " ");
    let mut found = Vec::new();
    for line in joined.lines() {
        // In a text there are outputs as well, which may name a command.
        if block.language == "text" && !line.starts_with("jwks ") {
            continue;
        }
        for (start, _) in line.match_indices("jwks ") {
            let before = line[..start].chars().next_back();
            if before.is_none_or(|character| " '\"(`".contains(character)) {
                let quote = before.filter(|character| "'\"".contains(*character));
                let rest = &line[start..];
                let end = quote
                    .and_then(|quote| rest.find(quote))
                    .unwrap_or(rest.len());
                // pre-commit adds the names of the files.
                let files = if line.trim_start().starts_with("entry: ") {
                    " FILE"
                } else {
                    ""
                };
                let call = format!("{}{files}", &rest[..end]);
                found.extend(Some(call).filter(|call| is_call(call)));
            }
        }
    }
    found
}

/// True where a command follows the name of the program.
fn is_call(text: &str) -> bool {
    let word = text.split_whitespace().nth(1).unwrap_or_default();
    Cli::command().find_subcommand(word).is_some()
}

/// The words as a shell makes them, up to an unquoted operator.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut depth = 0;
    for character in line.chars() {
        match (quote, character) {
            (Some(open), _) if open == character && depth == 0 => quote = None,
            (Some(_), _) => {
                depth += i32::from(character == '(') - i32::from(character == ')');
                word.get_or_insert_default().push(character);
            }
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, '|' | '>' | '<' | '&' | ';' | ')') => break,
            (None, ' ') => words.extend(word.take()),
            (None, _) => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

#[test]
fn every_command_and_option_in_the_prose_exists() {
    let mut program = Cli::command();
    // Puts the global options into every command.
    program.build();
    let mut complaints = Vec::new();
    for document in documents() {
        for code in document.inline_code() {
            let complaint = complaint(&program, &code);
            complaints.extend(complaint.map(|what| format!("{}: `{code}`: {what}", document.name)));
        }
    }
    require_none(&complaints);
}

/// What of the code the command line does not know.
fn complaint(program: &Command, code: &str) -> Option<String> {
    let code = code.split(" | ").next().unwrap_or_default();
    let Some(call) = code.strip_prefix("jwks ") else {
        return match code
            .split_once(' ')
            .map(|(name, _)| program.find_subcommand(name))
        {
            _ if code.starts_with("--") => unknown_option(program, code),
            Some(Some(command)) => unknown_option_of(command, code),
            _ => None,
        };
    };
    let mut words = call.split_whitespace();
    let name = words.next().unwrap_or_default();
    if is_placeholder(name) || name.starts_with("--") {
        return unknown_option_of(program, call);
    }
    let Some(command) = program.find_subcommand(name) else {
        return Some(format!("there is no command {name}"));
    };
    match words.next() {
        Some(topic) if name == "help" => unknown_topic(topic),
        _ => unknown_option_of(command, call),
    }
}

/// True of what everyone has a word of their own for.
fn is_placeholder(word: &str) -> bool {
    word.chars().all(|character| character.is_ascii_uppercase())
}

fn unknown_topic(topic: &str) -> Option<String> {
    let is_known = Cli::try_parse_from(["jwks", "help", topic]).is_ok();
    (!is_known && !is_placeholder(topic)).then(|| format!("there is no help on {topic}"))
}

fn unknown_option_of(command: &Command, code: &str) -> Option<String> {
    let option = options(code).find(|option| !has(command, option))?;
    Some(format!("{} has no {option}", command.get_name()))
}

/// An option that neither a command has nor another program.
fn unknown_option(program: &Command, code: &str) -> Option<String> {
    let is_known = |option: &str| {
        program
            .get_subcommands()
            .any(|command| has(command, option))
            || OPTIONS_OF_OTHERS.contains(&option)
    };
    let option = options(code).find(|option| !is_known(option))?;
    Some(format!("there is no option {option}"))
}

fn options(code: &str) -> impl Iterator<Item = &str> {
    let words = code
        .split_whitespace()
        .filter(|word| word.starts_with("--") && word.len() > 2);
    words.map(|word| word.split(['=', ',']).next().unwrap_or(word))
}

fn has(command: &Command, option: &str) -> bool {
    let name = option.trim_start_matches('-');
    let mut arguments = command.get_arguments();
    arguments.any(|argument| argument.get_long() == Some(name))
}
