//! `forward`: new connections may leave through the host port, and replies come back.

use plan::{Action, AdmittedStep, Forward};

use super::{Parts, host_port_of, rule};
use crate::nat::Effect;
use crate::{Error, Work};

pub(super) fn parts(work: &Work, step: &AdmittedStep, forward: &Forward) -> Result<Parts, Error> {
    let effect = Effect::Forward {
        port: host_port_of(work, step)?,
        hairpin: forward.hairpin,
        ipv6: work.ground(step).is_some_and(has_ipv6),
    };
    Ok(Parts { rule: Some(rule(work, effect)), ..Parts::default() })
}

fn has_ipv6(host_port: &AdmittedStep) -> bool {
    match &host_port.action {
        Action::HostPort(port) => port.addresses.iter().any(|address| address.addr().is_ipv6()),
        _ => false,
    }
}
