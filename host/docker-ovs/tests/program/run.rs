//! Runs the program.

use std::process::{Command, Output};

/// Where machine code is kept, for all: to compile the built-in modes is most of what a driver's start takes.
pub(crate) const KEPT: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/cache");

/// The program with arguments, in an environment without settings of its own.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_docker-ovs"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("DOCKER_OVS_")) {
        command.env_remove(name);
    }
    for directory in ["MODE_DIR", "GRANTS_DIR"] {
        command.env(format!("DOCKER_OVS_{directory}"), "/nonexistent");
    }
    command.env("DOCKER_OVS_CACHE_DIR", KEPT);
    command.args(arguments).env("DOCKER_HOST", "unix:///nonexistent.sock");
    command
}

/// What it said, and how it ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn run(arguments: &[&str]) -> Ended {
    ended(&command(arguments).output().unwrap())
}

pub(crate) fn ended(output: &Output) -> Ended {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Ended { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
}

/// What a run that succeeds prints, as JSON.
pub(crate) fn json(arguments: &[&str]) -> serde_json::Value {
    let ended = run(arguments);
    assert_eq!(ended.code, 0, "{ended:?}");
    serde_json::from_str(&ended.out).unwrap()
}

/// Checks that a run ends with a code and one message that holds all words.
#[track_caller]
pub(crate) fn fails(arguments: &[&str], code: i32, words: &[&str]) {
    let ended = run(arguments);
    assert_eq!(ended.code, code, "{ended:?}");
    assert_eq!(ended.out, "", "nothing but the error is printed");
    for word in words {
        assert!(ended.err.contains(word), "\"{word}\" is not in: {}", ended.err);
    }
}
