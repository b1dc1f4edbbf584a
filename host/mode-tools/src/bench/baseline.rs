//! What answers took the last time, kept in the project: only fuel, which is the same on every machine.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::report::BenchReport;

/// The fuel of a project's answers, by the names of the questions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    fuel: BTreeMap<String, u64>,
}

/// Why the last run cannot be read, or this one not be kept.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is none.
    #[error("{} is not what mode bench wrote: remove it, and the next run writes it anew", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
    /// It cannot be read or written.
    #[error("{}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// How the fuel of answers changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Comparison {
    /// By how much the fuel of each answer changed, in percent; an answer that is new is not in it.
    pub changed: BTreeMap<String, f64>,
    /// The largest growth, in percent; none: nothing can be compared, or nothing grew.
    pub worst: Option<f64>,
}

impl Baseline {
    /// The file's name, in the project's folder.
    pub const FILE: &str = ".mode-bench.json";

    /// What a run measured.
    #[must_use]
    pub fn of(report: &BenchReport) -> Self {
        Self { fuel: report.answers.iter().map(|answer| (answer.name.clone(), answer.fuel)).collect() }
    }

    /// What was kept in a project's folder, if anything was.
    ///
    /// # Errors
    ///
    /// Where there is something that cannot be read.
    pub fn load(project: &Path) -> Result<Option<Self>, BaselineError> {
        let path = project.join(Self::FILE);
        match fs::read(&path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map(Some).map_err(|source| BaselineError::Malformed { path, source })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(BaselineError::File { path, source }),
        }
    }

    /// Keeps it in a project's folder, whole or not at all, unless it is what is kept there. What was not asked this time
    /// (one file was named) stays as it was the last time.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn kept(&self, project: &Path, last: Option<&Self>) -> Result<(), BaselineError> {
        let mut all = last.cloned().unwrap_or_default();
        all.fuel.extend(self.fuel.clone());
        if last == Some(&all) { Ok(()) } else { all.write(project) }
    }

    fn write(&self, project: &Path) -> Result<(), BaselineError> {
        let path = project.join(Self::FILE);
        let write = || {
            let mut text = serde_json::to_vec_pretty(self)?;
            text.push(b'\n');
            let unfinished = path.with_extension("new");
            fs::write(&unfinished, text)?;
            fs::rename(&unfinished, &path)
        };
        write().map_err(|source| BaselineError::File { path: path.clone(), source })
    }

    /// How another run's fuel differs from this one's.
    #[must_use]
    pub fn compare(&self, now: &Self) -> Comparison {
        let change = |(name, now): (&String, &u64)| {
            let before = *self.fuel.get(name)?;
            Some((name.clone(), (*now as f64 / before.max(1) as f64 - 1.0) * 100.0))
        };
        let changed: BTreeMap<String, f64> = now.fuel.iter().filter_map(change).collect();
        let worst = changed.values().copied().filter(|percent| *percent > 0.0).max_by(f64::total_cmp);
        Comparison { changed, worst }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baseline(fuel: &[(&str, u64)]) -> Baseline {
        Baseline { fuel: fuel.iter().map(|(name, fuel)| ((*name).to_owned(), *fuel)).collect() }
    }

    #[test]
    fn growth_is_told_in_percent_and_new_answers_are_not_compared() {
        let before = baseline(&[("a", 1000), ("b", 1000), ("gone", 1)]);
        let comparison = before.compare(&baseline(&[("a", 1050), ("b", 900), ("new", 7)]));
        let rounded: Vec<_> = comparison.changed.iter().map(|(name, by)| (name.as_str(), by.round())).collect();
        assert_eq!(rounded, [("a", 5.0), ("b", -10.0)]);
        assert_eq!(comparison.worst.map(f64::round), Some(5.0));
        assert_eq!(before.compare(&before).worst, None);
    }

    #[test]
    fn it_is_kept_and_what_is_none_is_said() {
        let project = tempfile::tempdir().unwrap();
        assert_eq!(Baseline::load(project.path()).unwrap(), None);
        let before = baseline(&[("a", 1000)]);
        before.kept(project.path(), None).unwrap();
        assert_eq!(Baseline::load(project.path()).unwrap(), Some(before.clone()));
        baseline(&[("b", 5)]).kept(project.path(), Some(&before)).unwrap();
        assert_eq!(Baseline::load(project.path()).unwrap(), Some(baseline(&[("a", 1000), ("b", 5)])));
        fs::write(project.path().join(Baseline::FILE), "{\"fuel\": 5}").unwrap();
        let error = Baseline::load(project.path()).unwrap_err();
        assert!(error.to_string().contains("remove it"), "{error}");
    }
}
