//! The running driver: its connection, what it could not undo, and what it lost.

use std::time::Duration;

use admin::report::{Status, ToBeUndone};
use admin::{Client, ClientError};

use super::finding::Finding;
use crate::config::Config;

const SUBJECT: &str = "driver";
/// A status takes the driver no time.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let client = Client::new(&config.admin_socket, PATIENCE);
    match client.status().await {
        Ok(status) => judge(&status, &client.to_be_undone().await.unwrap_or_default()),
        Err(ClientError::NotRunning { .. }) => {
            let what = format!("no driver answers on {}", config.admin_socket.display());
            vec![Finding::bad(SUBJECT, what).advise("systemctl enable --now docker-ovs")]
        }
        Err(error) => vec![Finding::bad(SUBJECT, error.to_string()).advise("journalctl -u docker-ovs")],
    }
}

fn judge(status: &Status, leaks: &[ToBeUndone]) -> Vec<Finding> {
    let counts = &status.counts;
    let what = format!("{}; networks: {}, endpoints: {}", status.version, counts.networks, counts.endpoints);
    let mut findings = vec![Finding::good(SUBJECT, what)];
    if !status.ovs.connected {
        let what = format!("it has no connection to Open vSwitch at {}", status.ovs.remote);
        findings.push(Finding::bad(SUBJECT, what).advise("systemctl start openvswitch-switch"));
    }
    if counts.broken > 0 {
        let what = format!("{} endpoints lost their links", counts.broken);
        findings.push(
            Finding::bad(SUBJECT, what).advise("restart their containers; docker-ovs network inspect says which"),
        );
    }
    if counts.busy_ports > 0 {
        let what = format!("another program has {} published ports: only rules carry them", counts.busy_ports);
        findings.push(Finding::bad(SUBJECT, what).advise("docker-ovs network inspect says which; stop that program"));
    }
    if counts.alone > 0 {
        let what = format!("{} networks follow Docker's swarm and know no other host", counts.alone);
        findings.push(Finding::doubtful(SUBJECT, what).advise("docker-ovs network inspect says why"));
    }
    findings.extend(leaks.iter().map(|leak| {
        let error = leak.last_error.as_deref().unwrap_or("it is tried soon");
        let place = crate::show::place(&leak.network, leak.endpoint.as_deref());
        let what = format!("{place} could not be removed yet: {error}");
        Finding::doubtful("leak", what).advise("docker-ovs network reconcile")
    }));
    findings
}

#[cfg(test)]
mod tests {
    use admin::report::{Counts, OpenVswitch};

    use super::super::finding::State;
    use super::*;

    #[test]
    fn what_is_wrong_with_a_driver_is_told() {
        let ovs = OpenVswitch { connected: true, ..OpenVswitch::default() };
        let well = Status { ovs, ..Status::default() };
        assert!(judge(&well, &[]).iter().all(|finding| finding.state == State::Good));
        let counts = Counts { broken: 2, busy_ports: 1, alone: 1, ..Counts::default() };
        let broken = Status { counts, ..Status::default() };
        let findings = judge(&broken, &[ToBeUndone { network: "3f9a".into(), ..ToBeUndone::default() }]);
        let states: Vec<_> = findings.iter().map(|finding| finding.state).collect();
        assert_eq!(states, [State::Good, State::Bad, State::Bad, State::Bad, State::Doubtful, State::Doubtful]);
    }
}
