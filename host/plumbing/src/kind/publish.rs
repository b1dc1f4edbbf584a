//! `publish`: a port of the host that leads to one of a container.

use plan::{AdmittedStep, Publish};

use super::{Parts, host_port_of, rule};
use crate::nat::Effect;
use crate::{Error, Work};

pub(super) fn parts(work: &Work, step: &AdmittedStep, publish: &Publish) -> Result<Parts, Error> {
    let effect = Effect::Publish {
        port: host_port_of(work, step)?,
        protocol: publish.protocol,
        host_address: publish.host_address,
        host_port: publish.host_port,
        target: publish.target,
        target_port: publish.target_port,
        translate: publish.translate,
    };
    Ok(Parts { rule: Some(rule(work, effect)), ..Parts::default() })
}
