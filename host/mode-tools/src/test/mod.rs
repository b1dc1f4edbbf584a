//! Testing a mode in isolation: fixtures against the bytes that are shipped, in the driver's own sandbox, judged by the
//! driver's own guard. There is no Docker, no Open vSwitch and no root in here, and nothing of the mode's language.
//!
//! Every question is asked twice, of two fresh instances: what they answer and the fuel they take are the same, or the
//! mode is not deterministic. Where an endpoint or ports are asked about, the network's own plan is asked for and
//! admitted first, because its labels are in scope.

mod ask;
mod bless;
mod coverage;
mod difference;
mod group;
mod invariant;
mod judge;
mod junit;
mod libtest;
mod load;
mod report;
mod run;
mod suite;
mod tap;
mod text;
mod watch;

pub use ask::Subject;
pub use bless::{Blessed, Blessing};
pub use coverage::{Coverage, Covered};
pub use difference::{Change, Difference};
pub use judge::Finding;
pub use junit::junit;
pub use libtest::{libtest, libtest_of, trial, trials};
pub use load::SubjectError;
pub use report::{Failure, FileReport, GroupReport, ModuleReport, Report, Status};
pub use run::Unable;
pub use suite::{Filter, Questions, Suite, TestError};
pub use tap::tap;
pub use watch::wait_for_change;
