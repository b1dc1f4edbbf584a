//! All fixtures of a mode, and running them.

use std::path::PathBuf;
use std::time::Instant;

use policy::Question;

use super::ask::{Prepared, Subject};
use super::coverage::Met;
use super::group::{self, Ready};
use super::report::{FileReport, Report};
use super::run::{Asked, Unable};
use crate::fixture::{Fixture, FixtureError, Group, Run};

/// Fixtures, read.
#[derive(Clone, Debug)]
pub struct Suite {
    pub(super) files: Vec<(PathBuf, Vec<Group>)>,
}

/// What a case or a matrix asks, by a name that stays the same from one run to the next.
#[derive(Clone, Debug)]
pub struct Questions {
    /// The file's name and its own.
    pub name: String,
    /// What is asked: of a case one question, or none that the mode is asked.
    pub all: Vec<Question>,
}

/// Which of them are run: those whose file's or own name has this in it, in any case; empty: all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter(pub String);

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// Fixtures are wrong. All that is wrong is in it.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Fixtures(Vec<FixtureError>),
    /// Nobody could run it.
    #[error(transparent)]
    Unable(#[from] Unable),
}

impl Suite {
    /// Reads files.
    ///
    /// # Errors
    ///
    /// All that is wrong with them.
    pub fn load(files: &[PathBuf]) -> Result<Self, TestError> {
        let read = |file: &PathBuf| Fixture::load(file)?.groups(file).map(|groups| (file.clone(), groups));
        let (mut good, mut wrong) = (Vec::new(), Vec::new());
        for file in files {
            match read(file) {
                Ok(read) => good.push(read),
                Err(error) => wrong.push(error),
            }
        }
        if wrong.is_empty() { Ok(Self { files: good }) } else { Err(TestError::Fixtures(wrong)) }
    }

    /// Keeps what a filter lets through, and files with something left.
    #[must_use]
    pub fn filtered(mut self, filter: &Filter) -> Self {
        let wanted = filter.0.to_lowercase();
        for (file, groups) in &mut self.files {
            let file = file.file_name().unwrap_or_default().display().to_string();
            groups.retain(|group| format!("{file}: {}", group.name).to_lowercase().contains(&wanted));
        }
        self.files.retain(|(_, groups)| !groups.is_empty());
        self
    }

    /// A suite for each case and matrix.
    pub(super) fn singles(self) -> Vec<Self> {
        let single = |(file, groups): (PathBuf, Vec<Group>)| {
            groups.into_iter().map(move |group| Self { files: vec![(file.clone(), vec![group])] })
        };
        self.files.into_iter().flat_map(single).collect()
    }

    /// How many cases and matrices there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.iter().map(|(_, groups)| groups.len()).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Asks everything.
    ///
    /// # Errors
    ///
    /// Where a fixture asks what no driver would, before anything is asked; or where the mode cannot be run.
    pub fn run(&self, subject: &Subject) -> Result<Report, TestError> {
        let began = Instant::now();
        let ready = self.ready(subject)?;
        let manifest = subject.module.manifest();
        let (mut met, mut files, mut ready) = (Met::default(), Vec::new(), ready.into_iter());
        for (file, groups) in &self.files {
            let mut reports = Vec::new();
            for group in groups {
                let ready: Vec<Ready> = ready.by_ref().take(group.runs.len()).collect();
                let mut take = |run: &Run, prepared: &Prepared, asked: &Asked| {
                    met.add(run.case.call, prepared, asked, manifest);
                };
                reports.push(group::run(subject, group, ready, &mut take)?);
            }
            files.push(FileReport { file: file.clone(), groups: reports });
        }
        let mut report = Report::new(&subject.module, subject.sandbox.limits(), files, began.elapsed());
        report.coverage = Some(met.of(manifest));
        Ok(report)
    }

    /// What every case and matrix asks, by the file's name and its own; what the manifest refuses is asked of nobody.
    ///
    /// # Errors
    ///
    /// Where a fixture asks what no driver would.
    pub fn questions(&self, subject: &Subject) -> Result<Vec<Questions>, TestError> {
        let mut ready = self.ready(subject)?.into_iter();
        let mut asks = Vec::new();
        for (file, groups) in &self.files {
            let file = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
            for group in groups {
                let questions = ready.by_ref().take(group.runs.len()).filter_map(|ready| match ready {
                    Ready::Ask(prepared) => Some(prepared.question),
                    Ready::BadOption(_) => None,
                });
                asks.push(Questions { name: format!("{file}: {}", group.name), all: questions.collect() });
            }
        }
        Ok(asks)
    }

    /// Every question of every group, in order.
    fn ready(&self, subject: &Subject) -> Result<Vec<Ready>, TestError> {
        let (mut ready, mut wrong) = (Vec::new(), Vec::new());
        for (file, groups) in &self.files {
            for (group, run) in groups.iter().flat_map(|group| group.runs.iter().map(move |run| (group, run))) {
                match group::ready(subject, file, group, run) {
                    Ok(one) => ready.push(one),
                    Err(error) => wrong.push(error),
                }
            }
        }
        if wrong.is_empty() { Ok(ready) } else { Err(TestError::Fixtures(wrong)) }
    }
}
