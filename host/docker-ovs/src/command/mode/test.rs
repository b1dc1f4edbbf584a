//! `docker-ovs mode test [DIR|FILE]`.

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use mode_tools::folder::{self, Folder, FolderError};
use mode_tools::test::{Filter, Report, Suite, TestError, junit, tap, wait_for_change};

use super::subject;
use crate::cli::mode::Test;
use crate::config::Config;
use crate::exit::{Failure, UNAVAILABLE, USAGE, WRONG};
use crate::show::{self, Style};

pub(crate) fn run(arguments: &Test, config: &Config) -> Result<ExitCode, Failure> {
    if arguments.bless && env::var_os("CI").is_some_and(|set| !set.is_empty()) {
        let message =
            "--bless takes whatever the mode does for right, and CI is set: bless on your own machine, and look";
        return Err(Failure::say(USAGE, message));
    }
    if !arguments.watch {
        let report = tested(arguments, config)?;
        return Ok(ExitCode::from(report.status.code()));
    }
    loop {
        let looked_at = watched(arguments);
        let before = folder::stamps(&looked_at);
        if let Err(failure) = tested(arguments, config) {
            failure.report();
        }
        eprintln!("docker-ovs: waiting for a change; Ctrl-C ends it");
        wait_for_change(&before, || watched(arguments));
    }
}

/// Tests once, and says what came of it.
fn tested(arguments: &Test, config: &Config) -> Result<Report, Failure> {
    let mut suite = suite(arguments)?;
    let subject = subject::find(&arguments.path, arguments.module.as_deref(), config)?;
    if arguments.bless {
        let blessing = suite.bless(&subject).map_err(wrong)?;
        for line in blessing.written.iter().map(ToString::to_string).chain(blessing.left) {
            eprintln!("docker-ovs: {line}");
        }
        suite = self::suite(arguments)?;
    }
    let mut report = suite.run(&subject).map_err(wrong)?;
    if arguments.pattern.is_some() {
        report.coverage = None;
    }
    if let Some(percent) = arguments.min_coverage {
        report = report.wanting(percent);
    }
    print(arguments, &report)?;
    Ok(report)
}

/// What is to be run. Read before the module is compiled, which takes a while in some languages.
fn suite(arguments: &Test) -> Result<Suite, Failure> {
    let files = folder::fixtures(&arguments.path).map_err(misplaced)?;
    let suite = Suite::load(&files).map_err(wrong)?;
    if suite.is_empty() {
        return Err(Failure::say(WRONG, format_args!("{}: the fixtures have no case", arguments.path.display())));
    }
    let Some(pattern) = &arguments.pattern else { return Ok(suite) };
    let suite = suite.filtered(&Filter(pattern.clone()));
    if suite.is_empty() {
        return Err(Failure::say(WRONG, format_args!("no case has \"{pattern}\" in its name")));
    }
    Ok(suite)
}

/// There are no fixtures.
pub(super) fn misplaced(error: FolderError) -> Failure {
    Failure::new(WRONG, error)
}

/// Fixtures cannot be used.
pub(super) fn wrong(error: TestError) -> Failure {
    let code = match &error {
        TestError::Fixtures(_) => WRONG,
        TestError::Unable(_) => UNAVAILABLE,
    };
    Failure::new(code, error)
}

fn print(arguments: &Test, report: &Report) -> Result<(), Failure> {
    if let Some(file) = &arguments.junit {
        let write = std::fs::write(file, junit(report));
        write.map_err(|error| Failure::say(WRONG, format_args!("{} cannot be written: {error}", file.display())))?;
    }
    if arguments.json {
        return show::json(report);
    }
    let text = if arguments.tap { tap(report) } else { coloured(&report.to_string()) };
    show::bytes(text.as_bytes())
}

/// The words at the beginning of lines, coloured by what they mean.
fn coloured(text: &str) -> String {
    const WORDS: [(&str, Style); 4] =
        [("PASS", Style::Good), ("FAIL", Style::Bad), ("BROKEN", Style::Bad), ("VARIES", Style::Bad)];
    let line = |line: &str| {
        let word =
            WORDS.iter().find_map(|(word, style)| Some((line.strip_prefix("  ")?.strip_prefix(word)?, word, style)));
        match word {
            Some((rest, word, style)) => format!("  {}{rest}\n", style.paint(word)),
            None => format!("{line}\n"),
        }
    };
    text.lines().map(line).collect()
}

/// What a change of makes another run worth it: the fixtures, the manifest and the module.
fn watched(arguments: &Test) -> Vec<PathBuf> {
    let mut files = folder::fixtures(&arguments.path).unwrap_or_default();
    if let Ok(folder) = Folder::of(&arguments.path) {
        files.push(folder.path.join(folder::MANIFEST));
        files.extend(folder.module());
    }
    files.extend(arguments.module.as_ref().map(PathBuf::from));
    files
}
