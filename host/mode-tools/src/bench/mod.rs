//! What a mode costs: fuel, memory and time of its answers, and what its module takes, each beside its limit.
//!
//! Fuel is the same on every machine, so that is what is compared with the last time ([`Baseline`]). Times are this
//! machine's: they are shown, and never judged.

mod baseline;
mod measure;
mod report;

use policy::{Checked, LoadError, Sandbox, Verdict};

pub use baseline::{Baseline, BaselineError, Comparison};
pub use measure::{Asked, measure};
pub use report::{AnswerCost, BenchReport, ModuleCost};

/// Why there is nothing to report.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The module cannot be loaded.
    #[error("mode {mode} cannot be loaded")]
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

/// Loads a module, and measures what its answers take.
///
/// # Errors
///
/// Where the module cannot be loaded, or breaks, or is not deterministic; and where there is no question.
pub async fn bench(sandbox: &Sandbox, checked: Checked, questions: &[Asked]) -> Result<BenchReport, BenchError> {
    let mode = checked.name().to_owned();
    let failed = |cause| BenchError::Load { mode: mode.clone(), cause };
    let compiled = sandbox.compile_cost(&checked).await.map_err(failed)?;
    let loaded = sandbox.load(checked.clone()).await.map_err(failed)?;
    if questions.is_empty() {
        return Err(BenchError::NoQuestion);
    }
    let answers = questions.iter().map(|asked| measure(sandbox, &loaded, asked)).collect::<Result<_, _>>()?;
    Ok(BenchReport { module: ModuleCost::new(&checked, compiled, sandbox.limits()), answers })
}
