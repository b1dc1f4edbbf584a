//! How much of everything a file has: what compiling and starting it will take at least.

use wasmparser::{MemoryType, Parser, Payload, TableType};

use crate::{Limits, LoadError};

#[derive(Default)]
struct Size {
    functions: u64,
    memory: u64,
    largest_table: u64,
}

/// Counts through all modules of a file, however deep they are nested.
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<(), LoadError> {
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
    Ok(())
}

fn measure(bytes: &[u8]) -> wasmparser::Result<Size> {
    let mut size = Size::default();
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
