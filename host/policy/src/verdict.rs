//! How a call ends when it gives no plan: the user's mistake (a refusal), the module's (a fault), or the host's own
//! want. They are never merged, because different people have to act.

use std::fmt;
use std::time::Duration;

use plan::{ModeDigest, Refusal};

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Verdict {
    /// The mode said no: the user has to ask for something else.
    #[error(transparent)]
    Refused(Refusal),
    /// The mode is broken: its author has to mend it.
    #[error(transparent)]
    Broken(Box<Fault>),
    /// Neither's mistake: this host had no place or memory to run it. Another try may go well.
    #[error("mode {mode} cannot be run at the moment: {reason}")]
    Unable {
        /// The name it was asked for by.
        mode: String,
        /// What was missing.
        reason: String,
    },
}

/// What a module did wrong, and which module it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("mode {mode} ({}) is broken: {call} {kind}{}", short(digest), .log.as_deref().map(|line| format!("; its last log line: {line}")).unwrap_or_default())]
pub struct Fault {
    /// The name it was asked for by.
    pub mode: String,
    /// Which bytes.
    pub digest: ModeDigest,
    /// `plan-network`, `plan-endpoint`, `plan-publish`, or `start` for what runs when it is instantiated.
    pub call: &'static str,
    /// What happened.
    pub kind: FaultKind,
    /// The last line it logged, made printable: SDKs send their panic there.
    pub log: Option<String>,
}

/// The classes of faults; each names the limit where one was hit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// All fuel used.
    #[error("ran for too long (limit cpu: {fuel} units of fuel)")]
    Cpu {
        /// The limit.
        fuel: u64,
    },
    /// Its processor time ran out before the fuel.
    #[error("took too long (limit time: {} ms)", limit.as_millis())]
    Time {
        /// The limit.
        limit: Duration,
    },
    /// Recursion too deep.
    #[error("ran out of stack (limit stack: {bytes} bytes)")]
    Stack {
        /// The limit.
        bytes: usize,
    },
    /// Growing a memory or table was denied.
    #[error("wanted too much memory (limit memory: {bytes} bytes)")]
    Memory {
        /// The limit.
        bytes: usize,
    },
    /// The answer would take the host too much memory.
    #[error("answered too much (limit output: {bytes} bytes)")]
    Output {
        /// The limit.
        bytes: usize,
    },
    /// The answer cannot be read: a bad pointer, discriminant or text.
    #[error("gave an answer that cannot be read: {detail}")]
    Abi {
        /// What is malformed.
        detail: String,
    },
    /// It gave up: `unreachable`, which is what a panic becomes.
    #[error("panicked")]
    Panic,
    /// Another trap: a division by zero, an access out of bounds.
    #[error("trapped: {detail}")]
    Trap {
        /// Which.
        detail: String,
    },
    /// A plan with a value that cannot be: no bridge can have that name.
    #[error("gave a plan that cannot be: {0}")]
    Plan(BadValue),
}

impl FaultKind {
    /// The class in one word: `cpu`, `time`, `stack`, `memory`, `output`, `abi`, `panic`, `trap`, `plan`.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::Cpu { .. } => "cpu",
            Self::Time { .. } => "time",
            Self::Stack { .. } => "stack",
            Self::Memory { .. } => "memory",
            Self::Output { .. } => "output",
            Self::Abi { .. } => "abi",
            Self::Panic => "panic",
            Self::Trap { .. } => "trap",
            Self::Plan(_) => "plan",
        }
    }
}

/// A value in a plan that no host could act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadValue {
    /// The step's number, from 1; none: in the reply.
    pub step: Option<usize>,
    /// The step's label, made printable.
    pub label: String,
    /// Which field of the action: `name`, `vlan`, `bridge`.
    pub field: &'static str,
    /// The value, made printable.
    pub value: String,
    /// What was wrong and what would be right.
    pub reason: String,
}

impl fmt::Display for BadValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            Some(step) => write!(f, "step {step} \"{}\", {}: {}", self.label, self.field, self.reason),
            None => write!(f, "reply, {}: {}", self.field, self.reason),
        }
    }
}

/// As much of a digest as people compare: `sha256:` and twelve digits.
#[must_use]
pub fn short(digest: &ModeDigest) -> String {
    format!("sha256:{}", &digest.as_str()[..12])
}
