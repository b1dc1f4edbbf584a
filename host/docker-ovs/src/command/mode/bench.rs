//! `docker-ovs mode bench [DIR|FILE]`.

use std::env;
use std::path::Path;
use std::process::ExitCode;

use mode_tools::bench::{Baseline, BenchError, BenchReport, Comparison, bench};
use mode_tools::folder::{self, Folder};
use mode_tools::test::Suite;
use serde::Serialize;

use super::subject;
use super::test::{misplaced, wrong};
use crate::cli::mode::Bench;
use crate::command::wait;
use crate::config::Config;
use crate::exit::{BROKEN, Failure, UNAVAILABLE, UNFIT, UNSTEADY, WRONG};
use crate::show;

/// What was measured, and how it differs from the last time.
#[derive(Debug, Serialize)]
struct Measured {
    #[serde(flatten)]
    report: BenchReport,
    /// None: there is no last time.
    comparison: Option<Comparison>,
}

pub(crate) fn run(arguments: &Bench, config: &Config) -> Result<ExitCode, Failure> {
    let subject = subject::find(&arguments.project, arguments.built.module.as_deref(), config)?;
    let files = folder::fixtures(&arguments.project).map_err(misplaced)?;
    let project = Folder::of(&arguments.project).ok().map(|folder| folder.path);
    let unreadable = |error| Failure::new(WRONG, error);
    let last = project.as_deref().map(Baseline::load).transpose().map_err(unreadable)?.flatten();
    comparable(arguments, project.as_deref(), last.as_ref())?;
    let questions = Suite::load(&files).map_err(wrong)?.questions(&subject).map_err(wrong)?;
    let report = wait(async { bench(&subject, &questions).await.map_err(failed) })?;
    let now = Baseline::of(&report);
    let comparison = last.as_ref().map(|last| last.compare(&now));
    let worst = comparison.as_ref().and_then(|comparison| comparison.worst);
    let measured = Measured { report, comparison };
    show::either(arguments.json, &measured, || show::costs(&measured.report, measured.comparison.as_ref()))?;
    if let Some((worst, most)) = worst.zip(arguments.max_regression).filter(|(worst, most)| worst > most) {
        let message =
            format_args!("an answer takes {worst:.1} % more fuel than the last time, and {most} % are allowed");
        return Err(Failure::say(UNFIT, message));
    }
    match project {
        Some(project) if !is_build() => now.kept(&project, last.as_ref()).map_err(unreadable)?,
        Some(_) | None => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// Checks that a limit is one: where nothing is there to compare with, and this run will not be there for the next, every
/// run would pass.
fn comparable(arguments: &Bench, project: Option<&Path>, last: Option<&Baseline>) -> Result<(), Failure> {
    if arguments.max_regression.is_none() || last.is_some() {
        return Ok(());
    }
    let file = Baseline::FILE;
    let message = match project {
        Some(_) if !is_build() => return Ok(()),
        Some(project) => format!(
            "--max-regression has nothing to compare with: there is no {file} in {}, and none is written where CI is set; \
             run docker-ovs mode bench on your own machine, and put that file under version control",
            project.display()
        ),
        None => format!(
            "--max-regression has nothing to compare with: {} is in no project, which would have its {file}",
            arguments.project.display()
        ),
    };
    Err(Failure::say(WRONG, message))
}

/// A build on somebody's server: what it writes is gone.
fn is_build() -> bool {
    env::var_os("CI").is_some_and(|set| !set.is_empty())
}

fn failed(error: BenchError) -> Failure {
    let code = match &error {
        BenchError::NoQuestion => WRONG,
        BenchError::NoAnswer { cause: policy::Verdict::Unable { .. }, .. } => UNAVAILABLE,
        BenchError::Load { .. } | BenchError::NoAnswer { .. } => BROKEN,
        BenchError::Unsteady { .. } => UNSTEADY,
    };
    Failure::new(code, error)
}
