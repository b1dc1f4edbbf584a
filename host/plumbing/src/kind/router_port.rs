//! `router-port`: a router on a switch, with its addresses there.

use plan::{AdmittedStep, RouterPort};

use super::logical_router::router;
use super::logical_switch::switch;
use super::{Parts, unperformable};
use crate::{Error, Work, ovn};

pub(super) fn parts(work: &Work, step: &AdmittedStep, port: &RouterPort) -> Result<Parts, Error> {
    let (router, switch) = (router(work, step, &port.router)?, switch(work, step, &port.switch)?);
    if port.addresses.is_empty() {
        return Err(unperformable(step, "the router port has no address"));
    }
    let rows = ovn::router_port(&step.label, &router, &switch, &port.addresses, &port.chassis);
    Ok(Parts { rows, ..Parts::default() })
}
