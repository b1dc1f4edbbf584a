//! `masquerade`: what leaves the host carries the host's address.

use plan::{AdmittedStep, Masquerade};

use super::{Parts, host_port_of, rule};
use crate::nat::Effect;
use crate::{Error, Work};

pub(super) fn parts(work: &Work, step: &AdmittedStep, masquerade: &Masquerade) -> Result<Parts, Error> {
    let effect = Effect::Masquerade { port: host_port_of(work, step)?, sources: masquerade.sources.clone() };
    Ok(Parts { rule: Some(rule(work, effect)), ..Parts::default() })
}
