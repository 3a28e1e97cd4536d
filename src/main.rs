//! The `jwks` program: parse the command line, build the real world, run the command.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where the real world is put together"
)]

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::error::ErrorKind;

use jwks_cli::cli::{self, ColorArg, Command, InspectFormat, Mistake, ReportFormat};
use jwks_cli::commands;
use jwks_cli::context::{Context, Person, Stream};
use jwks_cli::core::exposure::text_holds_secret;
use jwks_cli::edge::cache::RealCache;
use jwks_cli::edge::clock;
use jwks_cli::edge::console::RealConsole;
use jwks_cli::edge::files::RealFiles;
use jwks_cli::edge::http::RealNetwork;
use jwks_cli::edge::terminal::{ColorChoice, TerminalFacts, TerminalPerson};
use jwks_cli::error::{CommandError, Exit};
use jwks_cli::output::help;
use jwks_cli::output::message;
use jwks_cli::output::paint::Paint;

fn main() -> ExitCode {
    quiet_panics();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let facts = TerminalFacts::look();
    let parsed = cli::parse(&arguments, facts.width);
    let color = color_choice(match &parsed {
        Ok(cli) => cli.color,
        Err(_) => cli::color_of(&arguments),
    });
    let (mut stdout, mut stderr) = (io::stdout(), io::stderr());
    let stdout = facts.stdout(color, &mut stdout);
    let stderr = facts.stderr(color, &mut stderr);
    let exit = match parsed {
        Ok(cli) => {
            let person = (!cli.no_input).then(|| TerminalPerson::who_sees(&stderr, &facts));
            let person = person.flatten();
            let mut context = Context {
                clock: clock::now(),
                command_line: arguments.get(1..).unwrap_or_default(),
                stdin_is_terminal: facts.stdin_is_terminal,
                stdout,
                stderr,
                files: &RealFiles,
                network: Arc::new(RealNetwork::default()),
                cache: Arc::new(RealCache::of_the_environment()),
                console: &RealConsole {
                    shows_progress: facts.stderr_is_terminal && !facts.stdout_is_terminal,
                    started: Instant::now(),
                },
                person: person.as_ref().map(|person| person as &dyn Person),
            };
            run(&cli.command, &mut context)
                .unwrap_or_else(|error| fail(&cli.command, &mut context, &error))
        }
        Err(error) => answer(&error, &arguments, stdout, stderr),
    };
    ExitCode::from(exit as u8)
}

fn color_choice(argument: ColorArg) -> ColorChoice {
    match argument {
        ColorArg::Auto => ColorChoice::Auto,
        ColorArg::Always => ColorChoice::Always,
        ColorArg::Never => ColorChoice::Never,
    }
}

/// Answers a command line that names no command to run: with help, the version, or what is wrong. That
/// nobody reads it is no error.
fn answer(
    error: &clap::Error,
    arguments: &[OsString],
    mut stdout: Stream<'_>,
    mut stderr: Stream<'_>,
) -> Exit {
    let wrong = match error.kind() {
        ErrorKind::DisplayHelp if is_smuggled_help(arguments) => {
            CommandError::usage("help was asked for among other arguments: nothing was verified")
                .hint("`jwks help verify` shows it")
        }
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            match stdout.offer(help::page(&error.render(), stdout.color).as_bytes()) {
                Ok(_) => return Exit::Success,
                Err(fault) => fault,
            }
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            let text = help::page(&cli::summary(stderr.width), stderr.color);
            let _ = stderr.offer(text.as_bytes());
            return Exit::Usage;
        }
        _ if text_holds_secret(&error.render().to_string()) => CommandError::usage(
            "an argument holds a private key, and is none that belongs here: it is not repeated",
        ),
        _ => {
            let Mistake { message, hint } = Mistake::of(error, arguments);
            CommandError {
                hint,
                ..CommandError::usage(message)
            }
        }
    };
    let paint = Paint::new(stderr.color);
    stderr.say(&message::error(&wrong, paint));
    wrong.exit
}

/// True when `verify` was given more than a question for help. A script that passes a stranger's
/// token as an argument would otherwise take `--help`, which succeeds, for a valid token.
fn is_smuggled_help(arguments: &[OsString]) -> bool {
    const PROGRAM_COMMAND_AND_HELP: usize = 3;
    arguments.len() > PROGRAM_COMMAND_AND_HELP
        && arguments.iter().any(|argument| argument == "verify")
        && arguments.get(1).is_none_or(|command| command != "help")
}

fn run(command: &Command, context: &mut Context<'_>) -> Result<Exit, CommandError> {
    match command {
        Command::Generate(arguments) => commands::generate::run(arguments, context),
        Command::Inspect(arguments) => commands::inspect::run(arguments, context),
        Command::Fetch(arguments) => commands::fetch::run(arguments, context),
        Command::Verify(arguments) => commands::verify::run(arguments, context),
        Command::Sign(arguments) => commands::sign::run(arguments, context),
        Command::Rotate(arguments) => commands::rotate::run(arguments, context),
        Command::Convert(arguments) => commands::convert::run(arguments, context),
        Command::Diff(arguments) => commands::diff::run(arguments, context),
        Command::Completions(arguments) => commands::completions::run(arguments, context),
        Command::Help(arguments) => commands::help::run(arguments, context),
    }
}

fn fail(command: &Command, context: &mut Context<'_>, error: &CommandError) -> Exit {
    let paint = Paint::new(context.stderr.color);
    context.say(&message::error(error, paint));
    let format = match command {
        Command::Inspect(arguments) => match arguments.format {
            InspectFormat::Json => ReportFormat::Json,
            _ => ReportFormat::Text,
        },
        Command::Verify(arguments) => arguments.format,
        Command::Rotate(arguments) => arguments.report_format(),
        Command::Diff(arguments) => arguments.format,
        Command::Generate(_)
        | Command::Fetch(_)
        | Command::Sign(_)
        | Command::Convert(_)
        | Command::Completions(_)
        | Command::Help(_) => ReportFormat::Text,
    };
    // A broken standard output has been reported, or is what is being reported.
    if format == ReportFormat::Json && error.code != "output-failed" {
        let _ = context.report(message::error_json(error).as_bytes());
    }
    error.exit
}

/// A panic is a bug, and its message may quote what must not be seen: only its place is told.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map_or_else(String::new, |location| format!(" at {location}"));
        let _ = writeln!(
            io::stderr(),
            "error[internal]: a bug in jwks{place}; please report it"
        );
    }));
}
