//! `egress=host`: the way out through the host that a container is on.
//!
//! A switch joins the VRF's router with one port that every host has, with the same addresses: what the router sends there
//! never leaves the host that it is on. The host hides it behind its own address and publishes ports, as in mode nat. Only
//! networks that say so leave that way, though the router would send there whatever it has no route for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use guest_modes::{
    Acl, Forward, HostPort, IpNet, Label, LogicalSwitch, Masquerade, Network, Plan, Refusal, Route, RouterPort,
    StaticRoute, Verdict, same_family,
};

use crate::acl::{ELSE, WITHIN};
use crate::network::tunnels_leave;
use crate::vrf::{Join, Vrf};

/// The label of the host's port.
pub(crate) fn host_label() -> Label {
    Label::new("host")
}

/// Adds the way out.
pub(crate) fn add(network: &Network, vrf: &Vrf<'_>, router: &Label, plan: &mut Plan) -> Result<(), Refusal> {
    let joins = vrf.joins();
    check_overlap(network, vrf, &joins)?;
    let join = add_switch(vrf, router, &joins, plan);
    let pools: Vec<IpNet> = network.real_subnets().map(|subnet| subnet.pool).collect();
    let [out, back] = [Acl::on(&join, WITHIN, Verdict::Allow), Acl::on(&join, WITHIN, Verdict::Allow)];
    plan.add("out", out.sources(pools.clone()), "the network leaves by the host (option egress)");
    plan.add("back", back.destinations(pools.clone()), "answers, and what is published, come back");
    let host = HostPort::on_logical_switch(&join, joins.iter().map(|join| join.host)).mtu(tunnels_leave(network));
    let host = plan.add_shared(vrf.key(), host_label().as_str(), host, "this host's end, the same on every host");
    for (number, pool) in (1..).zip(&pools) {
        let next_hop = joins.iter().map(|join| join.router.addr()).find(|router| same_family(*router, pool.addr()));
        let next_hop = next_hop.expect("there is a join of each family");
        plan.add(
            format!("route-{number}"),
            StaticRoute::on(&host, Route::new(*pool, next_hop)),
            "this host reaches the network through the router",
        );
    }
    let forward = Forward::through(&host);
    plan.add_shared(vrf.key(), "forward", forward, "containers may talk to the world, replies come back");
    add_masquerades(&pools, &host, plan);
    Ok(())
}

/// The switch, the router's end, and its routes.
fn add_switch(vrf: &Vrf<'_>, router: &Label, joins: &[Join], plan: &mut Plan) -> Label {
    let switch = LogicalSwitch::of(vrf.name(), joins.iter().map(Join::subnet));
    let switch = plan.add_shared(vrf.key(), "join", switch, "between the VRF's router and the hosts");
    let port = RouterPort::between(router, &switch, joins.iter().map(|join| join.router));
    plan.add_shared(vrf.key(), "join-port", port, "the router's end");
    for join in joins {
        add_default(vrf, router, join.host.addr(), "what is not in the VRF leaves by the host", plan);
    }
    let closed = Acl::on(&switch, ELSE, Verdict::Drop);
    plan.add_shared(
        vrf.key(),
        "join-closed",
        closed,
        "networks of the VRF with another egress do not leave by the host",
    );
    switch
}

/// Adds the router's default route of a family. There is one, whatever the way out, so that two ways out of a VRF collide.
pub(crate) fn add_default(vrf: &Vrf<'_>, router: &Label, next_hop: IpAddr, why: &str, plan: &mut Plan) {
    let (label, everything) = match next_hop {
        IpAddr::V4(_) => ("default", IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        IpAddr::V6(_) => ("default6", IpAddr::V6(Ipv6Addr::UNSPECIFIED)),
    };
    let route = Route::new(IpNet::new_assert(everything, 0), next_hop);
    plan.add_shared(vrf.key(), label, StaticRoute::on(router, route), why);
}

/// One step a family, so that each says what it is for.
fn add_masquerades(pools: &[IpNet], host: &Label, plan: &mut Plan) {
    let (ipv4, ipv6): (Vec<IpNet>, Vec<IpNet>) = pools.iter().partition(|pool| pool.addr().is_ipv4());
    for (label, pools, why) in [
        ("masquerade", ipv4, "IPv4 leaves with the host's address (option egress)"),
        ("masquerade6", ipv6, "IPv6 leaves with the host's address (option egress)"),
    ] {
        if !pools.is_empty() {
            plan.add(label, Masquerade::through(host, pools), why);
        }
    }
}

fn check_overlap(network: &Network, vrf: &Vrf<'_>, joins: &[Join]) -> Result<(), Refusal> {
    let joins = joins.iter().map(Join::subnet);
    let overlapping = joins.flat_map(|join| network.real_subnets().map(move |subnet| (join, subnet.pool)));
    let mut overlapping = overlapping.filter(|(join, pool)| join.contains(pool) || pool.contains(join));
    let Some((join, pool)) = overlapping.next() else { return Ok(()) };
    let message = format!(
        "the pool {pool} holds {join}, which joins the router of VRF {} with the hosts: give another pool, another vrf, or \
         another egress",
        vrf.name()
    );
    Err(Refusal::conflict("join-overlap", message).at("vrf"))
}
