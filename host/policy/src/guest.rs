//! What an instance carries while it runs: what it took, and what it logged.

use wasmtime::ResourceLimiter;

use crate::engine::{CORE_INSTANCES, MEMORIES, TABLES};
use crate::escape::printable_within;
use crate::secrets::Secrets;
use crate::{Limits, LogLevel, LogLine};

/// Lines of one call that are kept.
const LINES: usize = 64;
/// Bytes of one line.
const LINE: usize = 1 << 10;
/// Bytes of all lines of one call.
const BYTES: usize = 16 << 10;

/// The host's side of one instance.
pub(crate) struct Guest {
    /// What it takes.
    pub(crate) memory: Memory,
    /// What it says.
    pub(crate) log: Log,
}

impl Guest {
    pub(crate) fn new(limits: &Limits, secrets: Secrets) -> Self {
        Self {
            memory: Memory { limit: limits.memory, elements: limits.table_elements, used: 0, peak: 0, denied: false },
            log: Log { secrets, ..Log::default() },
        }
    }
}

/// Counts the bytes of all memories together: wasmtime's own limiter counts each one alone.
pub(crate) struct Memory {
    limit: usize,
    elements: usize,
    used: usize,
    /// The most that was used.
    pub(crate) peak: usize,
    /// Whether something was denied. The guest itself dies of it in its own way, mostly as a panic.
    pub(crate) denied: bool,
}

impl ResourceLimiter for Memory {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let used = self.used.saturating_add(desired.saturating_sub(current));
        if used > self.limit {
            self.denied = true;
            return Ok(false);
        }
        self.used = used;
        self.peak = self.peak.max(used);
        Ok(true)
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        tracing::debug!("a module's memory did not grow: {error:#}");
        self.denied = true;
        Ok(())
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.denied |= desired > self.elements;
        Ok(desired <= self.elements)
    }

    fn table_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        tracing::debug!("a module's table did not grow: {error:#}");
        self.denied = true;
        Ok(())
    }

    fn instances(&self) -> usize {
        CORE_INSTANCES as usize
    }

    fn tables(&self) -> usize {
        TABLES as usize
    }

    fn memories(&self) -> usize {
        MEMORIES as usize
    }
}

/// What a call logged, up to a size; what came after is counted.
#[derive(Default)]
pub(crate) struct Log {
    /// The lines that were kept, printable.
    pub(crate) lines: Vec<LogLine>,
    /// How many were not kept.
    pub(crate) dropped: u64,
    /// What is not to be seen in the lines.
    secrets: Secrets,
    bytes: usize,
    last: Option<String>,
}

impl Log {
    /// The last line, kept or not: a panic is the last thing a guest says.
    pub(crate) fn last(&self) -> Option<String> {
        self.last.as_deref().map(|message| printable_within(message, LINE))
    }

    /// Takes a line down, or counts it.
    pub(crate) fn add(&mut self, level: LogLevel, message: &str) {
        // Before it is cut: of what is cut in two, a half would be left.
        let message = self.secrets.hide(message);
        if self.lines.len() < LINES && self.bytes + LINE <= BYTES {
            let text = printable_within(&message, LINE);
            self.bytes += text.len();
            self.lines.push(LogLine { level, text });
        } else {
            self.dropped += 1;
        }
        self.last = Some(message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memories_are_summed() {
        let limits = Limits { memory: 3 << 16, ..Limits::default() };
        let mut memory = Guest::new(&limits, Secrets::default()).memory;
        assert!(memory.memory_growing(0, 1 << 16, None).unwrap());
        assert!(memory.memory_growing(0, 1 << 16, None).unwrap(), "a second memory");
        assert!(memory.memory_growing(1 << 16, 2 << 16, None).unwrap());
        assert!(!memory.denied);
        assert!(!memory.memory_growing(1 << 16, 2 << 16, None).unwrap());
        assert!(memory.denied);
        assert_eq!(memory.peak, 3 << 16);
    }

    #[test]
    fn a_flood_is_kept_to_its_beginning_and_counted() {
        let mut log = Log::default();
        for number in 0..1000 {
            log.add(LogLevel::Info, &format!("line {number}"));
        }
        assert_eq!((log.lines.len(), log.dropped), (LINES, 936));
        assert_eq!(log.last().as_deref(), Some("line 999"));
        let mut log = Log::default();
        for _ in 0..64 {
            log.add(LogLevel::Info, &"x".repeat(5000));
        }
        assert_eq!((log.lines.len(), log.dropped), (16, 48));
    }
}
