//! The program as people run it: arguments in, text, JSON and exit codes out.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../../../policy/tests/hostile/build.rs"]
mod build;
mod commands;
mod configuration;
mod described;
mod dry_run;
mod forgotten;
mod mode_fuzz;
mod mode_test;
mod modes;
mod names;
mod peers;
mod place;
mod projects;
mod record;
mod run;
mod secrets;
mod serve;
mod units;
mod upgrade;
