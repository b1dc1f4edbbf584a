//! `acl`: what becomes of packets that arrive at ports of a logical switch.

use plan::{Acl, AdmittedStep, Verdict};

use super::Parts;
use super::logical_switch::switch;
use crate::ovn::{self, Packets};
use crate::{Error, Work};

pub(super) fn parts(work: &Work, step: &AdmittedStep, acl: &Acl) -> Result<Parts, Error> {
    let switch = switch(work, step, &acl.switch)?;
    let packets =
        Packets { sources: &acl.sources, destinations: &acl.destinations, protocol: acl.protocol, port: acl.port };
    let action = match acl.verdict {
        Verdict::Allow => "allow",
        Verdict::AllowRelated => "allow-related",
        Verdict::Drop => "drop",
    };
    Ok(Parts { rows: vec![ovn::acl(&step.label, &switch, acl.priority, packets, action)], ..Parts::default() })
}
