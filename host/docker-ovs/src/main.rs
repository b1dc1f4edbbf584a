//! `docker-ovs`: the driver, and the commands of those who look after it.
//!
//! This crate reads arguments and configuration, wires the rooms together, and prints. What a network is, and what is
//! done for it, is decided in the others.

mod cli;
mod command;
mod config;
mod exit;
mod log;
mod modes;
mod names;
mod show;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::config::Config;
use crate::exit::Failure;

fn main() -> ExitCode {
    if let Some(code) = policy::compile_child() {
        return code;
    }
    let cli = Cli::try_parse_from(arguments()).unwrap_or_else(|error| {
        // Help and the version are no errors; the rest is the user's.
        let code = if error.use_stderr() { exit::USAGE } else { 0 };
        let _ = error.print();
        std::process::exit(i32::from(code))
    });
    run(&cli).unwrap_or_else(|failure| failure.report())
}

fn run(cli: &Cli) -> Result<ExitCode, Failure> {
    let config = || Config::load(&cli.sources());
    match &cli.command {
        Command::Serve(_) => command::serve::run(&cli.sources(), config()?),
        Command::Check(check) => command::check::run(check, &config()?),
        Command::Network(network) => command::network::run(network, &config()?),
        Command::Ipam(ipam) => command::ipam::run(ipam, &config()?),
        Command::Ovn(ovn) => command::ovn::run(ovn, &config()?),
        Command::Explain(explain) => command::explain::run(explain, &config()?),
        Command::Plan(plan) => command::plan::run(plan, &config()?),
        Command::Mode(mode) => command::mode::run(mode, &config()?),
        Command::Completion(completion) => command::completion::run(completion),
        Command::DockerCliPluginMetadata => command::metadata::run(),
    }
}

/// The arguments. As a plugin of Docker's command line (`docker ovs network ls`) there is the plugin's name before them.
fn arguments() -> Vec<OsString> {
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == "ovs") {
        arguments.remove(1);
    }
    arguments
}
