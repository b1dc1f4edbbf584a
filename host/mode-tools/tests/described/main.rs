//! What is said of modules without running them: inspections, differences, pages.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod difference;
mod document;
mod inspect;
mod module;
