//! One case or matrix: each of its questions is made ready before anything is asked, and then asked.

use std::path::Path;

use policy::{LogLevel, OptionError};

use super::ask::{Prepared, Subject, Unaskable};
use super::judge::{self, Finding};
use super::report::{Failure, GroupReport, Status};
use super::run::{Answer, Asked, Unable};
use crate::fixture::{Call, FixtureError, Group, Run};

/// A question that can be asked, or an option that the manifest refuses.
pub(super) enum Ready {
    Ask(Box<Prepared>),
    BadOption(OptionError),
}

/// What was met while something was run, and taken down for coverage.
pub(super) type Taken<'a> = &'a mut dyn FnMut(&Run, &Prepared, &Asked);

/// Makes a question ready.
pub(super) fn ready(subject: &Subject, file: &Path, group: &Group, run: &Run) -> Result<Ready, FixtureError> {
    // Where nothing is expected yet, that the manifest refuses an option may be what is written down.
    let may_be_bad_option = group.expect.as_ref().is_none_or(|expect| expect.bad_option.is_some());
    let wrong = |key: &str, message: String| {
        let values = if run.values.is_empty() { String::new() } else { format!(" [{}]", run.values) };
        let place = format!("{} \"{}\"{values}", group.kind.table(), group.name);
        FixtureError { file: file.to_owned(), place, key: key.to_owned(), message }
    };
    match Prepared::new(&run.case, &subject.module) {
        Ok(prepared) => Ok(Ready::Ask(Box::new(prepared))),
        Err(Unaskable::Option(error)) if may_be_bad_option => Ok(Ready::BadOption(error)),
        Err(Unaskable::Option(error)) => Err(wrong("options", error.to_string())),
        Err(Unaskable::Wrong(key, message)) => Err(wrong(key, message)),
    }
}

/// Asks what is ready, and judges.
pub(super) fn run(subject: &Subject, group: &Group, ready: Vec<Ready>, take: Taken<'_>) -> Result<GroupReport, Unable> {
    let call = group.runs.first().map_or(Call::PlanNetwork, |run| run.case.call);
    let mut report = GroupReport {
        name: group.name.clone(),
        kind: group.kind,
        call,
        status: Status::Passed,
        runs: group.runs.len(),
        steps: None,
        fuel: 0,
        memory: 0,
        nanoseconds: 0,
        failures: Vec::new(),
        notes: Vec::new(),
    };
    for (run, ready) in group.runs.iter().zip(ready) {
        let (findings, log) = match ready {
            Ready::BadOption(error) => (bad_option(run, &error), Vec::new()),
            Ready::Ask(prepared) => {
                let asked = subject.ask(&prepared)?;
                take(run, &prepared, &asked);
                report.note(&prepared, &asked);
                (judge::judge(&run.case, &prepared, &asked), log(&asked))
            }
        };
        if !findings.is_empty() {
            report.status = report.status.max(Status::of(&findings));
            report.failures.push(Failure { values: run.values.clone(), findings, log });
        }
        // Nothing is expected of the others either, and that is said once.
        if group.expect.is_none() && report.status == Status::Failed {
            break;
        }
    }
    Ok(report)
}

impl GroupReport {
    fn note(&mut self, prepared: &Prepared, asked: &Asked) {
        if let Answer::Planned { plan, .. } = &asked.answer {
            self.steps = self.steps.max(Some(plan.steps.len()));
        }
        self.fuel = self.fuel.max(asked.usage.fuel);
        self.memory = self.memory.max(asked.usage.memory);
        self.nanoseconds = self.nanoseconds.max(asked.usage.time.as_nanos());
        for note in &prepared.notes {
            if !self.notes.contains(note) {
                self.notes.push(note.clone());
            }
        }
    }
}

/// What is wrong where the manifest refuses an option: nothing, if it is the one that it is expected to refuse.
fn bad_option(run: &Run, error: &OptionError) -> Vec<Finding> {
    let Some(expect) = &run.case.expect else { return vec![Finding::NothingExpected { got: error.to_string() }] };
    let wanted = expect.bad_option.as_deref().unwrap_or_default();
    if error.key() == wanted {
        return Vec::new();
    }
    let want = format!("the manifest refuses the option {wanted}");
    vec![Finding::Answer { want, got: error.to_string(), differences: Vec::new() }]
}

fn log(asked: &Asked) -> Vec<String> {
    let level = |level: LogLevel| match level {
        LogLevel::Debug => "debug",
        LogLevel::Info => "info",
        LogLevel::Warn => "warn",
        LogLevel::Error => "error",
    };
    asked.log.iter().map(|line| format!("{}: {}", level(line.level), line.text)).collect()
}
