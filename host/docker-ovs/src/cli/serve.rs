//! `docker-ovs serve`.

use std::path::PathBuf;

use clap::Args;

use crate::config::LogFormat;

/// Run the driver
///
/// Listens on Docker's plugin socket at once and connects to Open vSwitch when it can. SIGTERM lets calls under way
/// finish; SIGHUP reads the configuration again and takes over log.filter, mode_dir, grants_dir and [grants].
#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Docker's plugin socket; its name is the driver's name
    #[arg(long, value_name = "SOCKET")]
    pub(super) socket: Option<PathBuf>,
    /// The mode of a network that names none
    #[arg(long, value_name = "MODE")]
    pub(super) default_mode: Option<String>,
    /// Directory of what the driver remembers
    #[arg(long, value_name = "DIRECTORY")]
    pub(super) state_dir: Option<PathBuf>,
    /// Open vSwitch's database: unix:PATH, tcp:HOST:PORT or ssl:HOST:PORT
    #[arg(long, value_name = "REMOTE")]
    pub(super) ovsdb: Option<String>,
    /// For whom logs are written
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(super) log_format: Option<LogFormat>,
    /// Log everything the driver does
    #[arg(long, short)]
    pub(super) debug: bool,
}
