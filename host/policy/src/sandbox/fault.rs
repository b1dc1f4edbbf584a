//! Which fault it was. Wasmtime says it in three ways: with a trap, with an error of its own, or not at all (a denied
//! memory: the guest dies of it in its own way).

use rustix::io::Errno;
use wasmtime::{Error, OutOfMemory, PoolConcurrencyLimitError, Trap};

use crate::escape::printable_within;
use crate::guest::Guest;
use crate::{FaultKind, Limits};

/// What wasmtime says when the copies of an answer would exceed `set_hostcall_fuel`. There is no type for it; the test
/// with the amplifying list notices when the words change.
const TOO_MUCH_OUTPUT: &str = "fuel allocated for hostcalls has been exhausted";

/// Whether it was the guest that broke, rather than the host that had no place for it.
pub(super) fn is_guests(error: &Error, guest: &Guest) -> bool {
    error.is::<Trap>() || guest.memory.denied
}

/// Whether it was the host that had no place or memory, rather than the module that would fit nowhere.
pub(super) fn is_hosts(error: &Error) -> bool {
    error
        .chain()
        .any(|cause| cause.is::<PoolConcurrencyLimitError>() || cause.is::<OutOfMemory>() || cause.is::<Errno>())
}

/// The class of a fault, with the limit where one was hit.
pub(super) fn kind(error: &Error, guest: &Guest, limits: &Limits) -> FaultKind {
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => FaultKind::Cpu { fuel: limits.fuel },
        Some(Trap::Interrupt) => FaultKind::Time { limit: limits.time() },
        Some(Trap::StackOverflow) => FaultKind::Stack { bytes: limits.stack },
        _ if guest.memory.denied => FaultKind::Memory { bytes: limits.memory },
        Some(Trap::UnreachableCodeReached) => FaultKind::Panic,
        Some(trap) => FaultKind::Trap { detail: trap.to_string() },
        None => {
            let detail = format!("{error:#}");
            if detail.contains(TOO_MUCH_OUTPUT) {
                return FaultKind::Output { bytes: limits.hostcall };
            }
            FaultKind::Abi { detail: printable_within(&detail, 512) }
        }
    }
}
