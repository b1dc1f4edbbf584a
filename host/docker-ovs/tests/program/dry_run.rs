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
fn the_mode_may_be_named_as_docker_is_told_it() {
    let flat = ["plan", "--subnet", "192.0.2.0/24", "-o", "mode=flat", "-o", "uplink=eth1", "--json"];
    assert_eq!(json(&flat)["mode"], "flat");
    assert_eq!(json(&with(&["-o", "ovs.bridge.mode=nat", "--json"]))["mode"], "nat");
    fails(&with(&["-o", "mode=flat"]), 64, &["--mode says nat", "the options say flat"]);
    fails(&with(&["-o", "mode=nope"]), 64, &["nope"]);
    fails(&["plan", "--subnet", "10.1.0.0/24", "-o", "mode=nope"], 66, &["there is no mode nope"]);
    fails(&["plan", "--subnet", "10.1.0.0/24", "-o", "mode=nat", "-o", "ovs.bridge.mode=flat"], 64, &["different"]);
}

#[test]
fn ports_are_settled_as_the_driver_settles_them() {
    let address = ["--ip", "10.1.0.5", "-o", "host_binding=127.0.0.1", "--json"];
    let host_address = |more: &[&str]| {
        let plan = json(&with(&[&address[..], more].concat()));
        plan["publish"]["steps"][0]["action"]["publish"]["host_address"].clone()
    };
    assert_eq!(host_address(&["-p", "80:80"]), "127.0.0.1");
    assert_eq!(host_address(&["-p", "192.0.2.1:80:80"]), "192.0.2.1", "an address that is named wins");

    let asked = |more: &[&'static str]| with(&[&["--ip", "10.1.0.5"], more].concat());
    for twice in [["80:80", "80:81"], ["80:80", "127.0.0.1:80:80"], ["0.0.0.0:80:80", "192.0.2.1:80:80"]] {
        fails(&asked(&["-p", twice[0], "-p", twice[1]]), 64, &["want the same port of the host"]);
    }
    for once in [["80:80", "80:80/udp"], ["127.0.0.1:80:80", "192.0.2.1:80:80"], ["80:80", "81:80"]] {
        assert_eq!(run(&asked(&["-p", once[0], "-p", once[1]])).code, 0, "{once:?}");
    }
    fails(&asked(&["-p", "80:80/tcp/tcp"]), 64, &["HOST-PORT:PORT"]);
}

#[test]
fn an_internal_network_publishes_nothing_and_says_so() {
    let ended = run(&with(&["--internal", "--ip", "10.1.0.5", "-p", "80:80", "--json"]));
    assert_eq!(ended.code, 0, "the container starts: {ended:?}");
    assert!(ended.err.contains("no port is published: the network is internal"), "{}", ended.err);
    assert!(serde_json::from_str::<Value>(&ended.out).unwrap().get("publish").is_none());
}

#[test]
fn interfaces_are_named_as_the_driver_would() {
    let key = "com.docker.network.container_iface_prefix";
    let lan = format!("{key}=lan");
    let plan = json(&with(&["-o", &lan, "--ip", "10.1.0.5", "--json"]));
    assert_eq!(plan["endpoint"]["reply"]["interface_prefix"], "lan");
    fails(&with(&["-o", &format!("{key}=../../x")]), 64, &[key, "../../x", "letters, digits"]);
}

#[test]
fn what_docker_would_never_ask_for_is_refused() {
    fails(&with(&["--gateway", "10.1.0.1", "--gateway", "10.1.0.2"]), 64, &["10.1.0.0/24 has two gateways"]);
    fails(&with(&["--subnet", "10.1.0.128/25"]), 64, &["10.1.0.0/24 and 10.1.0.128/25 overlap"]);
    fails(&with(&["--ip", "10.1.0.5", "--ip", "10.1.0.6"]), 64, &["one address of a family"]);
    let flat = ["plan", "--mode", "flat", "--subnet", "192.0.2.0/24"];
    let facts = ["--fact", "uplink.mtu=9000", "--fact", "uplink.mtu=1500"];
    fails(&[&flat[..], &facts].concat(), 64, &["uplink.mtu is given twice"]);
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
