//! `docker-ovs mode fuzz [DIR|FILE]`.

use std::io::{IsTerminal, Write, stderr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use mode_tools::folder::{FIXTURES, Folder};
use mode_tools::fuzz::{Budget, Failure as Found, FuzzReport, Property, Seed, fuzz};

use super::subject;
use crate::cli::mode::Fuzz;
use crate::config::Config;
use crate::exit::{BROKEN, Failure, INTERNAL, UNAVAILABLE, UNFIT, UNSTEADY};
use crate::show;

pub(crate) fn run(arguments: &Fuzz, config: &Config) -> Result<ExitCode, Failure> {
    let module = arguments.module();
    let subject = subject::find(&arguments.project, module.as_deref(), config)?;
    let budget = arguments.runs.map_or(Budget::Time(Duration::from_secs(arguments.seconds)), Budget::Runs);
    let seed = arguments.seed.unwrap_or_else(Seed::random);
    let report = fuzz(&subject.sandbox, &subject.mode, seed, budget, &Progress::tell);
    Progress::end();
    let report = report.map_err(|error| Failure::new(UNAVAILABLE, error))?;
    let fixture = report.failure.as_ref().map(|found| write(found, &arguments.project)).transpose()?;
    show::either(arguments.json, &Shown { report: &report, fixture: fixture.as_deref() }, || {
        text(&report, fixture.as_deref(), arguments)
    })?;
    Ok(report.failure.as_ref().map_or(ExitCode::SUCCESS, |found| ExitCode::from(code(found))))
}

/// The report, and where the fixture is.
#[derive(serde::Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    report: &'a FuzzReport,
    fixture: Option<&'a Path>,
}

fn code(found: &Found) -> u8 {
    match found.property {
        Property::Answers => BROKEN,
        Property::Deterministic => UNSTEADY,
        Property::Admitted | Property::UndoIsClean | Property::RefusalIsClear => UNFIT,
    }
}

/// Writes the fixture among the project's own; without a project, here.
fn write(found: &Found, project: &Path) -> Result<PathBuf, Failure> {
    let folder = Folder::of(project).map_or_else(|_| PathBuf::new(), |folder| folder.path.join(FIXTURES));
    let file = folder.join(&found.file);
    let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, found.text()));
    let failed = |error| Failure::new(INTERNAL, anyhow::Error::from(error).context(file.display().to_string()));
    written.map_err(failed).map(|()| file.clone())
}

fn text(report: &FuzzReport, fixture: Option<&Path>, arguments: &Fuzz) -> String {
    let Some((found, file)) = report.failure.as_ref().zip(fixture) else { return report.to_string() };
    let module = arguments.module().map(|module| format!(" --module {module}")).unwrap_or_default();
    // A module's file is named already, and nobody names the folder that they are in.
    let elsewhere = arguments.project.is_dir() && arguments.project != Path::new(".");
    let project = if elsewhere { format!(" {}", arguments.project.display()) } else { String::new() };
    format!(
        "{report}fixture   {file}\nshow it   docker-ovs mode test {file}{module}\nagain     docker-ovs mode fuzz --seed \
         {seed} --runs {runs}{module}{project}\n",
        file = file.display(),
        seed = report.seed,
        runs = found.input + 1,
    )
}

/// How far it is, on a terminal only.
struct Progress;

impl Progress {
    fn tell(inputs: u64) {
        if stderr().is_terminal() {
            let _ = write!(stderr(), "\r{inputs} inputs");
        }
    }

    fn end() {
        if stderr().is_terminal() {
            let _ = write!(stderr(), "\r\u{1b}[K");
        }
    }
}
