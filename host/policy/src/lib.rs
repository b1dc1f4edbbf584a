//! The sandbox: loads mode components, runs them, and turns their answers into plans.
//!
//! A mode is somebody's program deciding about root's network, so nothing it does is trusted: it is checked before it is
//! compiled, compiled in a child process with limits, run in a fresh instance with limits on work, time, stack and
//! memory, and what it says is escaped before a person sees it. What comes out is a [`plan::Plan`] that is well formed
//! and no more: whether it may be performed is for the guard in [`plan`] to say.
//!
//! This crate cannot reach a socket, Docker or Open vSwitch: it depends on nothing that can.

mod bindings;
mod cache;
mod catalog;
mod compile;
mod contract;
mod convert;
mod engine;
mod escape;
mod guest;
mod limits;
mod load_error;
mod loaded;
mod machine_code;
mod manifest;
pub mod options;
mod preflight;
mod question;
mod sandbox;
mod secrets;
mod ticker;
mod usage;
mod verdict;
mod witness;

pub use cache::Cache;
pub use catalog::{
    BuiltIn, Catalog, Change, GrantFile, GrantFileError, GrantSection, Granted, Known, ModeError, Module, Notice,
    Reloaded, Site,
};
pub use compile::{Compiler, compile_child};
pub use engine::Allocation;
pub use escape::{printable, printable_within};
pub use limits::Limits;
pub use load_error::LoadError;
pub use loaded::{Loaded, Origin};
pub use manifest::{
    FACTS, GatewayNeed, MODE_NAME, Manifest, ManifestError, OptionKind, OptionSpec, Scope, is_mode_name,
};
pub use options::{Ignored, OptionError, Options, Owner};
pub use preflight::{Checked, Interface, Measure, digest, read_module};
pub use question::Question;
pub use sandbox::{Sandbox, SandboxError};
pub use secrets::{HIDDEN, left_out};
pub use usage::{CompileCost, LogLevel, LogLine, Outcome, Usage};
pub use verdict::{BadValue, Fault, FaultKind, Verdict, short};
pub use witness::{Answer, Planned, Witness};
