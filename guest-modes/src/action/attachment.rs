//! What a port is plugged into.

use crate::Label;

/// What a port is plugged into: the step of a bridge, or of a logical switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attachment {
    /// An Open vSwitch bridge.
    Bridge(Label),
    /// A logical switch: the port is on this host's integration bridge, bound to a logical port.
    LogicalSwitch(Label),
}
