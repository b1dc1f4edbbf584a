//! The mode's logic, natively: a network in, a plan or a refusal out.

mod endpoint;
mod given;
mod mesh;
mod network;
mod publish;
