//! Between the contract's values and the vocabulary's: [`lower`] for questions, [`lift`] for answers.
//!
//! Addresses are typed on both sides and only change their shape. Names and numbers are checked on the way out: what no
//! host could act on does not become a plan.

pub(crate) mod lift;
pub(crate) mod lower;

#[cfg(test)]
mod tests;
