//! `docker-ovs plan`.

use clap::Args;
use ipnet::IpNet;
use mode_tools::fixture::Port;

use crate::command::plan::Assignment;

/// Ask a mode for a plan and show it, without touching anything
///
/// Needs neither root nor Docker nor Open vSwitch. The host is taken to have the interfaces that the options name, free
/// to be used; the driver itself looks at the real ones.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  docker-ovs plan --mode nat --subnet 10.1.0.0/24
  docker-ovs plan --mode flat --subnet 192.0.2.0/24 -o uplink=eth1 -o vlan=12
  docker-ovs plan --mode nat --subnet 10.1.0.0/24 --ip 10.1.0.5 -p 8080:80")]
pub(crate) struct Plan {
    /// The mode [default: default_mode of the configuration]
    #[arg(long, value_name = "MODE")]
    pub(crate) mode: Option<String>,
    /// A subnet of the network, as in `docker network create`; may be repeated
    #[arg(long, value_name = "SUBNET", required = true)]
    pub(crate) subnet: Vec<IpNet>,
    /// The gateway of the subnet it lies in [default: the first address]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) gateway: Vec<std::net::IpAddr>,
    /// An option of the network
    #[arg(short = 'o', long = "opt", value_name = "KEY=VALUE")]
    pub(crate) options: Vec<Assignment>,
    /// A network without a way out
    #[arg(long)]
    pub(crate) internal: bool,
    /// Plan an endpoint too, with this address; may be repeated
    #[arg(long = "ip", value_name = "ADDRESS", visible_alias = "ip6")]
    pub(crate) addresses: Vec<std::net::IpAddr>,
    /// The endpoint's Ethernet address
    #[arg(long = "mac-address", value_name = "MAC", requires = "addresses")]
    pub(crate) mac: Option<plan::MacAddress>,
    /// An option of the endpoint
    #[arg(long = "driver-opt", value_name = "KEY=VALUE", requires = "addresses")]
    pub(crate) endpoint_options: Vec<Assignment>,
    /// A port to publish: [HOST-ADDRESS:]HOST-PORT:PORT[/PROTOCOL]
    #[arg(short = 'p', long = "publish", value_name = "PORT", requires = "addresses")]
    pub(crate) ports: Vec<Port>,
    /// Something to tell the mode about the host, such as uplink.mtu=9000
    #[arg(long = "fact", value_name = "KEY=VALUE")]
    pub(crate) facts: Vec<Assignment>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
