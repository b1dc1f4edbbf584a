//! Routes in the container: `DESTINATION=NEXT-HOP`.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::{Attributes, Refusal, same_family};

pub(super) const ROUTES: &str = "routes";

/// The routes that options ask for.
pub(super) fn read(options: &Attributes) -> Result<Vec<(IpNet, IpAddr)>, Refusal> {
    let texts: &[String] = options.get(ROUTES).unwrap_or_default();
    texts.iter().map(|text| route(text).ok_or_else(|| refused(text))).collect()
}

fn route(text: &str) -> Option<(IpNet, IpAddr)> {
    let (destination, next_hop) = text.split_once('=')?;
    let (destination, next_hop): (IpNet, IpAddr) = (destination.trim().parse().ok()?, next_hop.trim().parse().ok()?);
    same_family(destination.addr(), next_hop).then_some((destination.trunc(), next_hop))
}

fn refused(text: &str) -> Refusal {
    let message =
        format!("\"{text}\" is no route: DESTINATION=NEXT-HOP of one family is wanted, such as 10.0.0.0/8=10.1.0.254");
    Refusal::invalid("bad-route", message).at(ROUTES)
}
