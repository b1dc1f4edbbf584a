//! The built-in modes, and fixtures for them.

use std::fs;
use std::sync::OnceLock;

use mode_tools::test::{Finding, GroupReport, Report, Subject, Suite, TestError};
use policy::{Checked, Compiler, Limits, Origin};

/// A test.
pub(crate) type Test = (&'static str, fn());

/// The mode nat.
pub(crate) fn nat() -> &'static Subject {
    static NAT: OnceLock<Subject> = OnceLock::new();
    NAT.get_or_init(|| built_in("nat"))
}

/// The mode flat.
pub(crate) fn flat() -> &'static Subject {
    static FLAT: OnceLock<Subject> = OnceLock::new();
    FLAT.get_or_init(|| built_in("flat"))
}

fn built_in(name: &str) -> Subject {
    let (name, wasm) = builtin_modes::builtin().into_iter().find(|(known, _)| *known == name).unwrap();
    let module = Checked::new(name, Origin::BuiltIn, wasm.into(), &Limits::default()).unwrap();
    Subject::load(module, &Limits::default(), &Compiler::default()).unwrap()
}

/// What comes of fixtures.
pub(crate) fn tried(subject: &Subject, fixtures: &str) -> Result<Report, TestError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.toml");
    fs::write(&file, fixtures).unwrap();
    Suite::load(&[file])?.run(subject)
}

/// The same, where the fixtures are sound.
pub(crate) fn report(subject: &Subject, fixtures: &str) -> Report {
    tried(subject, fixtures).unwrap()
}

/// The only case or matrix, after its name and the function that it calls.
pub(crate) fn only(subject: &Subject, call: &str, rest: &str) -> GroupReport {
    let kind = if rest.contains("vary") { "matrix" } else { "case" };
    let report = report(subject, &format!("[[{kind}]]\nname = \"it\"\ncall = \"{call}\"\n{rest}"));
    report.groups().next().unwrap().clone()
}

/// All that is said of it.
pub(crate) fn said(group: &GroupReport) -> Vec<String> {
    group.failures.iter().flat_map(|failure| &failure.findings).flat_map(Finding::lines).collect()
}
