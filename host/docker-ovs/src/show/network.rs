//! Networks.

use admin::report::{
    Drift, Endpoint, Health, NetworkDetail, NetworkSummary, Ownership, PublishedPort, Step, StepState,
};
use serde_json::Value;
use std::collections::BTreeMap;

use super::{Style, Table, short};

/// `network ls`.
pub(crate) fn networks(networks: &[NetworkSummary]) -> String {
    let row = |network: &NetworkSummary| {
        [
            short(&network.id).to_owned(),
            network.name.clone().unwrap_or_default(),
            network.mode.clone(),
            health(network.health).to_owned(),
            network.subnets.join(" "),
            network.bridge.clone().unwrap_or_default(),
            format!("{} of {} joined", network.joined, network.endpoints),
        ]
    };
    let mut table = Table::new(["NETWORK", "NAME", "MODE", "HEALTH", "SUBNETS", "BRIDGE", "ENDPOINTS"]);
    networks.iter().for_each(|network| table.row(row(network)));
    table.to_string()
}

/// `network inspect`.
pub(crate) fn network(detail: &NetworkDetail) -> String {
    let NetworkSummary { id, name, mode, mode_digest, internal, subnets, .. } = &detail.summary;
    let title = Style::Strong.paint(&format!("network {}", name.as_ref().unwrap_or(id)));
    let mut text = format!("{title}  {}\n", coloured(detail.summary.health));
    let mut line = |key: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&format!("  {key:<10}{value}\n"));
        }
    };
    line("id", if name.is_some() { id } else { "" });
    line("mode", &format!("{mode} {}", Style::Faint.paint(&format!("sha256:{}", short(mode_digest)))));
    line("subnets", &subnets.join(" "));
    line("gateways", &detail.gateways.join(" "));
    line("internal", if *internal { "yes" } else { "" });
    line("options", &attributes(&detail.options));
    line("ignored", &detail.ignored.join(" "));
    line("facts", &attributes(&detail.facts));
    section(
        &mut text,
        "objects",
        detail.objects.iter().map(|object| {
            let owner = match object.ownership {
                Ownership::Made => "made",
                Ownership::Used => "used, was there before",
                Ownership::Unknown => "unknown",
            };
            let shared = if object.shared_with.is_empty() {
                String::new()
            } else {
                format!(", shared with {}", object.shared_with.join(" "))
            };
            format!("{} {} ({owner}{shared})", object.kind, object.name)
        }),
    );
    table(&mut text, "plan", &steps(&detail.steps));
    table(&mut text, "endpoints", &endpoints(&detail.endpoint_list));
    section(&mut text, "not as planned", detail.drift.iter().map(drift));
    section(&mut text, "to be undone", detail.to_be_undone.iter().map(super::reconciled::undone));
    text
}

/// What is not as planned, and what is done about it.
pub(super) fn drift(drift: &Drift) -> String {
    let place = super::place(&drift.network, drift.endpoint.as_deref());
    let place = if place.is_empty() { "this host" } else { &place };
    let repair = drift.repair.as_deref().unwrap_or("it cannot be repaired");
    let step = drift.step.as_deref().map(|step| format!(" \"{step}\"")).unwrap_or_default();
    format!("{place}{step}: {} ({repair})", drift.problem)
}

fn steps(steps: &[Step]) -> Table {
    let mut table = Table::new(["STEP", "KIND", "NAME", "STATE", "WHY"]);
    for step in steps {
        let state = match step.state {
            StepState::Present => "",
            StepState::Planned => "planned",
            StepState::Drifted => "drifted",
            StepState::Unknown => "unknown",
        };
        let names = step.names.values().cloned().collect::<Vec<_>>().join(" ");
        let why = step.why.clone().unwrap_or_default();
        table.row([step.label.clone(), step.kind.clone(), names, state.to_owned(), why]);
    }
    table
}

fn endpoints(endpoints: &[Endpoint]) -> Table {
    let mut table = Table::new(["ENDPOINT", "CONTAINER", "STATE", "ADDRESSES", "MAC", "INTERFACE", "PORTS", "PROBLEM"]);
    for endpoint in endpoints {
        let ports = endpoint.published.iter().map(port);
        table.row([
            short(&endpoint.id).to_owned(),
            endpoint.container.clone().unwrap_or_default(),
            format!("{:?}", endpoint.state).to_lowercase(),
            endpoint.addresses.join(" "),
            endpoint.mac.clone(),
            endpoint.interface.clone().unwrap_or_default(),
            ports.collect::<Vec<_>>().join(" "),
            endpoint.problem.clone().unwrap_or_default(),
        ]);
    }
    table
}

/// As `docker ps` writes it.
fn port(port: &PublishedPort) -> String {
    let address = match port.host_address.as_deref() {
        Some(address) if address.contains(':') => format!("[{address}]:"),
        Some(address) => format!("{address}:"),
        None => String::new(),
    };
    format!("{address}{}->{}/{}", port.host_port, port.container_port, port.protocol)
}

fn table(text: &mut String, title: &str, table: &Table) {
    if !table.is_empty() {
        section(text, title, table.to_string().lines().map(str::to_owned));
    }
}

fn section(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        text.push_str(&format!("  {}\n", Style::Strong.paint(title)));
        lines.for_each(|line| text.push_str(&format!("    {}\n", line.trim_end())));
    }
}

fn attributes(attributes: &BTreeMap<String, Value>) -> String {
    let said = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    attributes.iter().map(|(key, value)| format!("{key}={}", said(value))).collect::<Vec<_>>().join(" ")
}

fn health(health: Health) -> &'static str {
    match health {
        Health::Healthy => "healthy",
        Health::Drifted => "drifted",
        Health::Broken => "broken",
        Health::Unknown => "unknown",
    }
}

fn coloured(of: Health) -> String {
    let style = match of {
        Health::Healthy => Style::Good,
        Health::Drifted | Health::Unknown => Style::Doubtful,
        Health::Broken => Style::Bad,
    };
    style.paint(health(of))
}

#[cfg(test)]
mod tests {
    use admin::report::{EndpointState, Object};

    use super::*;

    fn summary() -> NetworkSummary {
        NetworkSummary {
            id: "3f9a00000000cafe".into(),
            mode: "nat".into(),
            mode_digest: "0123456789abcdef".into(),
            health: Health::Drifted,
            subnets: vec!["10.1.0.0/24".into()],
            bridge: Some("ovb1".into()),
            endpoints: 2,
            joined: 1,
            ..NetworkSummary::default()
        }
    }

    #[test]
    fn a_list_has_a_line_for_each() {
        let list = networks(&[summary()]);
        let lines: Vec<_> = list.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(
            lines,
            ["NETWORK MODE HEALTH SUBNETS BRIDGE ENDPOINTS", "3f9a00000000 nat drifted 10.1.0.0/24 ovb1 1 of 2 joined"]
        );
    }

    #[test]
    fn a_network_is_shown_whole() {
        let published =
            PublishedPort { protocol: "tcp".into(), host_port: 8080, container_port: 80, ..PublishedPort::default() };
        let detail = NetworkDetail {
            summary: summary(),
            options: BTreeMap::from([("mtu".to_owned(), Value::from(1400)), ("bridge".to_owned(), Value::from("br"))]),
            ignored: vec!["com.docker.network.new".to_owned()],
            objects: vec![Object {
                kind: "bridge".into(),
                name: "br-lab".into(),
                ownership: Ownership::Used,
                ..Object::default()
            }],
            endpoint_list: vec![Endpoint {
                id: "77c0".into(),
                state: EndpointState::Joined,
                published: vec![published],
                problem: Some("its link vanished".into()),
                ..Endpoint::default()
            }],
            drift: vec![Drift {
                network: "3f9a".into(),
                problem: "port is gone".into(),
                repair: Some("reconcile adds it again".into()),
                ..Drift::default()
            }],
            ..NetworkDetail::default()
        };
        let text = network(&detail);
        for words in [
            "network 3f9a00000000cafe  drifted",
            "options   bridge=br mtu=1400",
            "ignored   com.docker.network.new",
            "bridge br-lab (used, was there before)",
            "ENDPOINT   STATE    PORTS          PROBLEM\n    77c0       joined   8080->80/tcp   its link vanished",
            "3f9a: port is gone (reconcile adds it again)",
        ] {
            assert!(text.contains(words), "\"{words}\" is not in:\n{text}");
        }
        assert!(!text.contains("to be undone") && !text.contains("internal"), "{text}");
    }
}
