//! Whom a container's port may send as, and how fast.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use super::Asked;
use super::denial::{Broken, Rule};
use super::scene::Scene;
use crate::{Attribute, Attributes, EndpointPort, MacAddress, Station, Value};

/// What can be kept, in bits per second: a meter of Open vSwitch counts kilobits, and its queues bytes in 32 bits, where more
/// comes round to little.
const RATES: RangeInclusive<u64> = 8_000..=34_000_000_000;

pub(super) fn check(port: &EndpointPort, scene: &Scene<'_>) -> Result<(), Broken> {
    let rates = [port.rate_ingress, port.rate_egress];
    if let Some(rate) = rates.into_iter().flatten().find(|rate| !RATES.contains(rate)) {
        let right =
            format!("{} to {} bits per second are kept: give that, or leave the rate out", RATES.start(), RATES.end());
        return Err(Broken::new(Rule::Rate, rate, right));
    }
    if !port.secured && !port.allowed.is_empty() {
        return Err(broken("stations that are allowed", "only a secured port needs any: leave them out"));
    }
    port.allowed.iter().try_for_each(|station| allowed(station, scene))
}

/// A station is one that the user allows: whom a container may pass itself off as is nobody else's to say.
fn allowed(station: &Station, scene: &Scene<'_>) -> Result<(), Broken> {
    let said = said(station);
    if station.address.prefix_len() != station.address.max_prefix_len() {
        return Err(broken(said, "one address is wanted, with the prefix length of one"));
    }
    if station.mac.is_some_and(|mac| !mac.is_unicast()) {
        let right = "it names no single station: an even first octet, and not zero in all six, is wanted";
        return Err(broken(&said, right).blame_option(&said, scene.request));
    }
    let Asked::Endpoint { endpoint, .. } = scene.request.asked else { return Ok(()) };
    let wanted = [&endpoint.options, &scene.request.network.options].into_iter().flat_map(|options| asked_for(options));
    match wanted.into_iter().any(|wanted| wanted == (station.mac, station.address.addr())) {
        true => Ok(()),
        false => Err(broken(said, "only those of the option \"allowed_addresses\" are allowed")),
    }
}

/// The stations that a list of options asks for: `ADDRESS`, or `MAC=ADDRESS`.
fn asked_for(options: &[Attribute]) -> Vec<(Option<MacAddress>, IpAddr)> {
    let Some(Value::Texts(texts)) = options.value("allowed_addresses") else { return Vec::new() };
    let read = |text: &String| match text.split_once('=') {
        Some((mac, address)) => Some((Some(mac.trim().parse().ok()?), address.trim().parse().ok()?)),
        None => Some((None, text.trim().parse().ok()?)),
    };
    texts.iter().filter_map(read).collect()
}

/// A station as users say it.
fn said(station: &Station) -> String {
    let mac = station.mac.map(|mac| format!("{mac}=")).unwrap_or_default();
    format!("{mac}{}", station.address.addr())
}

fn broken(value: impl std::fmt::Display, right: impl Into<String>) -> Broken {
    Broken::new(Rule::Sender, value, right)
}
