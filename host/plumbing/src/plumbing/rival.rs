//! Tunnels of others that ours would share frames with.
//!
//! Open vSwitch gives a frame from another host to the tunnel that says its number, and what no tunnel says to one that
//! takes every number (`key=flow`), whatever their bridges are. OVN's tunnels are such: beside one of ours of the same kind
//! to the same host those of OVN's frames that have our number come out in our segment, past all of OVN's rules, and rows
//! and ports look as healthy as ever. Of two tunnels with one number to one host it uses one. What it receives by is the
//! same on all of its datapaths, and a host has one port of UDP for each kind, so that datapaths do not matter here.

use std::net::IpAddr;

use ovsdb::Snapshot;
use plan::InstanceId;

use crate::Error;
use crate::ovs::{Interface, PortSpec, View};

/// What Open vSwitch tells the frames of a tunnel by. The address that they come to is left out: ours come to any.
struct Reception {
    /// Interface's `type`.
    kind: String,
    /// The port of UDP.
    port: u16,
    /// The segment's number; none: every one.
    number: Option<u64>,
    /// Who sends them; none: whoever does.
    host: Option<IpAddr>,
}

impl Reception {
    /// By the columns `type` and `options`; none: it is no tunnel of a kind that ours are of.
    fn read<'a>(kind: &str, option: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let usual = match kind {
            "vxlan" => 4789,
            "geneve" => 6081,
            _ => return None,
        };
        let number = match option("in_key").or_else(|| option("key")) {
            Some("flow") => None,
            // Frames without a number have number 0.
            text => Some(text.and_then(number).unwrap_or_default()),
        };
        let host = match option("remote_ip")? {
            "flow" => None,
            text => Some(text.parse::<IpAddr>().ok()?.to_canonical()),
        };
        let port = option("dst_port").and_then(|text| text.parse().ok()).unwrap_or(usual);
        Some(Self { kind: kind.to_owned(), port, number, host })
    }

    fn of_spec(port: &PortSpec) -> Option<Self> {
        let options = port.role.options();
        let option = |key: &str| options.iter().find(|(known, _)| *known == key).map(|(_, value)| value.as_str());
        Self::read(port.interface_type(), option)
    }

    fn of_row(interface: Interface<'_>) -> Option<Self> {
        Self::read(interface.kind(), |key| interface.option(key))
    }

    /// Whether a frame could be for either.
    fn meets(&self, other: &Self) -> bool {
        fn may_equal<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
            one.zip(other).is_none_or(|(one, other)| one == other)
        }
        self.kind == other.kind
            && self.port == other.port
            && may_equal(self.number, other.number)
            && may_equal(self.host, other.host)
    }
}

/// As Open vSwitch reads one: decimal, or hexadecimal after `0x`.
fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// Checks that a tunnel of an instance has its frames for itself.
pub(super) fn check(port: &PortSpec, instance: &InstanceId, view: &View) -> Result<(), Error> {
    Reception::of_spec(port).and_then(|ours| rival(&ours, instance, view)).map_or(Ok(()), Err)
}

/// The tunnels of drivers, of whatever instance, that have not got their frames for themselves, by a copy of Open vSwitch's
/// database with its bridges (`name`, `ports`), ports (`name`, `interfaces`, `external_ids`) and interfaces (`type`,
/// `options`): an error for each, with what to do.
#[must_use]
pub fn tunnel_rivals(copy: &Snapshot) -> Vec<Error> {
    let view = View(copy.clone());
    let judge = |interface: Interface<'_>| {
        let ours = Reception::of_row(interface)?;
        let mark = view.port_of(interface)?.mark()?;
        rival(&ours, &mark.instance, &view)
    };
    view.all_interfaces().filter_map(judge).collect()
}

/// What is wrong with a tunnel of an instance, if another's takes frames that are its: the first of these by name.
fn rival(ours: &Reception, instance: &InstanceId, view: &View) -> Option<Error> {
    let meeting = |interface: Interface<'_>| {
        let theirs = Reception::of_row(interface).filter(|theirs| theirs.meets(ours))?;
        let port = view.port_of(interface)?;
        let is_others = port.mark().is_none_or(|mark| mark.instance != *instance);
        let bridge = view.bridge_of(port).filter(|_| is_others)?;
        Some((port.name().to_owned(), bridge.name().to_owned(), theirs))
    };
    let all = view.all_interfaces().filter_map(meeting);
    let (port, bridge, theirs) = all.min_by(|(one, ..), (other, ..)| one.cmp(other))?;
    let (host, kind) = (ours.host?, ours.kind.clone());
    Some(match theirs.number {
        Some(number) => Error::TunnelTaken { host, kind, number, port, bridge },
        None => Error::TunnelTakes { host, kind, port, bridge },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reception(kind: &str, options: &str) -> Reception {
        let option = |key: &str| options.split(' ').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='));
        Reception::read(kind, option).unwrap()
    }

    #[test]
    fn tunnels_meet_where_a_frame_could_be_for_either() {
        let ours = reception("geneve", "key=77 remote_ip=192.0.2.2");
        let meets = |options: &str| reception("geneve", options).meets(&ours);
        for theirs in [
            "key=flow remote_ip=192.0.2.2",
            "in_key=flow out_key=5 remote_ip=192.0.2.2 local_ip=192.0.2.1",
            "key=flow remote_ip=flow",
            "key=5 in_key=0x4d remote_ip=::ffff:192.0.2.2",
            "key=77 remote_ip=192.0.2.2 dst_port=6081",
        ] {
            assert!(meets(theirs), "{theirs}");
        }
        for theirs in [
            "key=flow remote_ip=192.0.2.3",
            "key=flow remote_ip=192.0.2.2 dst_port=6082",
            "key=flow in_key=78 remote_ip=192.0.2.2",
            "remote_ip=192.0.2.2",
        ] {
            assert!(!meets(theirs), "{theirs}");
        }
        assert!(!reception("vxlan", "key=flow remote_ip=192.0.2.2").meets(&ours));
    }
}
