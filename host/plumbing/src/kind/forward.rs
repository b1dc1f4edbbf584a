//! `forward`: new connections may leave through the host port, and replies come back.

use plan::{AdmittedStep, Forward};

use super::{Parts, host_port_of, rule};
use crate::nat::Effect;
use crate::{Error, Work};

pub(super) fn parts(work: &Work, step: &AdmittedStep, forward: &Forward) -> Result<Parts, Error> {
    let effect = Effect::Forward { port: host_port_of(work, step)?, hairpin: forward.hairpin };
    Ok(Parts { rule: Some(rule(work, effect)), ..Parts::default() })
}
