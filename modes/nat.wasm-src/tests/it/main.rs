//! The mode's logic, natively: a network in, a plan or a refusal out.

mod given;
mod network;
mod publish;
