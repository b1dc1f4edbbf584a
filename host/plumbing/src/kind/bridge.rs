//! `bridge`: an Open vSwitch bridge.

use plan::{AdmittedStep, Bridge, Datapath};

use super::{Parts, ids, name};
use crate::ovs::{BridgeSpec, Purpose};
use crate::{Error, Work};

pub(super) fn parts(_: &Work, step: &AdmittedStep, bridge: &Bridge) -> Result<Parts, Error> {
    let spec = BridgeSpec {
        label: step.label.clone(),
        name: name(step)?,
        named: bridge.name.is_some(),
        datapath: bridge.datapath,
        purpose: Purpose::Segment,
    };
    Ok(Parts { bridge: Some(spec), ..Parts::default() })
}

pub(super) fn shell(work: &Work, parts: &Parts) -> Vec<String> {
    let line = |bridge: &BridgeSpec| {
        let (name, ids) = (&bridge.name, ids(work, &bridge.label));
        let datapath = match bridge.datapath {
            Datapath::Auto => "",
            Datapath::System => " datapath_type=system",
            Datapath::Netdev => " datapath_type=netdev",
        };
        format!("ovs-vsctl --may-exist add-br {name} -- set Bridge {name} fail_mode=standalone{datapath}{ids}")
    };
    parts.bridge.iter().map(line).collect()
}
