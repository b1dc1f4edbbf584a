//! What came of a run: for programs as it is, for people by [`text`](super::text).

use std::path::PathBuf;
use std::time::Duration;

use policy::{Checked, Limits, short};
use serde::Serialize;

use super::coverage::Coverage;
use super::judge::Finding;
use crate::fixture::{Call, Kind};

/// How something ended. The greatest of a run's is the run's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// As expected.
    Passed,
    /// Not as expected.
    Failed,
    /// Another answer the second time.
    NotDeterministic,
    /// The module broke.
    Broken,
}

impl Status {
    /// What `docker-ovs mode test` exits with. 2 is for fixtures and manifests that are wrong, of which there is no report.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::Broken => 3,
            Self::NotDeterministic => 4,
        }
    }

    /// Of what was found.
    pub(super) fn of(findings: &[Finding]) -> Self {
        let status = |finding: &Finding| match finding {
            Finding::Broken { .. } => Self::Broken,
            Finding::NotDeterministic { .. } => Self::NotDeterministic,
            _ => Self::Failed,
        };
        findings.iter().map(status).max().unwrap_or(Self::Passed)
    }
}

/// What was tested.
#[derive(Clone, Debug, Serialize)]
pub struct ModuleReport {
    /// The mode.
    pub name: String,
    /// Its own version.
    pub version: String,
    /// The module's digest.
    pub digest: String,
    /// Bytes of the module.
    pub size: usize,
    /// The contract it was built for.
    pub contract: String,
    /// The capabilities it asks for.
    pub capabilities: Vec<String>,
}

impl ModuleReport {
    pub(super) fn of(module: &Checked) -> Self {
        let manifest = module.manifest();
        Self {
            name: manifest.name.clone(),
            version: manifest.version.clone(),
            digest: short(module.digest()),
            size: module.bytes().len(),
            contract: manifest.contract.clone(),
            capabilities: manifest.capabilities.iter().map(ToString::to_string).collect(),
        }
    }
}

/// One question that was not answered as expected.
#[derive(Clone, Debug, Serialize)]
pub struct Failure {
    /// The values of a matrix that make it this one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub values: String,
    /// What is not as expected.
    pub findings: Vec<Finding>,
    /// What the mode said meanwhile, `LEVEL: LINE`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<String>,
}

/// One case or matrix.
#[derive(Clone, Debug, Serialize)]
pub struct GroupReport {
    /// Its name.
    pub name: String,
    /// Which of the two.
    pub kind: Kind,
    /// The function that was called.
    pub call: Call,
    /// How it ended.
    pub status: Status,
    /// How many questions it is.
    pub runs: usize,
    /// Steps of the longest plan; absent: nothing was planned.
    pub steps: Option<usize>,
    /// The most fuel.
    pub fuel: u64,
    /// The most memory, in bytes.
    pub memory: usize,
    /// The most processor time, in nanoseconds.
    pub nanoseconds: u128,
    /// What was not as expected.
    pub failures: Vec<Failure>,
    /// What the driver would say to a user beside it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// One file.
#[derive(Clone, Debug, Serialize)]
pub struct FileReport {
    /// The file.
    pub file: PathBuf,
    /// What is in it.
    pub groups: Vec<GroupReport>,
}

/// A run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// How it ended: too little coverage is a failure.
    pub status: Status,
    /// What was tested.
    pub module: ModuleReport,
    /// The files.
    pub files: Vec<FileReport>,
    /// How much of the contract was exercised; absent: not everything was run.
    pub coverage: Option<Coverage>,
    /// The least coverage that was asked for.
    pub min_coverage: Option<u8>,
    /// How many questions were asked, twice each.
    pub asked: usize,
    /// The limit on fuel.
    pub fuel_limit: u64,
    /// The limit on memory, in bytes.
    pub memory_limit: usize,
    /// From start to end, in milliseconds.
    pub milliseconds: u128,
}

impl Report {
    pub(super) fn new(module: &Checked, limits: &Limits, files: Vec<FileReport>, took: Duration) -> Self {
        Self {
            status: files.iter().flat_map(|file| &file.groups).map(|it| it.status).max().unwrap_or(Status::Passed),
            module: ModuleReport::of(module),
            asked: files.iter().flat_map(|file| &file.groups).map(|group| group.runs).sum(),
            files,
            coverage: None,
            min_coverage: None,
            fuel_limit: limits.fuel,
            memory_limit: limits.memory,
            milliseconds: took.as_millis(),
        }
    }

    /// All cases and matrices.
    pub fn groups(&self) -> impl Iterator<Item = &GroupReport> {
        self.files.iter().flat_map(|file| &file.groups)
    }

    /// Wants at least so much of the contract exercised, in percent.
    #[must_use]
    pub fn wanting(mut self, percent: u8) -> Self {
        self.min_coverage = Some(percent);
        if self.too_little_coverage() {
            self.status = self.status.max(Status::Failed);
        }
        self
    }

    /// Whether less was exercised than was asked for.
    #[must_use]
    pub fn too_little_coverage(&self) -> bool {
        let percent = self.coverage.as_ref().map(|coverage| coverage.percent);
        percent.zip(self.min_coverage).is_some_and(|(percent, least)| percent < least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the sandbox no module gives two answers, so that nothing else exits with 4.
    #[test]
    fn the_worst_that_was_found_decides_the_exit_code() {
        let why = String::new;
        let failed = || Finding::NothingExpected { got: why() };
        let varies = || Finding::NotDeterministic { why: why() };
        let broken = || Finding::Broken { fault: why() };
        let code = |findings: &[Finding]| Status::of(findings).code();
        assert_eq!([code(&[]), code(&[failed()]), code(&[varies()]), code(&[broken()])], [0, 1, 4, 3]);
        assert_eq!([code(&[varies(), failed()]), code(&[failed(), broken(), varies()])], [4, 3]);
    }
}
