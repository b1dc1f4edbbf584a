//! New projects, and the examples that they come from.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod c_bindings;
