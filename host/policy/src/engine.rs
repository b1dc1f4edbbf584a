//! The engine: one configuration for the process that runs modules and for the child that compiles them, so that what
//! the one makes fits the other.

use std::num::NonZeroUsize;

use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::Limits;

/// The least address space set aside for each memory.
const RESERVATION: u64 = 32 << 20;
/// Bytes of a page of WebAssembly.
const PAGE: u64 = 64 << 10;

/// What one component may be made of. Modes in Rust need one core instance, in JavaScript three memories, in Python 38
/// core instances.
pub(crate) const CORE_INSTANCES: u32 = 64;
pub(crate) const MEMORIES: u32 = 4;
pub(crate) const TABLES: u32 = 32;

/// How instances get their memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allocation {
    /// From slots set aside at the start: twice as fast.
    Pooled,
    /// From the kernel, for each call: where address space is limited.
    OnDemand,
}

/// The engine that modules run in, and how it allocates. Pooled if the address space can be had.
pub(crate) fn running(limits: &Limits) -> wasmtime::Result<(Engine, Allocation)> {
    let mut pooled = config(limits);
    pooled.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(limits)));
    match Engine::new(&pooled) {
        Ok(engine) => Ok((engine, Allocation::Pooled)),
        Err(error) => {
            tracing::warn!(
                "no address space for pooled instances, each call allocates its own and takes twice as long: {error:#}"
            );
            Ok((Engine::new(&config(limits))?, Allocation::OnDemand))
        }
    }
}

/// The engine that modules are compiled with. Never pooled: the child has little address space.
pub(crate) fn compiling(limits: &Limits) -> wasmtime::Result<Engine> {
    Engine::new(&config(limits))
}

/// Everything that is compiled in: the same in both processes.
fn config(limits: &Limits) -> Config {
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .epoch_interruption(true)
        .cranelift_nan_canonicalization(true)
        .wasm_relaxed_simd(false)
        .max_wasm_stack(limits.stack)
        .wasm_backtrace_max_frames(NonZeroUsize::new(16));
    // Bounds are checked by instructions rather than by 4 GiB of guard pages: little address space, and loads that the
    // processor cannot speculate past.
    config
        .memory_reservation(reservation(limits.memory))
        .memory_reservation_for_growth(0)
        .memory_guard_size(64 << 10)
        .guard_before_linear_memory(false);
    config
}

/// Address space for one memory: all that it may grow to, so that memories never move.
fn reservation(memory: usize) -> u64 {
    u64::try_from(memory).unwrap_or(u64::MAX).next_multiple_of(PAGE).max(RESERVATION)
}

/// Instances that are tried, when a module is added, while others are called: one of a site's and the built-in ones.
const TRIED: u32 = 8;

/// Slots for as many calls as may run at once, and for modules that are tried.
fn pool(limits: &Limits) -> PoolingAllocationConfig {
    let calls = u32::try_from(limits.calls).unwrap_or(u32::MAX).saturating_add(TRIED);
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(calls)
        .total_core_instances(calls.saturating_mul(CORE_INSTANCES))
        .total_memories(calls.saturating_mul(MEMORIES))
        .total_tables(calls.saturating_mul(TABLES))
        .max_core_instances_per_component(CORE_INSTANCES)
        .max_memories_per_component(MEMORIES)
        .max_tables_per_component(TABLES)
        .max_memories_per_module(MEMORIES)
        .max_tables_per_module(4)
        .max_memory_size(limits.memory)
        .table_elements(limits.table_elements)
        .linear_memory_keep_resident(128 << 10)
        .table_keep_resident(16 << 10);
    pool
}
