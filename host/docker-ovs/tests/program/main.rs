//! The program as people run it: arguments in, text, JSON and exit codes out.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../../../policy/tests/hostile/build.rs"]
mod build;
#[path = "../../../ovsdb/tests/it/support/certs.rs"]
mod certs;
mod chassis;
mod commands;
mod configuration;
mod described;
mod dry_run;
mod forgotten;
mod mode_fuzz;
mod mode_test;
mod modes;
mod names;
mod northbound;
mod peers;
mod place;
mod pools;
mod projects;
mod record;
mod run;
mod secrets;
mod serve;
#[path = "../../../ovsdb/tests/it/support/server.rs"]
#[allow(dead_code, reason = "the tests of the client need more of it")]
mod server;
mod units;
mod upgrade;
