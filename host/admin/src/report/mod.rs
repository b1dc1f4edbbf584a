//! What the driver tells: the JSON of the socket, and of `--json`.
//!
//! Identifiers are given in full, times in seconds, sizes in bytes. A field that an older driver does not send is empty,
//! one that a newer driver sends is passed over, and a state that this version has no word for is `unknown`.

mod endpoint;
mod explanation;
mod holding;
mod log_filter;
mod modes;
mod network;
mod pool;
mod reconciled;
mod released;
mod removed;
mod status;
mod step;
mod undo;
mod upgrade;

pub use endpoint::{Endpoint, EndpointState, PublishedPort};
pub use explanation::{ExplainedStep, Explanation};
pub use holding::Holding;
pub use log_filter::LogFilter;
pub use modes::{Mode, ModeOrigin, ModeUser, Modes};
pub use network::{Drift, Health, NetworkDetail, NetworkState, NetworkSummary, Object, Ownership};
pub use pool::AddressPool;
pub use reconciled::{Change, Reconciled};
pub use released::Released;
pub use removed::Removed;
pub use status::{Counts, OpenVswitch, Status};
pub use step::{Step, StepState};
pub use undo::ToBeUndone;
pub use upgrade::{EndpointChange, FieldChange, Module, StepChange, StepFate, Upgrade, UpgradeStage};
