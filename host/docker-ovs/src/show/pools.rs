//! Address pools.

use admin::report::AddressPool;

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
        };
        assert_eq!(
            pools(&[pool]),
            "VRF       SUBNET        KEPT         HOSTS    NETWORKS   ENDPOINTS   SIZE   SHARED\n\
             default   10.1.0.0/24   northbound   h1, h2   2          7           254    10.1.0.1\n"
        );
        assert!(pools(&[]).contains("--ipam-driver ovs"));
    }
}
