//! The other hosts of the segment: options `peers`, `vni` and `tunnel`, and what tunnels to them leave of a frame.

use std::net::IpAddr;

use guest_modes::{Encapsulation, Network, Refusal, segment};

/// The word for the hosts of Docker's swarm.
const SWARM: &str = "swarm";
/// What a link of the underlay carries where nobody knows better.
const DEFAULT_MTU: u16 = 1500;
/// The tag of a VLAN, inside a tunnel.
const TAG: u16 = 4;

/// The tunnels of a network.
pub(crate) struct Mesh {
    pub(crate) encapsulation: Encapsulation,
    pub(crate) vni: u32,
    pub(crate) peers: Vec<IpAddr>,
    /// Whether frames cross an underlay of IPv6, whose header is longer.
    six: bool,
}

/// The tunnels that the options ask for; none: the segment ends at this host or its uplink.
pub(crate) fn of(network: &Network) -> Result<Option<Mesh>, Refusal> {
    let words: &[String] = network.options.get("peers").unwrap_or_default();
    if words.is_empty() {
        return alone(network).map(|()| None);
    }
    let vni = fits(network)?;
    let mut peers = addresses(words, "peers")?;
    let follows_swarm = words.iter().any(|word| word == SWARM);
    let own: Option<IpAddr> = network.facts.get("swarm.address");
    // Links stay as they are made, whoever comes: hosts of a swarm as this one did, or nobody knows how.
    let six = own.map_or(follows_swarm, |own| own.is_ipv6()) || peers.iter().any(IpAddr::is_ipv6);
    if follows_swarm {
        let members: &[String] = network.facts.get("swarm.peers").unwrap_or_default();
        peers.extend(addresses(members, "peers")?);
    }
    peers.sort_unstable();
    peers.dedup();
    let encapsulation = network.options.get("tunnel").unwrap_or(match follows_swarm {
        // Docker's own overlay has the port of vxlan on the hosts of a swarm.
        true => Encapsulation::Geneve,
        false => Encapsulation::Vxlan,
    });
    Ok(Some(Mesh { encapsulation, vni, peers, six }))
}

/// The number of the tunnels, where nothing else that the options ask for stands against tunnels.
fn fits(network: &Network) -> Result<u32, Refusal> {
    let Some(vni) = network.options.get("vni") else {
        let message = "peers needs the segment's number as well, the same on every host: give -o vni=, 1 to 16777215";
        return Err(Refusal::invalid("vni-missing", message).at("vni"));
    };
    if network.options.get::<&str>("uplink").is_some() {
        let message = "frames would circle: hosts that meet on the wire of an uplink and through tunnels have two ways to \
                       each other. Leave uplink or peers out; where this host alone has the wire, put it on a bridge of your \
                       own and name that with -o bridge=";
        return Err(Refusal::conflict("uplink-and-peers", message).at("uplink"));
    }
    if network.options.get("icc") == Some(false) {
        let message = "icc=false keeps the containers of one host apart, and frames from other hosts reach all of them: leave \
                       icc or peers out";
        return Err(Refusal::unsupported("icc-and-peers", message).at("icc"));
    }
    Ok(vni)
}

/// Refuses what says something of tunnels where there are none.
fn alone(network: &Network) -> Result<(), Refusal> {
    if network.options.get::<u32>("vni").is_some() {
        let message =
            "vni is the number of a segment that spans hosts: name the others with -o peers=, or leave it out";
        return Err(Refusal::invalid("vni-without-peers", message).at("vni"));
    }
    if network.options.get::<&str>("tunnel").is_some() {
        let message = "tunnel is how a segment spans hosts: name the others with -o peers=, or leave it out";
        return Err(Refusal::invalid("tunnel-without-peers", message).at("tunnel"));
    }
    Ok(())
}

fn addresses(words: &[String], option: &'static str) -> Result<Vec<IpAddr>, Refusal> {
    let address = |word: &String| {
        // An address of IPv4 may be written as one of IPv6. One that counts on a link only leads nowhere without the link.
        let address = word.parse().ok().map(|address: IpAddr| address.to_canonical());
        address.filter(|address| !is_of_a_link(*address)).ok_or_else(|| {
            let message = format!(
                "\"{word}\" is no host: give addresses that are routed, or {SWARM} for the hosts of Docker's swarm"
            );
            Refusal::invalid("bad-peer", message).at(option)
        })
    };
    words.iter().filter(|word| *word != SWARM).map(address).collect()
}

fn is_of_a_link(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(address) if address.is_unicast_link_local())
}

/// The MTU of a link of the network; `tagged`: its frames carry a VLAN. Through tunnels no more passes than the way to the
/// other hosts takes, with what the frames are wrapped in.
pub(crate) fn mtu(network: &Network, tagged: bool) -> Result<u16, Refusal> {
    let Some(mesh) = of(network)? else { return segment::mtu(network) };
    let known = network.facts.get::<i64>("tunnel.mtu").map(|mtu| u16::try_from(mtu).unwrap_or(u16::MAX));
    let left = |mtu: u16| mtu.saturating_sub(mesh.wrapping()).saturating_sub(if tagged { TAG } else { 0 });
    segment::mtu_within(network, left(known.unwrap_or(DEFAULT_MTU)), known.map(left), "what the tunnels leave")
}

impl Mesh {
    /// Bytes that wrap a frame's payload: the headers of IP, UDP and the tunnel, and the frame's own.
    fn wrapping(&self) -> u16 {
        let over_ipv4 = match self.encapsulation {
            Encapsulation::Vxlan => 50,
            // With 8 bytes for options, as OVN's have: the same everywhere.
            Encapsulation::Geneve => 58,
        };
        over_ipv4 + if self.six { 20 } else { 0 }
    }
}
