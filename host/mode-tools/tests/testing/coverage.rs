//! What is said of what was never exercised.

use mode_tools::test::{Coverage, Status, Subject};

use crate::house::{Test, flat, nat, report};

pub(crate) const ALL: &[Test] = &[
    ("what was met and what never was is named", named),
    ("options with few values are exercised value by value", values),
    ("too little of it is a failure", too_little),
];

fn covered(subject: &Subject, fixtures: &str) -> Coverage {
    report(subject, fixtures).coverage.unwrap()
}

fn line(coverage: &Coverage, what: &str) -> String {
    coverage.lines().into_iter().find(|line| line.starts_with(what)).unwrap()
}

const ONE: &str = r#"
    [[case]]
    name = "a network"
    call = "plan-network"
    network = { subnets = ["10.1.0.0/24"], options = { vlan = 7, host_address = "10.1.0.9" } }
    expect.invariants = ["accepted"]
    [[case]]
    name = "no network"
    call = "plan-network"
    network = { options = { host_address = "10.1.0.9" } }
    expect.invariants = ["deterministic"]
    [[case]]
    name = "a denial"
    call = "plan-network"
    network = { subnets = ["10.1.0.0/24"], options = { host_address = "10.1.0.9" } }
    grants = []
    expect.denied = { rule = "grant" }
"#;

fn named() {
    let coverage = covered(flat(), ONE);
    assert_eq!(line(&coverage, "calls"), "calls     1/3, never: plan-endpoint, plan-publish");
    assert_eq!(line(&coverage, "actions"), "actions   2/5, never: uplink, endpoint-port, tunnel");
    let refusals = line(&coverage, "refusals");
    assert!(refusals.starts_with("refusals  1/") && refusals.contains(" mtu-too-small,"), "{refusals}");
    assert_eq!(line(&coverage, "grants"), "grants    2/5, never: bridge, uplink, tunnel");
    assert_eq!(line(&coverage, "families"), "families  1/2, never: IPv6");
    assert_eq!(line(&coverage, "denials"), "denials   by the rules grant");
}

fn values() {
    let met = covered(flat(), ONE).sorts.into_iter().find(|sort| sort.what == "options").unwrap();
    for value in ["datapath=auto", "icc=true", "host_address", "vlan", "publish=refuse"] {
        assert!(met.met.contains(&value.to_owned()), "{value}: {:?}", met.met);
    }
    assert!(met.never.contains(&"datapath=netdev".to_owned()) && met.never.contains(&"ifname".to_owned()));
    let alias = ONE.replace("vlan = 7", "\"ovs.bridge.vlan\" = 7");
    assert_eq!(covered(flat(), &alias).percent, covered(flat(), ONE).percent, "an alias is the option");
}

fn too_little() {
    let percent = covered(nat(), "").percent;
    assert_eq!(percent, 0);
    let all = |percent| report(flat(), ONE).wanting(percent).status;
    let there = covered(flat(), ONE).percent;
    assert_eq!((all(there), all(there + 1)), (Status::Passed, Status::Failed));
}
