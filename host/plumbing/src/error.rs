//! What can go wrong, with what Open vSwitch said about it.

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
