//! What packets may not do on the network's switch.
//!
//! Neighbour discovery and ARP pass every rule: OVN answers most of it by itself.

use guest_modes::{Acl, IpNet, Label, Network, Plan, Verdict, common};

use crate::way_out::WayOut;

/// What a container may always do.
pub(crate) const EXCEPTION: u16 = 1003;
/// What containers do to each other.
const AMONG: u16 = 1002;
/// What stays within a closed switch, or may leave it.
pub(crate) const WITHIN: u16 = 1001;
/// Everything else.
pub(crate) const ELSE: u16 = 1000;

/// What reaches containers beside their own addresses: link-local ones, and those of everybody.
const LINK_LOCAL: &str = "fe80::/10";
const EVERYBODY: [&str; 3] = ["224.0.0.0/4", "255.255.255.255/32", "ff00::/8"];

/// Adds what `icc` and `--internal` say.
pub(crate) fn add(network: &Network, switch: &Label, way_out: &WayOut, plan: &mut Plan) {
    let pools: Vec<IpNet> = network.real_subnets().map(|subnet| subnet.pool).collect();
    if *way_out == WayOut::Internal {
        close(switch, &pools, plan);
    }
    if !common::containers_talk(network) {
        separate(network, switch, &pools, way_out, plan);
    }
}

/// Another host may have the same network without `--internal`, and a router on the switch.
fn close(switch: &Label, pools: &[IpNet], plan: &mut Plan) {
    let with_links = with(pools, &[LINK_LOCAL]);
    let within =
        Acl::on(switch, WITHIN, Verdict::Allow).sources(with_links.clone()).destinations(with(&with_links, &EVERYBODY));
    plan.add("within", within, "what stays in an internal network passes");
    plan.add("internal", Acl::on(switch, ELSE, Verdict::Drop), "nothing else enters or leaves an internal network");
}

fn separate(network: &Network, switch: &Label, pools: &[IpNet], way_out: &WayOut, plan: &mut Plan) {
    if way_out.has_router() {
        let gateways: Vec<IpNet> = network.gateways().map(|gateway| gateway.addr().into()).collect();
        let [from, to] = [Acl::on(switch, EXCEPTION, Verdict::Allow), Acl::on(switch, EXCEPTION, Verdict::Allow)];
        plan.add("from-gateway", from.sources(gateways.clone()), "the gateway is no container");
        plan.add("to-gateway", to.destinations(gateways), "the gateway is no container");
    }
    let with_links = with(pools, &[LINK_LOCAL]);
    let among =
        Acl::on(switch, AMONG, Verdict::Drop).sources(with_links.clone()).destinations(with(&with_links, &EVERYBODY));
    plan.add("no-icc", among, "containers do not reach each other (option icc)");
}

fn with(nets: &[IpNet], more: &[&str]) -> Vec<IpNet> {
    let more = more.iter().map(|net| net.parse().expect("a constant that is a network"));
    nets.iter().copied().chain(more).collect()
}
