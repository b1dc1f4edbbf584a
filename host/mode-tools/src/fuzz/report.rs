//! What a run found, for people and for programs.

use std::collections::BTreeMap;
use std::fmt;

use policy::Loaded;
use serde::Serialize;

use super::failure::Failure;
use super::run::Found;
use super::seed::Seed;
use super::trial::Tally;

/// What a run found.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FuzzReport {
    /// The mode's name.
    pub mode: String,
    /// The SHA-256 of its file.
    pub digest: String,
    /// What the inputs were made from.
    pub seed: Seed,
    /// How many inputs were tried: each a network, an endpoint on it, and ports that it publishes.
    pub inputs: u64,
    /// How many questions they came to; each was asked twice.
    pub questions: u64,
    /// How long it took.
    pub seconds: f64,
    /// How many answers were plans that the guard admitted.
    pub plans: u64,
    /// How often the mode refused, by class and code.
    pub refusals: BTreeMap<String, u64>,
    /// How often the guard refused what the user asked for and the mode handed on, by rule.
    pub asked: BTreeMap<String, u64>,
    /// A property that does not hold.
    pub failure: Option<Failure>,
}

impl FuzzReport {
    pub(super) fn new(mode: &Loaded, seed: Seed, found: Found) -> Self {
        let Found { inputs, tally: Tally { questions, plans, refusals, asked }, elapsed, failure } = found;
        Self {
            mode: mode.name().to_owned(),
            digest: mode.digest().to_string(),
            seed,
            inputs,
            questions,
            seconds: elapsed.as_secs_f64(),
            plans,
            refusals,
            asked,
            failure: failure.map(|shrunk| Failure::new(mode.manifest(), seed, shrunk)),
        }
    }
}

impl fmt::Display for FuzzReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mode, digest, seed, inputs, questions, seconds, plans, refusals, asked, failure } = self;
        let rate = *inputs as f64 / seconds.max(f64::EPSILON);
        writeln!(f, "{mode}  sha256:{}  seed {seed}", &digest[..12])?;
        writeln!(f, "{inputs} inputs in {seconds:.1} s ({rate:.0} a second), {questions} questions, each asked twice")?;
        writeln!(f, "answers   {plans} plans, {}", counted(refusals, "refused by the mode"))?;
        if !asked.is_empty() {
            writeln!(f, "          {}", counted(asked, "refused by the guard because of what was asked for"))?;
        }
        match failure {
            None => writeln!(f, "every property holds"),
            Some(failure) => write!(f, "{failure}"),
        }
    }
}

/// `12 refused by the mode (invalid/no-pool 7, invalid/no-gateway 5)`.
fn counted(counts: &BTreeMap<String, u64>, what: &str) -> String {
    let sum: u64 = counts.values().sum();
    if sum == 0 {
        return format!("none {what}");
    }
    let each: Vec<_> = counts.iter().map(|(word, count)| format!("{word} {count}")).collect();
    format!("{sum} {what} ({})", each.join(", "))
}
