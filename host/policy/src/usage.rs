//! What a call gave and what it took, for reports.

use std::time::Duration;

use plan::Plan;

use crate::Verdict;

/// What a call took of its limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Units of fuel, instantiation included: the same each time.
    pub fuel: u64,
    /// The most bytes of memory, all memories together.
    pub memory: usize,
    /// Processor time, instantiation and conversion included.
    pub time: Duration,
}

/// What compiling a module takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompileCost {
    /// From starting the child to having its result. Its limit is on processor time, which is less.
    pub time: Duration,
    /// Bytes of machine code.
    pub size: usize,
}

/// How serious a line is meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// For the mode's author.
    Debug,
    /// For operators who look.
    Info,
    /// For operators to look at.
    Warn,
    /// For operators to act on.
    Error,
}

/// A line that a mode logged, made printable and cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// How serious.
    pub level: LogLevel,
    /// The line.
    pub text: String,
}

/// All there is to know about one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The plan, or why there is none.
    pub answer: Result<Plan, Verdict>,
    /// What it took.
    pub usage: Usage,
    /// What it logged.
    pub log: Vec<LogLine>,
    /// How many lines it logged beyond what is kept.
    pub dropped_lines: u64,
}
