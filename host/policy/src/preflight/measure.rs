//! How much of everything a file has: what compiling and starting it will take at least.

use wasmparser::{MemoryType, Parser, Payload, TableType};

use crate::{Limits, LoadError};

/// How much of everything a file has, in all its modules together, however deep they are nested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// Functions.
    pub functions: u64,
    /// Bytes that all memories begin with.
    pub memory: u64,
    /// Elements that the largest table begins with.
    pub largest_table: u64,
}

/// Counts, and compares with the limits.
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<Measure, LoadError> {
    if !Parser::is_component(bytes) && !Parser::is_core_wasm(bytes) {
        return Err(component::Error::NotWasm.into());
    }
    let size = measure(bytes).map_err(LoadError::Malformed)?;
    if size.functions > u64::from(limits.functions) {
        return Err(LoadError::Functions { functions: size.functions, limit: limits.functions });
    }
    if size.memory > limits.memory as u64 {
        return Err(LoadError::Memory { bytes: size.memory, limit: limits.memory });
    }
    if size.largest_table > limits.table_elements as u64 {
        return Err(LoadError::Table { elements: size.largest_table, limit: limits.table_elements });
    }
    Ok(size)
}

fn measure(bytes: &[u8]) -> wasmparser::Result<Measure> {
    let mut size = Measure::default();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::FunctionSection(functions) => size.functions += u64::from(functions.count()),
            Payload::MemorySection(memories) => {
                for memory in memories {
                    size.memory = size.memory.saturating_add(initial(&memory?));
                }
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    let TableType { initial, .. } = table?.ty;
                    size.largest_table = size.largest_table.max(initial);
                }
            }
            _ => {}
        }
    }
    Ok(size)
}

fn initial(memory: &MemoryType) -> u64 {
    memory.initial.saturating_mul(1 << memory.page_size_log2.unwrap_or(16).min(16))
}
