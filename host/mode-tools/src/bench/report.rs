//! What was measured, for people and for programs.

use std::time::Duration;

use policy::{Checked, CompileCost, Limits};
use serde::{Serialize, Serializer};

/// What a mode costs.
#[derive(Clone, Debug, Serialize)]
pub struct BenchReport {
    /// Its module.
    pub module: ModuleCost,
    /// Its answers.
    pub answers: Vec<AnswerCost>,
}

/// What a module takes before it is asked anything.
#[derive(Clone, Debug, Serialize)]
pub struct ModuleCost {
    /// The mode's name.
    pub name: String,
    /// The SHA-256 of its file.
    pub digest: String,
    /// Bytes of its file.
    pub size: usize,
    /// How long the child process that compiles it took, from its start to its result, in milliseconds.
    #[serde(rename = "compile_ms", serialize_with = "milliseconds")]
    pub compile: Duration,
    /// Bytes of the machine code that came out.
    pub compiled: usize,
    /// What a module may take.
    pub limits: ModuleLimits,
}

/// The limits that apply, in the same units.
#[derive(Clone, Debug, Serialize)]
pub struct ModuleLimits {
    /// Bytes of a file.
    pub size: usize,
    /// Seconds of processor time for compiling.
    pub compile_seconds: u64,
    /// Units of fuel for an answer.
    pub fuel: u64,
    /// Bytes of memory for an answer.
    pub memory: usize,
    /// Processor time for an answer, in milliseconds.
    #[serde(rename = "time_ms", serialize_with = "milliseconds")]
    pub time: Duration,
}

/// What an answer takes.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerCost {
    /// The fixture's file and the case.
    pub name: String,
    /// The function of the contract.
    pub call: &'static str,
    /// Units of fuel, instantiation included.
    pub fuel: u64,
    /// The most bytes of memory.
    pub memory: usize,
    /// Processor time of the first time that it was asked, in microseconds.
    #[serde(rename = "first_us", serialize_with = "microseconds")]
    pub first: Duration,
    /// The median of the times after that, when the caches are warm; the instance was a fresh one each time.
    #[serde(rename = "median_us", serialize_with = "microseconds")]
    pub median: Duration,
}

impl ModuleCost {
    pub(super) fn new(checked: &Checked, compiled: CompileCost, limits: &Limits) -> Self {
        Self {
            name: checked.name().to_owned(),
            digest: checked.digest().to_string(),
            size: checked.bytes().len(),
            compile: compiled.time,
            compiled: compiled.size,
            limits: ModuleLimits {
                size: limits.module_size,
                compile_seconds: limits.compile_seconds,
                fuel: limits.fuel,
                memory: limits.memory,
                time: limits.time(),
            },
        }
    }
}

fn milliseconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64() * 1e3)
}

fn microseconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64() * 1e6)
}
