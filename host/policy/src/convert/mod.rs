//! Between the contract's values and the vocabulary's: `lower` for questions, `lift` for answers.
//!
//! Addresses are typed on both sides and only change their shape. Names and numbers are checked on the way out: what no
//! host could act on does not become a plan.
//!
//! Each version of the contract has a module, with types of its own. What all of them say in the same words is written
//! once, in `lower.rs`, `lift.rs` and `call.rs`, and compiled for each: those files are modules of every version's.

pub(crate) mod checked;
pub(crate) mod v0;
#[expect(clippy::duplicate_mod, reason = "the same text, for other types")]
pub(crate) mod v1;

#[cfg(test)]
mod tests;
