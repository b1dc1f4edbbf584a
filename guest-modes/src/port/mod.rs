//! What containers' ports have in common in every mode: the options `port_security`, `allowed_addresses`, `rate.ingress`,
//! `rate.egress` and `routes`, of the network and of an endpoint. A mode that has them too declares them in its manifest as
//! the built-in ones do and calls these.

mod rate;
mod route;
mod station;

use crate::value::FromValue;
use crate::{Endpoint, EndpointPort, Network, Plan, Refusal, Station, common};

/// Checks the options as the network has them, so that a mistake in them is told when it is created, and not by its first
/// container.
///
/// # Errors
///
/// Where one of them says nothing that can be done, or a route leads through what no container reaches.
pub fn check(network: &Network) -> Result<(), Refusal> {
    rate::read(&network.options, rate::INGRESS)?;
    rate::read(&network.options, rate::EGRESS)?;
    station::read(&network.options)?;
    let mut routes = route::read(&network.options)?.into_iter();
    let has_subnets = network.real_subnets().next().is_some();
    match routes.find(|(_, next_hop)| has_subnets && network.subnet_of(*next_hop).is_none()) {
        Some((destination, next_hop)) => {
            let message = format!(
                "the route to {destination} leads through {next_hop}, which is in no subnet of the network, so that no container \
                 reaches it: give a station in one of them"
            );
            Err(Refusal::invalid("route-unreachable", message).at(route::ROUTES))
        }
        None => Ok(()),
    }
}

/// The plan of an endpoint whose port is on its network's own bridge: the port, kept from others where `icc` says so and with
/// its limits, the gateways unless the network is internal, the routes, and the interface's name.
///
/// # Errors
///
/// Where an option says nothing that can be done.
pub fn plan_on_bridge(port: EndpointPort, network: &Network, endpoint: &Endpoint) -> Result<Plan, Refusal> {
    let mut plan = Plan::new();
    let port = limited(port.isolated(!common::containers_talk(network)), network, endpoint)?;
    plan.add("port", port, common::port_reason(network));
    if !network.internal {
        common::route_through_gateways(network, endpoint, &mut plan);
    }
    add_routes(network, endpoint, &mut plan)?;
    common::name_interface(endpoint, &mut plan)?;
    Ok(plan)
}

/// Gives a container's port its limits: whom it may send as, and how much may go to it and come from it. What an endpoint
/// says goes before what its network does; addresses are allowed by either.
///
/// # Errors
///
/// Where an option says nothing that can be done.
pub fn limited(port: EndpointPort, network: &Network, endpoint: &Endpoint) -> Result<EndpointPort, Refusal> {
    let secured = either::<bool>(network, endpoint, station::SECURED).unwrap_or_default();
    let own = station::read(&endpoint.options)?;
    if !secured && !own.is_empty() {
        let message = "allowed_addresses says what else a container may send as whose port_security is true: give that, too, \
                       or leave both out";
        return Err(Refusal::invalid("allowed-unsecured", message).at(station::ALLOWED));
    }
    let allowed: Vec<Station> =
        if secured { station::read(&network.options)?.into_iter().chain(own).collect() } else { own };
    let rate = |key: &str| Ok(rate::read(&endpoint.options, key)?.or(rate::read(&network.options, key)?));
    Ok(port.secured(secured).allowed(allowed).rate_ingress(rate(rate::INGRESS)?).rate_egress(rate(rate::EGRESS)?))
}

/// Adds the routes that the options ask for: the endpoint's own, and those of its network whose next hop is on its link. A
/// network may have several subnets, and a container is not in all of them.
///
/// # Errors
///
/// Where an option says no route, or the container cannot reach the next hop of its own.
pub fn add_routes(network: &Network, endpoint: &Endpoint, plan: &mut Plan) -> Result<(), Refusal> {
    let own = route::read(&endpoint.options)?;
    let on_link = |next_hop| endpoint.addresses.iter().any(|net| net.contains(&next_hop) && net.addr() != next_hop);
    if let Some((destination, next_hop)) = own.iter().find(|(_, next_hop)| !on_link(*next_hop)) {
        let message = format!(
            "the route to {destination} leads through {next_hop}, which is not another station in a subnet of the container's: \
             give one that is"
        );
        return Err(Refusal::invalid("route-unreachable", message).at(route::ROUTES));
    }
    let of_network = route::read(&network.options)?
        .into_iter()
        .filter(|(destination, next_hop)| on_link(*next_hop) && own.iter().all(|(other, _)| other != destination));
    for (destination, next_hop) in of_network.chain(own.iter().copied()) {
        plan.route(destination, next_hop);
    }
    Ok(())
}

/// An option of an endpoint, or else of its network.
fn either<'a, T: FromValue<'a>>(network: &'a Network, endpoint: &'a Endpoint, key: &str) -> Option<T> {
    endpoint.options.get(key).or_else(|| network.options.get(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Attributes, IpNet, Label, MacAddress, Subnet, Value};

    fn options<const N: usize>(options: [(&str, Value); N]) -> Attributes {
        options.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    fn texts(items: &[&str]) -> Value {
        Value::Texts(items.iter().map(|&item| item.to_owned()).collect())
    }

    fn network<const N: usize>(given: [(&str, Value); N]) -> Network {
        // A container is in the first and the last of them.
        let subnets = ["10.1.0.0/24", "10.77.0.0/24", "fd00::/64"].map(|pool| Subnet::new(pool.parse().unwrap(), None));
        Network { options: options(given), subnets: subnets.to_vec(), ..Network::default() }
    }

    fn endpoint<const N: usize>(given: [(&str, Value); N]) -> Endpoint {
        let addresses: Vec<IpNet> = vec!["10.1.0.2/24".parse().unwrap(), "fd00::2/64".parse().unwrap()];
        let (id, mac, facts) = ("endpoint".to_owned(), MacAddress([2, 0, 0, 0, 0, 1]), Attributes::default());
        Endpoint { id, mac, addresses, options: options(given), facts }
    }

    fn port(network: &Network, endpoint: &Endpoint) -> Result<EndpointPort, Refusal> {
        limited(EndpointPort::on(&Label::new("bridge"), endpoint), network, endpoint)
    }

    fn routes(network: &Network, endpoint: &Endpoint) -> Result<Vec<String>, Refusal> {
        let mut plan = Plan::new();
        add_routes(network, endpoint, &mut plan)?;
        Ok(plan.reply.get::<&[String]>("routes").unwrap_or_default().to_vec())
    }

    #[test]
    fn without_options_a_port_has_no_limits() {
        let plain = port(&network([]), &endpoint([])).unwrap();
        assert_eq!(plain, EndpointPort::on(&Label::new("bridge"), &endpoint([])));
        assert_eq!(routes(&network([]), &endpoint([])).unwrap(), [""; 0]);
    }

    #[test]
    fn an_endpoint_says_it_before_its_network() {
        let of_all = network([
            ("port_security", true.into()),
            ("rate.ingress", "10mbit".into()),
            ("rate.egress", "1gbit".into()),
            ("allowed_addresses", texts(&["10.1.0.100"])),
        ]);
        let inherited = port(&of_all, &endpoint([])).unwrap();
        assert_eq!((inherited.rate_ingress, inherited.rate_egress), (Some(10_000_000), Some(1_000_000_000)));
        assert!(inherited.secured && inherited.allowed.len() == 1);
        let own = endpoint([
            ("rate.egress", "500kbit".into()),
            ("allowed_addresses", texts(&["00:00:5e:00:01:07=fd00::100"])),
        ]);
        let both = port(&of_all, &own).unwrap();
        assert_eq!((both.rate_ingress, both.rate_egress), (Some(10_000_000), Some(500_000)));
        let addresses: Vec<String> = both.allowed.iter().map(|station| station.address.to_string()).collect();
        assert_eq!(addresses, ["10.1.0.100/32", "fd00::100/128"]);
        assert_eq!(both.allowed[1].mac, Some(MacAddress([0, 0, 0x5e, 0, 1, 7])));
        let open = port(&of_all, &endpoint([("port_security", false.into())])).unwrap();
        assert!(!open.secured && open.allowed.is_empty());
    }

    #[test]
    fn addresses_are_allowed_to_who_is_secured() {
        let refusal = port(&network([]), &endpoint([("allowed_addresses", texts(&["10.1.0.9"]))])).unwrap_err();
        assert_eq!((&*refusal.code, refusal.at.as_deref()), ("allowed-unsecured", Some("allowed_addresses")));
    }

    #[test]
    fn routes_are_of_the_network_and_of_the_endpoint() {
        let of_all =
            network([("routes", texts(&["10.0.0.0/8=10.1.0.254", "fd01::/48=fd00::1", "10.9.0.0/16=10.77.0.1"]))]);
        check(&of_all).unwrap();
        assert_eq!(routes(&of_all, &endpoint([])).unwrap(), ["10.0.0.0/8=10.1.0.254", "fd01::/48=fd00::1"]);
        let own = endpoint([("routes", texts(&["10.0.0.0/8=10.1.0.3"]))]);
        assert_eq!(routes(&of_all, &own).unwrap(), ["fd01::/48=fd00::1", "10.0.0.0/8=10.1.0.3"]);
        for unreachable in ["10.0.0.0/8=10.77.0.1", "10.0.0.0/8=10.1.0.2"] {
            let refusal = routes(&of_all, &endpoint([("routes", texts(&[unreachable]))])).unwrap_err();
            assert_eq!(refusal.code, "route-unreachable", "{unreachable}");
        }
    }

    #[test]
    fn a_route_that_no_container_reaches_is_none() {
        for next_hop in ["10.78.0.1", "fd01::1"] {
            let destination = if next_hop.contains(':') { "fd02::/48" } else { "10.0.0.0/8" };
            let mut network = network([("routes", texts(&[&format!("{destination}={next_hop}")]))]);
            let refusal = check(&network).unwrap_err();
            assert_eq!((&*refusal.code, refusal.at.as_deref()), ("route-unreachable", Some("routes")));
            assert!(refusal.message.contains(&format!("through {next_hop}, which is in no subnet")));
            // Of addresses that nobody told the driver nothing is known.
            network.subnets = vec![Subnet::new("0.0.0.0/0".parse().unwrap(), None)];
            check(&network).unwrap();
        }
    }

    #[test]
    fn what_a_network_says_is_checked_when_it_is_created() {
        for (key, value, code) in [
            ("rate.ingress", "fast".into(), "bad-rate"),
            ("rate.egress", "0mbit".into(), "bad-rate"),
            ("allowed_addresses", texts(&["10.1.0.0/24"]), "bad-allowed-address"),
            ("routes", texts(&["10.0.0.0/8"]), "bad-route"),
        ] {
            let refusal = check(&network([(key, value)])).unwrap_err();
            assert_eq!((&*refusal.code, refusal.at.as_deref()), (code, Some(key)));
        }
        check(&network([("rate.ingress", "10mbit".into())])).unwrap();
    }
}
