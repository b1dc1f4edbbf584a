//! What another driver of this host has in OVN's northbound database: one that runs beside this one, or the one that was
//! here before its state was lost.

use admin::Client;
use admin::report::Holding;

use super::{Finding, SUBJECT};

/// Nothing, where there is no such database.
pub(super) async fn forgotten(client: &Client) -> Vec<Finding> {
    judge(&client.holdings().await.unwrap_or_default())
}

fn judge(holdings: &[Holding]) -> Vec<Finding> {
    let others = holdings.iter().filter(|holding| holding.here && !holding.own);
    others.map(tell).collect()
}

fn tell(holding: &Holding) -> Finding {
    let Holding { host, instance, networks, ports, pools, .. } = holding;
    let networks = networks.len();
    let what = format!(
        "another driver of {host}, {instance}, has {networks} networks, {ports} ports and {pools} address pools in OVN's \
         northbound database"
    );
    Finding::doubtful(SUBJECT, what).advise(format!("if its state was lost: docker-ovs ovn reclaim {instance}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_host_is_looked_at() {
        let holding = |instance: &str, own: bool, here: bool| Holding {
            host: "node1".into(),
            instance: instance.into(),
            own,
            here,
            ..Holding::default()
        };
        let all = [holding("a", true, true), holding("b", false, true), holding("c", false, false)];
        let findings = judge(&all);
        let advice: Vec<_> = findings.iter().filter_map(|finding| finding.advice.as_deref()).collect();
        assert_eq!(advice, ["if its state was lost: docker-ovs ovn reclaim b"]);
    }
}
