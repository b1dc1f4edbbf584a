//! The mode's logic, natively: a network in, a plan or a refusal out.

mod external;
mod given;
mod host;
mod others;
