//! Which crate of ours may know which: what Cargo says, against docs/decisions/0008-walls.md.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// All arrows that there may be between our crates, those of tests apart.
const ARROWS: [(&str, &[&str]); 19] = [
    ("admin", &[]),
    ("builtin-modes", &["component"]),
    ("component", &[]),
    ("docker-api", &[]),
    (
        "docker-ovs",
        &["admin", "builtin-modes", "docker-api", "driver", "mode-tools", "ovsdb", "plan", "plumbing", "policy"],
    ),
    ("driver", &["admin", "docker-api", "ipam", "plan", "plumbing", "policy"]),
    ("guest-modes", &[]),
    ("ipam", &["ovsdb"]),
    ("lab", &["builtin-modes", "ovsdb", "plan", "policy"]),
    ("mode-flat", &["guest-modes"]),
    ("mode-nat", &["guest-modes"]),
    ("mode-ovn", &["guest-modes"]),
    ("mode-tools", &["component", "plan", "policy"]),
    ("mode-vlan", &["guest-modes"]),
    ("openflow", &[]),
    ("ovsdb", &[]),
    ("plan", &[]),
    ("plumbing", &["openflow", "ovsdb", "plan"]),
    ("policy", &["component", "plan"]),
];

/// What the runtime of the crate that runs strangers' code may be able to do; no socket and no file is among it.
const POLICYS_RUNTIME: [&str; 6] = ["io-util", "macros", "process", "rt", "sync", "time"];

/// The workspace as Cargo reads it.
fn packages() -> Vec<Value> {
    let arguments = ["metadata", "--format-version", "1", "--no-deps", "--offline", "--manifest-path"];
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let output = Command::new(env!("CARGO")).args(arguments).arg(manifest).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice::<Value>(&output.stdout).unwrap()["packages"].as_array().unwrap().clone()
}

/// What a crate is built from, in every build but that of its tests.
fn dependencies(package: &Value) -> impl Iterator<Item = &Value> {
    package["dependencies"].as_array().unwrap().iter().filter(|dependency| dependency["kind"] != "dev")
}

#[test]
fn no_crate_knows_another_than_it_may() {
    let packages = packages();
    let name = |package: &Value| package["name"].as_str().unwrap().to_owned();
    let ours: BTreeSet<String> = packages.iter().map(name).collect();
    let arrows: BTreeMap<String, BTreeSet<String>> = packages
        .iter()
        .map(|package| (name(package), dependencies(package).map(name).filter(|it| ours.contains(it)).collect()))
        .collect();
    let allowed = ARROWS.map(|(from, to)| (from.to_owned(), to.iter().map(|&name| name.to_owned()).collect()));
    assert_eq!(
        arrows,
        BTreeMap::from(allowed),
        "is a new arrow meant? docs/decisions/0008-walls.md says why there are few"
    );
}

#[test]
fn what_runs_strangers_code_has_no_sockets_in_its_runtime() {
    let packages = packages();
    let policy = packages.iter().find(|package| package["name"] == "policy").unwrap();
    let tokio = dependencies(policy).find(|dependency| dependency["name"] == "tokio").unwrap();
    assert_eq!(tokio["features"], serde_json::json!(POLICYS_RUNTIME));
    for sockets in ["hyper", "hyper-util", "socket2", "netlink-sys", "tokio-rustls", "listenfd"] {
        assert!(dependencies(policy).all(|dependency| dependency["name"] != sockets), "{sockets}");
    }
}
