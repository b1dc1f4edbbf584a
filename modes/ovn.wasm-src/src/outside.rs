//! `egress=external`: the way out through a physical network, the same for all hosts.
//!
//! The VRF's router has an address there, at one host at a time, and hides the networks behind it; what is published is
//! published at that address. Only what has it leaves.

use guest_modes::{
    Acl, IpNet, Label, Localnet, LogicalNat, LogicalSwitch, Network, Plan, RouterPort, Verdict, same_family,
};

use crate::acl::{ELSE, WITHIN};
use crate::join::add_default;
use crate::vrf::Vrf;
use crate::way_out::External;

/// Adds the way out.
pub(crate) fn add(network: &Network, vrf: &Vrf<'_>, router: &Label, external: &External, plan: &mut Plan) {
    let outside = add_switch(vrf, external, plan);
    let port = RouterPort::between(router, &outside, external.addresses.clone()).chassis(external.chassis.clone());
    plan.add_shared(
        vrf.key(),
        "outside-port",
        port,
        "the router's foot in the physical network, at one host at a time",
    );
    for next_hop in &external.next_hops {
        add_default(vrf, router, *next_hop, "what is not in the VRF leaves by the physical network", plan);
    }
    for (label, address) in ["nat", "nat6"].into_iter().zip([true, false].map(|ipv4| address(external, ipv4))) {
        let Some(address) = address else { continue };
        let pools = network.real_subnets().map(|subnet| subnet.pool);
        let pools: Vec<IpNet> = pools.filter(|pool| same_family(pool.addr(), address.addr())).collect();
        if !pools.is_empty() {
            let why = "the network leaves with the router's address (option egress)";
            plan.add(label, LogicalNat::on(router, address.addr(), pools), why);
        }
    }
}

/// The first address of a family: what networks are hidden behind.
fn address(external: &External, ipv4: bool) -> Option<&IpNet> {
    external.addresses.iter().find(|address| address.addr().is_ipv4() == ipv4)
}

fn add_switch(vrf: &Vrf<'_>, external: &External, plan: &mut Plan) -> Label {
    let subnets: Vec<IpNet> = external.addresses.iter().map(IpNet::trunc).collect();
    let why = "the VRF's part of the physical network";
    let outside = plan.add_shared(vrf.key(), "outside", LogicalSwitch::of(vrf.name(), subnets), why);
    let localnet = Localnet::on(&outside, external.physnet.clone()).vlan(external.vlan);
    plan.add_shared(vrf.key(), "localnet", localnet, "the physical network, by the bridge mappings of the hosts");
    let own: Vec<IpNet> = external.addresses.iter().map(|address| address.addr().into()).collect();
    let [out, back] = [Acl::on(&outside, WITHIN, Verdict::Allow), Acl::on(&outside, WITHIN, Verdict::Allow)];
    plan.add_shared(vrf.key(), "outside-out", out.sources(own.clone()), "what has the router's address leaves");
    plan.add_shared(vrf.key(), "outside-back", back.destinations(own), "answers, and what is published, come back");
    let closed = Acl::on(&outside, ELSE, Verdict::Drop);
    plan.add_shared(vrf.key(), "outside-closed", closed, "networks of the VRF with another egress do not leave");
    outside
}
