//! Fuzzing: a mode is asked what nobody thought of.
//!
//! Questions are made up from the contract and from the schema of the manifest's options. Whatever they are, a few
//! properties hold of the answers ([`Property`]); where one does not, the question is made as small as it gets and
//! becomes a fixture, which fails in `docker-ovs mode test` until the mode is mended.

mod failure;
mod generate;
mod property;
mod report;
mod run;
mod seed;
mod trial;

use std::time::Duration;

use policy::{Loaded, Sandbox};

pub use failure::Failure;
pub use property::Property;
pub use report::FuzzReport;
pub use seed::{BadSeed, Seed};

/// How long a run goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// Until so much time is up.
    Time(Duration),
    /// For so many inputs.
    Runs(u64),
}

/// Why there is no report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FuzzError {
    /// There was no place or memory to run the mode.
    #[error("the mode cannot be run at the moment: {0}")]
    Unable(String),
    /// The manifest asks for what no input has.
    #[error("no input can be made up that the manifest takes: {0}")]
    NoInput(String),
}

/// Tries inputs on a mode, which is judged by what it is granted: all that its manifest asks for. `told` hears how many
/// were tried so far, a few times a second.
///
/// # Errors
///
/// Where the mode could not be asked; what it does wrong is in the report.
pub fn fuzz(
    sandbox: &Sandbox,
    mode: &Loaded,
    seed: Seed,
    budget: Budget,
    told: &dyn Fn(u64),
) -> Result<FuzzReport, FuzzError> {
    let found = run::run(trial::Trial { sandbox, mode }, seed.0, budget, told)?;
    Ok(FuzzReport::new(mode, seed, found))
}
