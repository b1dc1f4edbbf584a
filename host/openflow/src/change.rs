//! What can be changed about a bridge.

use std::fmt;

use crate::wire::{kind, put_message};
use crate::{Flow, FlowFilter, Meter};

/// One change. Each can be made again: what is to be removed need not be there, and flows take the place of their like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Adds a flow, or puts it in the place of one with the same table, priority and fields.
    AddFlow(Flow),
    /// Removes flows.
    DeleteFlows(FlowFilter),
    /// Adds a meter; one of its number must not be there.
    AddMeter(Meter),
    /// Removes the meter of a number, and with it the flows that name it.
    DeleteMeter(u32),
}

impl Change {
    pub(crate) fn put(&self, out: &mut Vec<u8>, xid: u32) {
        let kind = match self {
            Self::AddFlow(_) | Self::DeleteFlows(_) => kind::FLOW_MOD,
            Self::AddMeter(_) | Self::DeleteMeter(_) => kind::METER_MOD,
        };
        put_message(out, kind, xid, |out| match self {
            Self::AddFlow(flow) => flow.put_add(out),
            Self::DeleteFlows(filter) => filter.put_delete(out),
            Self::AddMeter(meter) => meter.put_add(out),
            Self::DeleteMeter(number) => Meter::put_delete(out, *number),
        });
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddFlow(flow) => write!(f, "add the {flow}"),
            Self::DeleteFlows(_) => f.write_str("remove flows"),
            Self::AddMeter(meter) => write!(f, "add meter {} of {} kbit/s", meter.number, meter.rate),
            Self::DeleteMeter(number) => write!(f, "remove meter {number}"),
        }
    }
}
