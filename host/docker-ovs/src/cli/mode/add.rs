//! `docker-ovs mode add`.

use std::path::PathBuf;

use clap::Args;
use plan::Grant;

/// Try a module, put it into mode_dir, and grant it what it may do
///
/// The module is checked, compiled and tried as the driver does it; one that the driver would not take is refused, with
/// the reason. Grants are bound to the file's SHA-256: another file of that name gets nothing. Without --grant a module
/// that was here before keeps what it is granted, and a new one gets its own bridge and its own containers' ports.
///
/// A running driver takes it over at once. Networks keep the module that they were made with, and what that is granted,
/// until `docker-ovs mode upgrade`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  docker-ovs mode add lab.wasm
  docker-ovs mode add lab.wasm --grant uplink=eth1 --grant vlan=100-199
  docker-ovs mode add build/out.wasm --name lab

Grants: bridge, uplink, vlan, ovn, host-address, nat, publish, tunnel; the first four may be
narrowed (bridge=br-lab, uplink=eth1, vlan=100-199), and --grant repeated.

Exit codes: 64 a grant that the module does not ask for, or a name that cannot
be; 65 the driver would not take the module; 66 no such file; 69 it could not
be tried; 77 not root")]
pub(crate) struct Add {
    /// The module's file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// What it may do
    #[arg(long = "grant", value_name = "GRANT")]
    pub(crate) grants: Vec<Grant>,
    /// What it is called here: --opt mode=NAME [default: the name in its manifest]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
