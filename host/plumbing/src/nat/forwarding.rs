//! The kernel's forwarding switches. Docker turns IPv4's on when it starts, and mostly that is that. Where nobody did,
//! this driver has to, for the whole protocol: answers arrive on any link. So that this makes no router of a host that
//! was none, the links that are there at that moment are written down in `closed4` or `closed6`: nothing new that is not
//! translated enters by them towards anything but our own ports. That also stands in for the policy that Docker sets
//! only if it is the one to turn forwarding on, where this driver starts first. Once nothing of ours is forwarded
//! anymore, what this driver turned on is turned off again, unless an addressed link came since that may need it.

use std::net::IpAddr;
use std::{fs, io};

use super::element::Element;
use crate::link::sysctl::{Family, Sysctl};

/// The sets of links that were there when forwarding was turned on, for IPv4 and for IPv6, and of those among them that
/// took router advertisements as hosts do.
pub(super) const SETS: [&str; 3] = ["closed4", "closed6", ADVERTISED];
const ADVERTISED: &str = "advertised6";
const FAMILIES: [(Family, &str); 2] = [(Family::V4, SETS[0]), (Family::V6, SETS[1])];

/// What is to be done about forwarding: links to be written down first, then switches to be turned.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// Elements to add, before.
    pub(super) close: Vec<Element>,
    /// Elements to delete, after.
    pub(super) open: Vec<Element>,
    switches: Vec<(Family, bool)>,
}

/// What has to be turned on for host ports; IPv6 only where one of them does IPv6.
pub(super) fn on(ipv6: bool, prefix: &str) -> io::Result<Turn> {
    let mut turn = Turn::default();
    for (family, set) in FAMILIES {
        let all = Sysctl::of(family, "all");
        if (ipv6 || family == Family::V4) && all.get("forwarding")?.as_deref() == Some("0") {
            let links = links()?.into_iter().filter(|name| !name.starts_with(prefix) && name != "lo");
            turn.close.extend(links.map(|name| Element::link(set, name)));
            if family == Family::V6 {
                turn.close.extend(advertised()?);
            }
            turn.switches.push((family, true));
        }
    }
    Ok(turn)
}

/// What can be turned off, nothing being forwarded anymore, where these links are closed.
pub(super) fn off(there: &[Element], addressed: &[(String, IpAddr)], prefix: &str) -> Turn {
    let mut turn = Turn::default();
    for (family, set) in FAMILIES {
        let ours: Vec<&Element> = there.iter().filter(|element| element.set == set).collect();
        let needed = addressed.iter().any(|(name, address)| {
            let same = address.is_ipv4() == (family == Family::V4);
            same && !name.starts_with(prefix) && name != "lo" && !ours.iter().any(|element| element.key[0] == *name)
        });
        if !ours.is_empty() && !needed {
            let is_advertised = |element: &&Element| family == Family::V6 && element.set == ADVERTISED;
            turn.open.extend(ours.into_iter().chain(there.iter().filter(is_advertised)).cloned());
            turn.switches.push((family, false));
        }
    }
    turn
}

impl Turn {
    /// Turns the switches. A forwarding host takes no router advertisements, unless its links are told to do so anyway: it
    /// must not lose its own default route.
    pub(super) fn switch(&self) -> io::Result<()> {
        advertise(&self.close, "1", "2")?;
        for (family, on) in &self.switches {
            Sysctl::of(*family, "all").set("forwarding", if *on { "1" } else { "0" })?;
        }
        advertise(&self.open, "2", "1")
    }
}

/// Changes how links that are in the set for it take router advertisements, unless somebody did meanwhile.
fn advertise(elements: &[Element], from: &str, to: &str) -> io::Result<()> {
    for element in elements.iter().filter(|element| element.set == ADVERTISED) {
        let switches = Sysctl::of(Family::V6, &element.key[0]);
        if switches.get("accept_ra")?.as_deref() == Some(from) {
            switches.set("accept_ra", to)?;
        }
    }
    Ok(())
}

/// The links that take router advertisements for as long as they do not forward.
fn advertised() -> io::Result<Vec<Element>> {
    let mut elements = Vec::new();
    for link in links()? {
        let switches = Sysctl::of(Family::V6, &link);
        if switches.get("accept_ra")?.as_deref() == Some("1") && switches.get("forwarding")?.as_deref() == Some("0") {
            elements.push(Element::link(ADVERTISED, link));
        }
    }
    Ok(elements)
}

/// Whether a link does IPv6.
pub(super) fn speaks(link: &str) -> bool {
    Sysctl::of(Family::V6, link).get("disable_ipv6").is_ok_and(|value| value.as_deref() == Some("0"))
}

/// The names of the links of this namespace.
fn links() -> io::Result<Vec<String>> {
    let names = fs::read_dir("/proc/sys/net/ipv4/conf")?.map(|entry| Ok(entry?.file_name().into_string().ok()));
    let names: Vec<Option<String>> = names.collect::<io::Result<_>>()?;
    Ok(names.into_iter().flatten().filter(|name| name != "all" && name != "default").collect())
}
