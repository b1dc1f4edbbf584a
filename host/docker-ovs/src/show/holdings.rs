//! Who has what in OVN's northbound database.

use admin::report::Holding;

use super::Table;

/// `ovn ls`: a line for each driver.
pub(crate) fn holdings(all: &[Holding]) -> String {
    if all.is_empty() {
        return "no driver has anything in OVN's northbound database\n".to_owned();
    }
    let mut table = Table::new(["HOST", "INSTANCE", "NETWORKS", "ROWS", "PORTS", "POOLS", ""]);
    for holding in all {
        let Holding { host, instance, own, here, networks, rows, ports, pools } = holding;
        let own = match (own, here) {
            (true, _) => "this driver",
            (false, true) => "this host",
            (false, false) => "",
        };
        let counts = [networks.len(), *rows, *ports, *pools].map(|count| count.to_string());
        let [networks, rows, ports, pools] = counts;
        table.row([host.clone(), instance.clone(), networks, rows, ports, pools, own.to_owned()]);
    }
    table.to_string()
}

/// `ovn reclaim`: a line for each driver that had something, with what was done to it.
pub(crate) fn reclaimed(all: &[Holding], done: &str) -> String {
    let line = |holding: &Holding| {
        let Holding { host, instance, networks, rows, ports, pools, .. } = holding;
        let networks = networks.len();
        format!(
            "{done} what {host} had: driver {instance}, {networks} networks, {rows} rows, {ports} ports of containers, {pools} \
             address pools\n"
        )
    };
    all.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_each_driver() {
        let here = Holding {
            host: "node1 (c1)".into(),
            instance: "0123abcd".into(),
            own: true,
            here: true,
            networks: vec!["3f9a".into()],
            rows: 4,
            ports: 2,
            pools: 1,
        };
        let there =
            Holding { host: "node2".into(), instance: "4567abcd".into(), own: false, here: false, ..here.clone() };
        assert_eq!(
            holdings(&[here, there.clone()]),
            "HOST         INSTANCE   NETWORKS   ROWS   PORTS   POOLS\n\
             node1 (c1)   0123abcd   1          4      2       1       this driver\n\
             node2        4567abcd   1          4      2       1\n"
        );
        assert_eq!(holdings(&[]), "no driver has anything in OVN's northbound database\n");
        assert_eq!(
            reclaimed(&[there], "let go of"),
            "let go of what node2 had: driver 4567abcd, 1 networks, 4 rows, 2 ports of containers, 1 address pools\n"
        );
    }
}
