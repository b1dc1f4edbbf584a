//! Address pools.

use admin::report::{AddressPool, Released};

use super::Table;

/// `ipam ls`: a line for each pool.
pub(crate) fn pools(all: &[AddressPool]) -> String {
    if all.is_empty() {
        return "no address pools: networks have one with --ipam-driver ovs\n".to_owned();
    }
    let mut table = Table::new(["VRF", "SUBNET", "KEPT", "HOSTS", "NETWORKS", "ENDPOINTS", "SIZE", "SHARED"]);
    for pool in all {
        let kept = if pool.northbound { "northbound" } else { "here" };
        table.row([
            pool.vrf.clone(),
            pool.subnet.clone(),
            kept.to_owned(),
            pool.hosts.join(", "),
            pool.networks.to_string(),
            pool.endpoints.to_string(),
            pool.size.to_string(),
            pool.shared.join(", "),
        ]);
    }
    table.to_string()
}

/// `ipam release`.
pub(crate) fn released(done: &Released) -> String {
    let Released { vrf, subnet, networks, addresses } = done;
    let of = format!("{subnet} of vrf {vrf}");
    match (networks, addresses.len()) {
        (0, _) => format!("gave back {} of {of}\n", addresses.join(", ")),
        (1, count) => format!("gave back {of}: it was kept for a network, with {count} addresses of containers\n"),
        (many, count) => {
            format!("gave back {of}: it was kept for {many} networks, with {count} addresses of containers\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_each_pool() {
        let pool = AddressPool {
            vrf: "default".into(),
            subnet: "10.1.0.0/24".into(),
            northbound: true,
            hosts: vec!["h1".into(), "h2".into()],
            networks: 2,
            endpoints: 7,
            shared: vec!["10.1.0.1".into()],
            size: 254,
            ..AddressPool::default()
        };
        assert_eq!(
            pools(&[pool]),
            "VRF       SUBNET        KEPT         HOSTS    NETWORKS   ENDPOINTS   SIZE   SHARED\n\
             default   10.1.0.0/24   northbound   h1, h2   2          7           254    10.1.0.1\n"
        );
        assert!(pools(&[]).contains("--ipam-driver ovs"));
    }

    #[test]
    fn a_pool_or_addresses_are_given_back() {
        let addresses = vec!["10.1.0.9".to_owned(), "10.1.0.10".to_owned()];
        let some = Released { vrf: "blue".into(), subnet: "10.1.0.0/24".into(), networks: 0, addresses };
        assert_eq!(released(&some), "gave back 10.1.0.9, 10.1.0.10 of 10.1.0.0/24 of vrf blue\n");
        let said = released(&Released { networks: 2, ..some });
        assert_eq!(
            said,
            "gave back 10.1.0.0/24 of vrf blue: it was kept for 2 networks, with 2 addresses of containers\n"
        );
    }
}
