//! What else a secured port may send as: `ADDRESS`, or `MAC=ADDRESS`.

use std::net::IpAddr;

use crate::{Attributes, IpNet, MacAddress, Refusal, Station};

pub(super) const SECURED: &str = "port_security";
pub(super) const ALLOWED: &str = "allowed_addresses";

/// The stations that options allow.
pub(super) fn read(options: &Attributes) -> Result<Vec<Station>, Refusal> {
    let texts: &[String] = options.get(ALLOWED).unwrap_or_default();
    texts.iter().map(|text| station(text).ok_or_else(|| refused(text))).collect()
}

fn station(text: &str) -> Option<Station> {
    let (mac, address) = match text.split_once('=') {
        Some((mac, address)) => (Some(mac.trim().parse::<MacAddress>().ok()?), address),
        None => (None, text),
    };
    let address: IpAddr = address.trim().parse().ok()?;
    Some(Station { mac, address: IpNet::from(address) })
}

fn refused(text: &str) -> Refusal {
    let message = format!(
        "\"{text}\" is no station: ADDRESS or MAC=ADDRESS is wanted, such as 10.1.0.100 or 00:00:5e:00:01:07=10.1.0.100"
    );
    Refusal::invalid("bad-allowed-address", message).at(ALLOWED)
}
