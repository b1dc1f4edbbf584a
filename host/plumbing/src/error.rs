//! What can go wrong, with what Open vSwitch said about it.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::link::LinkError;
use crate::nat::FirewallError;

/// Why plumbing was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No answer from Open vSwitch's database until the deadline.
    #[error(
        "Open vSwitch does not answer at {remote}: is it running? (systemctl start openvswitch-switch){}",
        .cause.as_deref().map(|cause| format!(": {cause}")).unwrap_or_default()
    )]
    OvsAway {
        /// Where it was looked for.
        remote: String,
        /// What the last attempt ran into.
        cause: Option<String>,
    },
    /// The database took the change, but ovs-vswitchd did not carry it out until the deadline.
    #[error("ovs-vswitchd did not take over {what} in time: is it running? (systemctl status openvswitch-switch)")]
    NotTakenOver {
        /// Which port or bridge.
        what: String,
    },
    /// ovs-vswitchd cannot use a port.
    #[error("Open vSwitch cannot use port {port} of bridge {bridge}: {said}")]
    Port {
        /// The port.
        port: String,
        /// Its bridge.
        bridge: String,
        /// What Open vSwitch said.
        said: String,
    },
    /// ovs-vswitchd could not make a bridge.
    #[error("Open vSwitch cannot make bridge {bridge} with datapath {datapath}: {said}")]
    Datapath {
        /// The bridge.
        bridge: String,
        /// `system` or `netdev`.
        datapath: String,
        /// What is likely wrong and what to do.
        said: String,
    },
    /// A name is taken by something that is not ours to change.
    #[error("{what} {name} belongs to {owner}: it is left as it is")]
    Foreign {
        /// `bridge`, `port`.
        what: &'static str,
        /// Its name.
        name: String,
        /// Whom it belongs to.
        owner: String,
    },
    /// No tunnel leads to a host: ovs-vswitchd does not send what it wrapped the way the route has it.
    #[error(
        "no tunnel leads to {host}: the route there leaves by {link}, and ovs-vswitchd, whose datapath (netdev) the network has, sends what it wraps only through internal ports of its own bridges; put {link} on a bridge and its addresses and routes on the bridge's own port: ovs-vsctl add-br br-phy -- set Bridge br-phy datapath_type=netdev -- add-port br-phy {link}, then ip address flush dev {link}, ip address add ADDRESS dev br-phy and ip link set br-phy up"
    )]
    Underlay {
        /// The other host.
        host: IpAddr,
        /// The link.
        link: String,
    },
    /// No tunnel leads to a host, since nothing does.
    #[error("no tunnel leads to {host}: this host has no route there (ip route get {host})")]
    NoRoute {
        /// The other host.
        host: IpAddr,
    },
    /// Somebody's tunnel takes every number that no other says: of its frames those with ours would come to us.
    #[error(
        "a {kind} tunnel to {host} would take frames of port {port} on bridge {bridge}, which is another's and has every \
         number that no tunnel says (key=flow), as OVN's have: create the network with -o tunnel={} on all of its hosts, \
         unless OVN has tunnels of that kind, too (ovs-vsctl get Open_vSwitch . external_ids:ovn-encap-type), or leave {host} \
         out of peers",
        if kind == "vxlan" { "geneve" } else { "vxlan" }
    )]
    TunnelTakes {
        /// The other host.
        host: IpAddr,
        /// `vxlan`, `geneve`.
        kind: String,
        /// The other's port.
        port: String,
        /// Its bridge.
        bridge: String,
    },
    /// Somebody's tunnel has the number of ours.
    #[error(
        "a {kind} tunnel with number {number} to {host} is there already, port {port} on bridge {bridge}, which is another's, \
         and Open vSwitch has one tunnel of a number to a host: create the network with another -o vni= on all of its hosts"
    )]
    TunnelTaken {
        /// The other host.
        host: IpAddr,
        /// `vxlan`, `geneve`.
        kind: String,
        /// The number.
        number: u64,
        /// The other's port.
        port: String,
        /// Its bridge.
        bridge: String,
    },
    /// What guards a container's port cannot be written or looked at.
    #[error("port {port} stays shut, since bridge {bridge} cannot be told what it may send: {source}")]
    Guard {
        /// The container's port.
        port: String,
        /// The bridge that guards it.
        bridge: String,
        /// What went wrong.
        source: Box<openflow::Error>,
    },
    /// What a step builds on is not there.
    #[error("{what} {name} is not there: docker-ovs network reconcile makes it again")]
    Absent {
        /// `bridge`, `host port`.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A container's link, which nobody could bring back into it.
    #[error("link {name} is gone, and with it the container's interface: restart the container")]
    LinkGone {
        /// The host's end of it.
        name: String,
    },
    /// A stored step cannot be performed: it builds on nothing, has no name, or its kind is not known.
    #[error("step {label} cannot be performed: {reason}")]
    Step {
        /// Its label.
        label: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Open vSwitch's database refused a change.
    #[error("Open vSwitch refused to {what}: {said}")]
    Refused {
        /// What was asked of it.
        what: String,
        /// What it said.
        said: String,
    },
    /// A bridge that others use cannot be removed.
    #[error("bridge {bridge} stays: others have ports on it ({ports}); it goes when those are removed")]
    InUse {
        /// The bridge.
        bridge: String,
        /// The ports.
        ports: String,
    },
    /// Nobody said where OVN's northbound database is.
    #[error(
        "no northbound database of OVN is known: name it in Open vSwitch's database (ovs-vsctl set Open_vSwitch . external_ids:ovn-nb=tcp:HOST:6641) or as ovn_nb in the configuration"
    )]
    NorthboundUnknown,
    /// What Open vSwitch's database says about it is no remote.
    #[error("external_ids:ovn-nb of Open vSwitch's database cannot be used: {said}")]
    NorthboundName {
        /// What is wrong with it.
        said: String,
    },
    /// No answer from OVN's northbound database until the deadline.
    #[error(
        "OVN's northbound database does not answer at {remote}: is it running and reachable? (ovn-nbctl --db={remote} show){}",
        .cause.as_deref().map(|cause| format!(": {cause}")).unwrap_or_default()
    )]
    NorthboundAway {
        /// Where it was looked for.
        remote: String,
        /// What the last attempt ran into.
        cause: Option<String>,
    },
    /// OVN's northbound database refused a change.
    #[error("OVN's northbound database refused to {what}: {said}")]
    NorthboundRefused {
        /// What was asked of it.
        what: String,
        /// What it said.
        said: String,
    },
    /// ovn-controller has made no bridge to connect containers on.
    #[error(
        "integration bridge {bridge} is not there: is ovn-controller running on this host? (systemctl status ovn-host)"
    )]
    NoIntegrationBridge {
        /// The bridge.
        bridge: String,
    },
    /// OVN did not connect a port until the deadline.
    #[error("OVN did not connect port {port} in time: {doing}")]
    NotBound {
        /// The logical port.
        port: String,
        /// What is known of what it is doing.
        doing: String,
    },
    /// A switch that a user named is not there.
    #[error(
        "there is no logical switch {name} in OVN's northbound database: one that is named has to be there (ovn-nbctl ls-add {name})"
    )]
    NoSwitch {
        /// The name.
        name: String,
    },
    /// A switch that a user named could be several.
    #[error("{count} logical switches are called {name} in OVN's northbound database: use a name that one alone has")]
    SwitchesAlike {
        /// The name.
        name: String,
        /// How many have it.
        count: usize,
    },
    /// What a row of the northbound database belongs to is not there.
    #[error("{what} has nothing to be on in OVN's northbound database: docker-ovs network reconcile makes it again")]
    NoHolder {
        /// The row.
        what: String,
    },
    /// Others say something else of what they have, too.
    #[error("{what} is there with {there}, not {said}, for {holder}: {remedy}")]
    SaidDifferently {
        /// The row.
        what: String,
        /// What the others say.
        there: String,
        /// What was asked for.
        said: String,
        /// Who they are.
        holder: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A router of a VRF has a port in the subnet already, on another switch.
    #[error(
        "{what} in {subnet} would overlap {there} in {other}, which {holder} has: networks of one VRF are on one switch \
         when all their subnets are the same, of both families; say the same here, or use other subnets, or another VRF"
    )]
    SubnetTaken {
        /// The port that was to be.
        what: String,
        /// Its subnet.
        subnet: IpNet,
        /// The port that is there.
        there: String,
        /// The subnet of that one.
        other: IpNet,
        /// Who has it.
        holder: String,
    },
    /// Another host's container has the address on a switch that hosts share.
    #[error(
        "{what} cannot have {address}: a container of network {network} on {host} has it. Hosts that share a switch give \
         out the same addresses unless each makes the network with --ipam-driver ovs and the same pool: --ipam-opt \
         vrf=NAME as in -o vrf=NAME, on every host (docker-ovs ipam ls shows the pools); if that host is gone for good, \
         docker-ovs ovn reclaim frees what it had"
    )]
    AddressTaken {
        /// The port that was to be.
        what: String,
        /// The address.
        address: IpAddr,
        /// The network of the port that has it.
        network: String,
        /// The host of that one.
        host: String,
    },
    /// A row that only one can have is somebody else's.
    #[error("{what} belongs to {owner}: it is left as it is")]
    Taken {
        /// The row.
        what: String,
        /// Whose it is.
        owner: String,
    },
    /// A row that others have something on cannot be removed.
    #[error("{what} stays: others have something on it ({by}); it goes when that is removed")]
    RowInUse {
        /// The row.
        what: String,
        /// What is on it.
        by: String,
    },
    /// Remotes or certificates of the northbound database cannot be used.
    #[error("cannot reach OVN's northbound database: {0}")]
    NorthboundOptions(#[source] Box<ovsdb::Error>),
    /// What a change builds on kept changing.
    #[error("others change Open vSwitch's configuration all the time: try again")]
    Contended,
    /// The firewall's commands took too long.
    #[error("the firewall was not changed in time: does another program hold its lock?")]
    FirewallSlow,
    /// Remotes or certificates cannot be used.
    #[error("cannot reach Open vSwitch: {0}")]
    Options(#[source] Box<ovsdb::Error>),
    /// A link is not as it should be.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The firewall is not as it should be.
    #[error(transparent)]
    Firewall(#[from] FirewallError),
    /// More than one thing went wrong while undoing.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Several(Vec<Error>),
}

impl Error {
    /// One of several, or all of them; none: all went well.
    pub(crate) fn all(mut errors: Vec<Self>) -> Result<(), Self> {
        match errors.len() {
            0 => Ok(()),
            1 => Err(errors.remove(0)),
            _ => Err(Self::Several(errors)),
        }
    }
}
