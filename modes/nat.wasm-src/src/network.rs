//! What exists for the network itself.

use guest_modes::{Forward, HostPort, IpNet, Label, Masquerade, Network, Plan, Pool, Refusal, common, port};

/// The label of the host's port, which everything that leaves the network goes through.
pub(crate) fn host_label() -> Label {
    Label::new("host")
}

/// Whether addresses and ports are translated (`gateway_mode=nat`), or routed as they are.
pub(crate) fn translates(network: &Network) -> bool {
    network.options.expect::<&str>("gateway_mode") == "nat"
}

/// Whether the world sees the host's address instead of the containers'.
fn masquerades(network: &Network) -> Result<bool, Refusal> {
    let masquerade: Option<bool> = network.options.get("masquerade");
    if masquerade == Some(true) && !translates(network) {
        let message = "gateway_mode=routed shows containers' own addresses to the world, masquerade=true hides them: \
                       leave one of the two out";
        return Err(Refusal::invalid("masquerade-routed", message).at("masquerade"));
    }
    Ok(translates(network) && masquerade != Some(false))
}

/// The MTU of every link of the network.
pub(crate) fn mtu(network: &Network) -> Result<u16, Refusal> {
    common::mtu(network, network.options.expect("mtu"))
}

pub(crate) fn plan(network: &Network) -> Result<Plan, Refusal> {
    port::check(network)?;
    check_pools(network)?;
    let masquerades = masquerades(network)?;
    let mtu = mtu(network)?;
    let mut plan = Plan::new();
    let bridge = common::add_bridge(network, &mut plan);
    if network.internal {
        return Ok(plan);
    }
    let host = HostPort::on(&bridge, network.gateways()).mtu(mtu);
    let host = plan.add(host_label().as_str(), host, "the containers' gateway");
    let hairpin = common::containers_talk(network);
    plan.add(
        "forward",
        Forward::through(&host).hairpin(hairpin),
        "containers may talk to the world, replies come back",
    );
    if masquerades {
        add_masquerades(network, &host, &mut plan);
    }
    Ok(plan)
}

/// One step a family, so that each says what it is for.
fn add_masquerades(network: &Network, host: &Label, plan: &mut Plan) {
    let (ipv4, ipv6): (Vec<IpNet>, Vec<IpNet>) =
        network.real_subnets().map(|subnet| subnet.pool).partition(|pool| pool.addr().is_ipv4());
    if !ipv4.is_empty() {
        plan.add(
            "masquerade",
            Masquerade::through(host, ipv4),
            "IPv4 leaves with the host's address (option masquerade)",
        );
    }
    if !ipv6.is_empty() {
        plan.add(
            "masquerade6",
            Masquerade::through(host, ipv6),
            "IPv6 leaves with the host's address (option masquerade)",
        );
    }
}

/// The host is the gateway of every pool, so there must be pools, and each must have a gateway.
fn check_pools(network: &Network) -> Result<(), Refusal> {
    if let Some(everything) = network.subnets.iter().find(|subnet| subnet.pool.is_everything()) {
        let message = format!(
            "mode nat needs an address pool of its own and {} is none: give --subnet, or leave out --ipam-driver null",
            everything.pool
        );
        return Err(Refusal::invalid("no-pool", message));
    }
    if network.subnets.is_empty() {
        return Err(Refusal::invalid(
            "no-pool",
            "mode nat needs an address pool and the network has none: give --subnet",
        ));
    }
    match network.subnets.iter().find(|subnet| !network.internal && subnet.gateway.is_none()) {
        Some(subnet) => {
            let message =
                format!("the pool {} has no gateway address: give one of its addresses with --gateway", subnet.pool);
            Err(Refusal::invalid("no-gateway", message))
        }
        None => Ok(()),
    }
}
