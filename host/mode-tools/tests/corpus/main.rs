//! Modules of every version of the contract, in every language that one was written in: each still loads and still answers as
//! on the day when it was archived. `README.md` beside this says what may be changed there: nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::Trial;
use mode_tools::folder::fixtures;
use mode_tools::test::{Status, Subject, Suite, libtest_of, trial};
use policy::{Checked, Compiler, Limits, Origin};

fn main() -> ExitCode {
    libtest_of(|| {
        let mut trials = Vec::new();
        for version in folders(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus"))? {
            let name = named(&version);
            for module in folders(&version)? {
                trials.push(of_module(format!("{name}: {} answers as it did", named(&module)), module));
            }
            trials.push(trial(format!("{name}: nothing was changed"), move || unchanged(&version)));
        }
        Ok(trials)
    })
}

fn of_module(name: String, folder: PathBuf) -> Trial {
    trial(name, move || {
        // A debug build's engine compiles Python for half a minute on a busy machine.
        let limits = Limits { compile_seconds: 120, ..Limits::default() };
        let (mode, bytes) = module(&folder)?;
        let checked = Checked::new(&mode, Origin::Site, bytes.into(), &limits).map_err(said)?;
        let subject = Subject::load(checked, &limits, &Compiler::default()).map_err(said)?;
        let report =
            Suite::load(&fixtures(&folder).map_err(said)?).and_then(|suite| suite.run(&subject)).map_err(said)?;
        let mut groups = report.files.iter().flat_map(|file| &file.groups);
        if groups.all(|group| group.status == Status::Passed) { Ok(()) } else { Err(report.to_string()) }
    })
}

/// The module of a folder, unpacked, and the name of its file.
fn module(folder: &Path) -> Result<(String, Vec<u8>), String> {
    let is_module = |path: &&PathBuf| named(path).contains(".wasm");
    let files = entries(folder)?;
    let [file] = files.iter().filter(is_module).collect::<Vec<_>>()[..] else {
        return Err(format!("{} has not one module", folder.display()));
    };
    let (name, bytes) = (named(file), fs::read(file).map_err(said)?);
    let mode = name.split('.').next().unwrap_or_default().to_owned();
    if !name.ends_with(".zst") {
        return Ok((mode, bytes));
    }
    let mut unpacked = Vec::new();
    let mut decoder = ruzstd::decoding::StreamingDecoder::new(&bytes[..]).map_err(said)?;
    std::io::copy(&mut decoder, &mut unpacked).map_err(said)?;
    Ok((mode, unpacked))
}

/// Whether every file of a version has its digest in `SHA256SUMS`, and every digest its file.
fn unchanged(version: &Path) -> Result<(), String> {
    let mut found = Vec::new();
    for folder in folders(version)? {
        for file in entries(&folder)? {
            let digest = policy::digest(&fs::read(&file).map_err(said)?);
            found.push(format!("{digest}  {}/{}", named(&folder), named(&file)));
        }
    }
    let listed = fs::read_to_string(version.join("SHA256SUMS")).map_err(said)?;
    let mut listed: Vec<_> = listed.lines().map(str::to_owned).collect();
    listed.sort();
    found.sort();
    let without = |some: &[String], others: &[String]| -> Vec<String> {
        some.iter().filter(|line| !others.contains(line)).cloned().collect()
    };
    match (without(&listed, &found), without(&found, &listed)) {
        (gone, new) if gone.is_empty() && new.is_empty() => Ok(()),
        (gone, new) => Err(format!(
            "files are only ever added, and named in SHA256SUMS\narchived and not there any more:\n  {}\nnot named:\n  {}",
            gone.join("\n  "),
            new.join("\n  ")
        )),
    }
}

fn folders(path: &Path) -> Result<Vec<PathBuf>, String> {
    Ok(entries(path)?.into_iter().filter(|entry| entry.is_dir()).collect())
}

fn entries(path: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut paths = entries.map(|entry| Ok(entry.map_err(said)?.path())).collect::<Result<Vec<_>, String>>()?;
    paths.sort();
    Ok(paths)
}

fn named(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// An error with its causes, in one line.
fn said(error: impl std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line = format!("{line}: {error}");
        cause = error.source();
    }
    line
}
