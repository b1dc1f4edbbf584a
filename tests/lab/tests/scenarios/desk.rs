//! Where an author of modes works: folders below the checkout's `target`, which hosts of the lab see as well.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// A folder there, which is made if it is not there yet.
pub(crate) fn folder(name: &str) -> PathBuf {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the lab is two folders below it");
    let folder = checkout.join("target").join(name);
    fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

/// Runs commands in a folder as their user would, without what the outer cargo has set, and gives what they print.
pub(crate) fn run(folder: &Path, commands: &str) -> String {
    let program = env::current_exe().expect("the running binary has a path");
    let programs = program.ancestors().nth(2).expect("it lies in the folder deps").display().to_string();
    let path = format!("{programs}:{}", env::var("PATH").expect("there is a PATH"));
    let mut command = Command::new("bash");
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARGO_")) {
        if name != "CARGO_HOME" {
            command.env_remove(name);
        }
    }
    command.env_remove("CI").env("PATH", path).current_dir(folder);
    let output = command.args(["-euo", "pipefail", "-c", commands]).output().expect("bash runs");
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(output.status.success(), "{commands}\n{said}");
    said
}
