//! The arguments: what all commands share, and the small ones; the others have a file each.

mod ipam;
pub(crate) mod mode;
mod network;
mod ovn;
mod plan;
mod serve;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

pub(crate) use self::ipam::{Ipam, Release};
pub(crate) use self::mode::Mode;
pub(crate) use self::network::{Network, Remove};
pub(crate) use self::ovn::Ovn;
pub(crate) use self::plan::Plan;
pub(crate) use self::serve::Serve;
use crate::config::Sources;

/// A Docker network driver for Open vSwitch.
///
/// What a network means (nat, flat, or something your site invented) is decided by its mode, a sandboxed module that
/// answers with a plan; the driver checks the plan, performs it, remembers it and undoes it.
#[derive(Debug, Parser)]
#[command(
    name = "docker-ovs",
    version,
    max_term_width = 120,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// No line is longer than 80 characters: longer ones would be broken where help is not shown on a wide terminal.
const EXAMPLES: &str = "\
Examples:
  docker-ovs check                  is this host fit, and what to do if not
  docker network create -d ovs web  a network of the default mode, nat
  docker network create -d ovs -o mode=flat -o uplink=eth1 \\
    --subnet 192.0.2.0/24 lan
  docker-ovs network ls             what the driver holds
  docker-ovs network inspect web    one of them, compared with what is there now
  docker-ovs explain web            why each thing is there, and how it is made
  docker-ovs plan --mode nat --subnet 10.1.0.0/24
                                    what would be done, without doing it
  docker-ovs mode test              a mode of your own, by its fixtures

Exit codes:
  0   done
  1   check found something to mend, mode diff a difference, and mode test
      a case that fails; its help says what 2, 3 and 4 are
  64  bad arguments or configuration
  65  refused: by a mode, by the guard, or because Docker still has it
  66  no such network, endpoint or mode
  69  a service is needed that is not there: the driver, Open vSwitch
  70  something unexpected: please report it
  75  it took too long
  76  the driver gave no proper answer
  77  not permitted: root is needed

Configuration:
  built-in defaults, then /etc/docker-ovs/config.toml, then DOCKER_OVS_*
  (DOCKER_OVS_LIMITS__JOIN=30s is join in [limits]), then flags;
  later ones win.";

/// What every command understands.
#[derive(Args, Debug)]
pub(crate) struct Common {
    /// Configuration file [default: /etc/docker-ovs/config.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE", env = "DOCKER_OVS_CONFIG")]
    config: Option<PathBuf>,
    /// The operators' socket of the running driver
    #[arg(long, global = true, value_name = "SOCKET")]
    admin_socket: Option<PathBuf>,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Serve(Serve),
    Check(Check),
    #[command(subcommand)]
    Network(Network),
    #[command(subcommand)]
    Ovn(Ovn),
    #[command(subcommand)]
    Ipam(Ipam),
    Explain(Explain),
    Plan(Box<Plan>),
    #[command(subcommand)]
    Mode(Mode),
    Completion(Completion),
    /// What Docker asks of its command-line plugins.
    #[command(hide = true)]
    DockerCliPluginMetadata,
}

/// Is this host fit for the driver, and what to do if not
///
/// Looks at Open vSwitch, the datapath, OVN, nftables, forwarding, Docker, the modes and the running driver, and compares what
/// the driver has with what Docker has; changes nothing.
///
/// The exit code is 1 if something has to be mended.
#[derive(Args, Debug)]
pub(crate) struct Check {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Why each thing is there, and how it would be made by hand
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  docker-ovs explain web            what was made for a network
  docker-ovs explain web/api        what was made for a container in it
  docker-ovs explain 3f9a/77c0      the same by ids: names need Docker, ids do not")]
pub(crate) struct Explain {
    /// A network, or what a container has in it: names, or ids (of networks and endpoints), whose beginnings are enough
    #[arg(value_name = "NETWORK[/CONTAINER]")]
    pub(crate) subject: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Print the completions of a shell
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  docker-ovs completion bash > /etc/bash_completion.d/docker-ovs")]
pub(crate) struct Completion {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// What `--debug` logs: the libraries below have more to say than helps.
const EVERYTHING_OF_OURS: &str = "debug,wasmtime=info,cranelift=info,hyper=info";

impl Cli {
    /// Where the configuration comes from.
    pub(crate) fn sources(&self) -> Sources {
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        let mut flags = vec![("admin_socket", path(&self.common.admin_socket))];
        if let Command::Serve(serve) = &self.command {
            flags.extend([
                ("socket", path(&serve.socket)),
                ("default_mode", serve.default_mode.clone()),
                ("state_dir", path(&serve.state_dir)),
                ("ovsdb", serve.ovsdb.clone()),
                ("log.format", serve.log_format.map(|format| format.word().to_owned())),
                ("log.filter", serve.debug.then(|| EVERYTHING_OF_OURS.to_owned())),
            ]);
        }
        let flags = flags.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
        Sources { file: self.common.config.clone(), flags }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::config::DEFAULT_FILE;

    #[test]
    fn the_arguments_are_well_defined() {
        Cli::command().debug_assert();
    }

    #[test]
    fn examples_are_not_broken_on_a_narrow_terminal() {
        let help = Cli::command().render_long_help().to_string();
        let tail = help.split_once("Examples:").unwrap().1;
        assert!(EXAMPLES.ends_with(tail.trim_end()), "{tail}");
        assert!(EXAMPLES.lines().all(|line| line.len() <= 80), "{EXAMPLES}");
    }

    #[test]
    fn the_help_names_the_file_that_is_read() {
        let help = Cli::command().render_long_help().to_string();
        assert!(help.contains(DEFAULT_FILE) && EXAMPLES.contains(DEFAULT_FILE), "{help}");
    }
}
