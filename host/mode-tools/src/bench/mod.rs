//! What a mode costs: fuel, memory and time of its answers, and what its module takes, each beside its limit.
//!
//! Fuel is the same on every machine, so that is what is compared with the last time ([`Baseline`]). Times are this
//! machine's: they are shown, and never judged.

mod baseline;
mod measure;
mod report;

use policy::{LoadError, Verdict};

pub use baseline::{Baseline, BaselineError, Comparison};
pub use report::{AnswerCost, BenchReport, ModuleCost, ModuleLimits};

use crate::test::{Questions, Subject};

/// Why there is nothing to report.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The module cannot be compiled.
    #[error("mode {mode} cannot be compiled")]
    Load {
        /// Its name.
        mode: String,
        /// What is wrong.
        #[source]
        cause: LoadError,
    },
    /// There is no plan and no refusal to measure.
    #[error("{name}")]
    NoAnswer {
        /// Which question.
        name: String,
        /// What happened.
        #[source]
        cause: Verdict,
    },
    /// It takes what it likes: that cannot be compared.
    #[error("{name}: asked again in a fresh instance, it took {second} units of fuel instead of {first}")]
    Unsteady {
        /// Which question.
        name: String,
        /// What it took first.
        first: u64,
        /// What it took another time.
        second: u64,
    },
    /// There are no fixtures.
    #[error("there is nothing to ask: no fixture has a case that is put to the mode")]
    NoQuestion,
}

/// Measures what a mode's answers take, and its module.
///
/// # Errors
///
/// Where the module cannot be compiled, breaks, or is not deterministic; and where there is no question.
pub async fn bench(subject: &Subject, cases: &[Questions]) -> Result<BenchReport, BenchError> {
    let Subject { sandbox, mode, module } = subject;
    let failed = |cause| BenchError::Load { mode: module.name().to_owned(), cause };
    let compiled = sandbox.compile_cost(module).await.map_err(failed)?;
    let mut answers = Vec::new();
    for asked in cases {
        answers.extend(measure::measure(sandbox, mode, asked)?);
    }
    if answers.is_empty() {
        return Err(BenchError::NoQuestion);
    }
    Ok(BenchReport { module: ModuleCost::new(module, compiled, sandbox.limits()), answers })
}
