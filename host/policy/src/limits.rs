//! How much a module may take. The defaults were measured: fifteen thousand times what a normal call needs.

use std::time::Duration;

/// What a module may take of the host, in one call unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Units of work; the verdict, because it is the same on every machine. A tight loop uses about a million in a
    /// millisecond.
    pub fuel: u64,
    /// Processor time, in ticks of 10 ms; the backstop. A call that waits for its turn on a busy machine uses none.
    pub ticks: u64,
    /// Bytes of linear memory, summed over all memories of the component.
    pub memory: usize,
    /// Bytes of WebAssembly stack.
    pub stack: usize,
    /// Bytes the host copies out of the guest.
    pub hostcall: usize,
    /// Elements in one table.
    pub table_elements: usize,
    /// Calls running at once, all modules together.
    pub calls: usize,
    /// Calls running at once, one module: a flood queues behind itself.
    pub calls_of_one: usize,
    /// Bytes of a module file. A mode in Python, with its interpreter, has 18 MB; what compiling takes is bounded by itself.
    pub module_size: usize,
    /// Functions in a module file.
    pub functions: u32,
    /// Bytes of address space for the child that compiles.
    pub compile_memory: u64,
    /// Seconds of processor time for the child that compiles.
    pub compile_seconds: u64,
}

impl Limits {
    /// The length of a tick.
    pub const TICK: Duration = Duration::from_millis(10);

    /// The limit on processor time.
    #[must_use]
    pub fn time(&self) -> Duration {
        Self::TICK * u32::try_from(self.ticks).unwrap_or(u32::MAX)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel: 50_000_000,
            ticks: 25,
            memory: 16 << 20,
            stack: 256 << 10,
            hostcall: 1 << 20,
            table_elements: 20_000,
            calls: 16,
            calls_of_one: 2,
            module_size: 32 << 20,
            functions: 50_000,
            compile_memory: 1 << 30,
            compile_seconds: 30,
        }
    }
}
