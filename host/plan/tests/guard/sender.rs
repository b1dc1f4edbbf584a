//! Whom a container's port may send as, and how fast.

use plan::{Action, Attribute, EndpointPort, Plan, Rule, Station, Value};

use crate::fixture::{Case, asked, endpoint_port, net, refused, step};

fn with(change: impl FnOnce(&mut EndpointPort)) -> Plan {
    let mut port = endpoint_port();
    change(&mut port);
    Plan { steps: vec![step("link", Action::EndpointPort(port))], reply: Vec::new() }
}

fn allowing(texts: &[&str]) -> Attribute {
    let texts = texts.iter().map(|&text| text.to_owned()).collect();
    Attribute { key: "allowed_addresses".to_owned(), value: Value::Texts(texts) }
}

fn station(mac: Option<&str>, address: &str) -> Station {
    Station { mac: mac.map(|mac| mac.parse().unwrap()), address: net(address) }
}

/// A secured port that may also send as these.
fn secured(allowed: &[Station]) -> Plan {
    with(|port| (port.secured, port.allowed) = (true, allowed.to_vec()))
}

#[test]
fn a_secured_port_sends_as_whom_its_user_allows() {
    let mut case = Case::default();
    assert!(case.endpoint(&secured(&[])).is_ok());
    let (own, virtual_router) = (station(None, "10.1.0.100/32"), station(Some("00:00:5e:00:01:07"), "fd01::100/128"));
    refused(case.endpoint(&secured(&[own])), Rule::Sender, 1, &["10.1.0.100", "allowed_addresses"]);
    case.network.options.push(allowing(&["10.1.0.100", "10.1.0.7"]));
    case.endpoint.options.push(allowing(&["00:00:5e:00:01:07 = fd01::100"]));
    let both = [station(None, "10.1.0.100/32"), virtual_router];
    assert!(case.endpoint(&secured(&both)).is_ok());
    for other in [
        station(None, "10.1.0.1/32"),
        station(None, "fd01::100/128"),
        station(Some("00:00:5e:00:01:08"), "fd01::100/128"),
        station(Some("00:00:5e:00:01:07"), "10.1.0.100/32"),
    ] {
        refused(case.endpoint(&secured(&[other])), Rule::Sender, 1, &["only those of the option"]);
    }
}

#[test]
fn a_station_is_one() {
    let mut case = Case::default();
    case.network.options.push(allowing(&["10.1.0.100", "01:00:5e:00:00:01=10.1.0.100"]));
    refused(case.endpoint(&secured(&[station(None, "10.1.0.100/24")])), Rule::Sender, 1, &["one address is wanted"]);
    let group = case.endpoint(&secured(&[station(Some("01:00:5e:00:00:01"), "10.1.0.100/32")]));
    asked(group, Rule::Sender, "option allowed_addresses=01:00:5e:00:00:01=10.1.0.100: it names no single station");
}

#[test]
fn a_port_that_is_not_secured_needs_nobody_allowed() {
    let mut case = Case::default();
    case.network.options.push(allowing(&["10.1.0.100"]));
    let open = with(|port| port.allowed = vec![station(None, "10.1.0.100/32")]);
    refused(case.endpoint(&open), Rule::Sender, 1, &["only a secured port needs any"]);
}

#[test]
fn a_rate_is_one_that_can_be_kept() {
    let case = Case::default();
    let rates = |rates: [u64; 2]| with(|port| (port.rate_ingress, port.rate_egress) = (Some(rates[0]), Some(rates[1])));
    assert!(case.endpoint(&rates([8_000, 34_000_000_000])).is_ok());
    for bad in [0, 7, 7_999, 34_000_000_001, 1_000_000_000_000, u64::MAX] {
        for rates in [rates([bad, 8_000]), rates([8_000, bad])] {
            let words = [&*bad.to_string(), "8000 to 34000000000 bits per second", "leave the rate out"];
            refused(case.endpoint(&rates), Rule::Rate, 1, &words);
        }
    }
}
