//! `[ovn.external.NAME]`: physical networks that OVN's routers may leave by.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::str::FromStr;

use driver::PhysicalNetwork;
use figment::value::Value;
use ipnet::IpNet;
use plan::VlanId;

use super::quantity;
use super::reader::Reader;

const SECTION: &str = "ovn.external";

pub(super) fn read(reader: &mut Reader) -> BTreeMap<String, PhysicalNetwork> {
    let names = reader.names_below(SECTION);
    names.into_iter().filter_map(|name| Some((name.clone(), section(&format!("{SECTION}.{name}"), reader)?))).collect()
}

fn section(key: &str, reader: &mut Reader) -> Option<PhysicalNetwork> {
    let (mut physnet, mut vlan) = (None, None);
    let (mut addresses, mut next_hop, mut chassis) = (Vec::new(), Vec::new(), Vec::new());
    let [network_key, addresses_key, next_hop_key, chassis_key] =
        ["physnet", "addresses", "next_hop", "chassis"].map(|name| format!("{key}.{name}"));
    reader.set(&network_key, &mut physnet, |value| name(value).map(Some));
    reader.set(&format!("{key}.vlan"), &mut vlan, |value| self::vlan(value).map(Some));
    reader.set(&addresses_key, &mut addresses, |value| one_a_family(value, "203.0.113.10/24", IpNet::addr));
    reader.set(&next_hop_key, &mut next_hop, |value| one_a_family(value, "203.0.113.1", |address: &IpAddr| *address));
    reader.set(&chassis_key, &mut chassis, |value| list(value, "host1"));
    if physnet.is_none() {
        reader.missing(&network_key, "the name that ovn-bridge-mappings has for the physical network");
    }
    if addresses.is_empty() {
        reader.missing(
            &addresses_key,
            "the router's address there with its prefix length, such as [\"203.0.113.10/24\"]",
        );
    }
    let reached = |hop: &IpAddr| addresses.iter().any(|net: &IpNet| net.contains(hop) && net.addr() != *hop);
    let routed = |net: &IpNet| next_hop.iter().any(|hop: &IpAddr| hop.is_ipv4() == net.addr().is_ipv4());
    if next_hop.is_empty() || !addresses.iter().all(routed) {
        let right = format!("a list of who routes on there, one for each family of {addresses_key},");
        reader.missing(&next_hop_key, right);
    } else if !next_hop.iter().all(reached) {
        reader.wrong(&next_hop_key, format!("an address of others in a subnet of {addresses_key}"));
    }
    // OVN translates addresses at one host only, and none at all where no host may be it.
    if chassis.is_empty() {
        let right = "a list of the hosts that the router may be at, by external_ids:system-id of their Open vSwitch, such \
                     as [\"host1\"],";
        reader.missing(&chassis_key, right);
    }
    Some(PhysicalNetwork { physnet: physnet?, vlan, addresses, next_hop, chassis })
}

fn name(value: &Value) -> Result<String, String> {
    let name = value.as_str().filter(|name| !name.is_empty() && !name.contains([',', ':', ' ']));
    name.map(str::to_owned).ok_or_else(|| "a name as in ovn-bridge-mappings".to_owned())
}

fn vlan(value: &Value) -> Result<VlanId, String> {
    let number = quantity::count::<u16>(value).ok();
    number.and_then(|number| VlanId::try_from(number).ok()).ok_or_else(|| "a VLAN from 1 to 4094".to_owned())
}

/// A list, or its only item.
fn list<T: FromStr>(value: &Value, example: &str) -> Result<Vec<T>, String> {
    let items = value.as_array().unwrap_or(std::slice::from_ref(value));
    let all: Option<Vec<T>> = items.iter().map(|item| item.as_str()?.parse().ok()).collect();
    all.ok_or_else(|| format!("a list such as [\"{example}\"]"))
}

/// A list with one item of IPv4 and one of IPv6 at the most: a router has one way out of a family.
fn one_a_family<T: FromStr>(value: &Value, example: &str, address: fn(&T) -> IpAddr) -> Result<Vec<T>, String> {
    let all: Vec<T> = list(value, example)?;
    let ipv4 = all.iter().filter(|item| address(item).is_ipv4()).count();
    match (ipv4, all.len() - ipv4) {
        (0 | 1, 0 | 1) => Ok(all),
        _ => Err(format!("a list such as [\"{example}\"], with one of each family at the most")),
    }
}
