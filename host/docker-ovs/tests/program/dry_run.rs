//! `plan`: the built-in modes, the sandbox and the guard, without a host.

use std::os::unix::process::CommandExt;

use serde_json::{Value, json};

use crate::run::{command, ended, fails, json, run};

const NAT: [&str; 5] = ["plan", "--mode", "nat", "--subnet", "10.1.0.0/24"];

fn kinds(part: &Value) -> Vec<&str> {
    part["steps"].as_array().unwrap().iter().map(|step| step["kind"].as_str().unwrap()).collect()
}

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&NAT[..], more].concat()
}

#[test]
fn a_nat_network_is_shown_step_by_step() {
    let plan = json(&with(&["--json"]));
    assert_eq!(plan["mode"], "nat");
    assert_eq!(kinds(&plan["network"]), ["bridge", "host-port", "forward", "masquerade"]);
    assert!(plan.get("endpoint").is_none() && plan.get("publish").is_none());
    let text = run(&NAT).out;
    for words in ["mode nat sha256:", "1. bridge ovb1 \"bridge\"", "why ", "10.1.0.1/24"] {
        assert!(text.contains(words), "\"{words}\" is not in:\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "there is no colour but on a terminal");
}

#[test]
fn an_endpoint_and_its_ports_are_planned_too() {
    let arguments = ["--ip", "10.1.0.5", "--mac-address", "02:00:00:00:00:05", "-p", "127.0.0.1:8080:80", "--json"];
    let plan = json(&with(&arguments));
    assert_eq!(kinds(&plan["endpoint"]), ["endpoint-port"]);
    assert_eq!(plan["endpoint"]["reply"]["gateway"], "10.1.0.1");
    let port = &plan["endpoint"]["steps"][0]["action"]["endpoint-port"];
    assert_eq!((&port["mac"], &port["addresses"]), (&json!("02:00:00:00:00:05"), &json!(["10.1.0.5/24"])));
    let publish = &plan["publish"]["steps"][0]["action"]["publish"];
    assert_eq!((&publish["host_port"], &publish["target"]), (&json!(8080), &json!("10.1.0.5")));
}

#[test]
fn a_flat_network_gets_the_gateway_that_was_asked_for_and_its_uplink() {
    let flat = ["plan", "--mode", "flat", "--subnet", "192.0.2.0/24", "--gateway", "192.0.2.254"];
    let more = ["-o", "parent=eth7", "--fact", "uplink.mtu=9000", "--ip", "192.0.2.5", "--json"];
    let plan = json(&[&flat[..], &more].concat());
    assert_eq!(plan["network"]["steps"][1]["action"]["uplink"]["name"], "eth7");
    assert_eq!(plan["endpoint"]["steps"][0]["action"]["endpoint-port"]["mtu"], 9000);
    assert_eq!(plan["endpoint"]["reply"]["gateway"], "192.0.2.254");
}

#[test]
fn each_step_is_shown_as_commands_too() {
    let arguments = with(&["--ip", "10.1.0.5", "-p", "8080:80"]);
    let text = run(&arguments).out;
    for words in [
        "$ ovs-vsctl --may-exist add-br ovb1",
        "$ ip address add 10.1.0.1/24 dev ovh2",
        "$ ip link add ove3",
        "$ ovs-vsctl add-port ovb1 ove3",
        "$ nft 'add element inet docker-ovs masquerade4 { \"ovh2\" . 10.1.0.0/24",
        "Docker is told gateway=10.1.0.1",
    ] {
        assert!(text.contains(words), "\"{words}\" is not in:\n{text}");
    }
    let plan = json(&[&arguments[..], &["--json"]].concat());
    for part in ["network", "endpoint", "publish"] {
        for step in plan[part]["steps"].as_array().unwrap() {
            assert!(!step["shell"].as_array().unwrap().is_empty(), "{step}");
        }
    }
}

#[test]
fn nobody_in_particular_may_ask() {
    let mut command = command(&NAT);
    let ended = ended(&command.uid(65534).gid(65534).output().unwrap());
    assert_eq!(ended.code, 0, "{ended:?}");
}

#[test]
fn what_is_wrong_is_told_with_what_would_be_right() {
    fails(&with(&["-o", "typo=1"]), 64, &["mode nat has no option typo", "gateway_mode"]);
    fails(&with(&["-o", "mtu=abc"]), 64, &["mtu", "\"abc\"", "68 to 65535"]);
    fails(&with(&["-o", "vrf=blue"]), 64, &["vrf belongs to mode ovn"]);
    fails(&with(&["-o", "mtu=1500", "-o", "mtu=1400"]), 64, &["mtu is given twice"]);
    fails(&with(&["--gateway", "10.2.0.1"]), 64, &["10.2.0.1 lies in none of the subnets"]);
    fails(&with(&["--ip", "10.2.0.5"]), 64, &["10.2.0.5 lies in none of the subnets"]);
    fails(&with(&["--fact", "host.secrets=1"]), 64, &["does not ask for host.secrets"]);
    fails(&with(&["-p", "80"]), 64, &["HOST-PORT:PORT"]);
    fails(&["plan", "--mode", "nope", "--subnet", "10.1.0.0/24"], 66, &["there is no mode nope", "flat, nat"]);
    fails(&["plan", "--mode", "nat", "--subnet", "0.0.0.0/0"], 65, &["0.0.0.0/0"]);
}

#[test]
fn the_guard_judges_a_dry_run_as_it_would_the_real_one() {
    fails(&with(&["-o", "bridge=br-int"]), 65, &["option bridge=br-int: it belongs to OVN"]);
}

#[test]
fn a_grant_narrows_a_built_in_mode() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("config.toml");
    std::fs::write(&file, "[grants.nat]\nallow = [\"bridge\", \"host-address\"]\n").unwrap();
    fails(&with(&["--config", file.to_str().unwrap()]), 65, &["nat is not granted", "allow"]);
}
