//! Modules that mean no good. Each test asserts that the host survives and that what a person is told names the limit
//! or the rule. None depends on how fast the machine is.

#![allow(clippy::unwrap_used, reason = "what goes wrong in a test is to stop it")]

mod answer;
mod answers;
mod bomb;
mod build;
mod cache;
mod catalog;
mod deputy;
mod floods;
mod limits;
mod loading;
mod rights;
mod saying;
mod secrets;
mod sites;
mod support;
