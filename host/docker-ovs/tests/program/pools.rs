//! Address pools that Docker has forgotten, and hosts that are gone: named, given back, and what somebody has is left.

use serde_json::{Value, json};

use crate::peers::Peers;

fn docker(question: &str) -> Option<Value> {
    let ipam = json!({"Driver": "ovs", "Options": {"vrf": "blue"}, "Config": [{"Subnet": "10.1.0.0/24"}]});
    let other = json!({"Driver": "default", "Options": null, "Config": [{"Subnet": "10.2.0.0/24"}]});
    let left = json!({"Name": "left", "EndpointID": "e1", "IPv4Address": "10.1.0.9/24", "IPv6Address": ""});
    let network = |name: &str, ipam: &Value| {
        json!({"Name": name, "Id": name, "Driver": "macvlan", "Scope": "local", "IPAM": ipam,
            "Containers": {"c1": left}})
    };
    match question {
        "GET /networks" => Some(json!([network("web", &ipam), network("bridge", &other)])),
        "GET /networks/web" => Some(network("web", &ipam)),
        _ => None,
    }
}

fn driver(question: &str) -> Option<Value> {
    let pool = |vrf: &str, subnet: &str, networks: usize, addresses: &[&str]| {
        json!({"vrf": vrf, "subnet": subnet,
            "own_networks": networks, "own_endpoints": addresses})
    };
    let gone =
        json!([{"host": "node7 (c7)", "instance": "7777", "networks": ["3f9a"], "rows": 4, "ports": 2, "pools": 1}]);
    match question {
        "GET /v1/networks" => Some(json!([])),
        "GET /v1/pools" => Some(json!([
            pool("blue", "10.1.0.0/24", 1, &["10.1.0.9", "10.1.0.10"]),
            pool("default", "10.2.0.0/24", 1, &["10.2.0.2"]),
            pool("default", "10.3.0.0/24", 0, &[]),
        ])),
        "GET /v1/ovn" => Some(json!([{"host": "here", "instance": "1111", "own": true, "here": true},
            {"host": "here", "instance": "2222", "here": true}])),
        "POST /v1/pools/release" => {
            Some(json!({"vrf": "default", "subnet": "10.2.0.0/24", "networks": 1, "addresses": ["10.2.0.2"]}))
        }
        "POST /v1/ovn/reclaim" => Some(gone),
        _ => None,
    }
}

/// What the driver was told to do.
fn told(peers: &Peers) -> Vec<String> {
    let asked = peers.asked.lock().unwrap();
    asked.iter().filter_map(|question| question.strip_prefix("POST /v1/")).map(str::to_owned).collect()
}

#[test]
fn a_check_names_them_with_the_command_that_gives_them_back() {
    let peers = Peers::new(docker, driver);
    let found: Value = serde_json::from_str(&peers.run(&["check", "--json"]).out).unwrap();
    let forgotten = found.as_array().unwrap().iter().filter(|finding| finding["subject"] == "forgotten");
    let advice: Vec<_> = forgotten.map(|finding| finding["advice"].as_str().unwrap()).collect();
    assert_eq!(
        advice,
        [
            "docker-ovs ipam release 10.2.0.0/24",
            "docker-ovs ipam release --vrf blue 10.1.0.0/24 10.1.0.10",
            "if its state was lost: docker-ovs ovn reclaim 2222",
        ]
    );
    assert!(told(&peers).is_empty(), "a check changes nothing");
}

#[test]
fn what_docker_has_not_is_given_back() {
    let peers = Peers::new(docker, driver);
    let done = peers.run(&["ipam", "release", "10.2.0.0/24"]);
    assert_eq!(
        (done.code, done.out.as_str()),
        (0, "gave back 10.2.0.0/24 of vrf default: it was kept for a network, with 1 addresses of containers\n")
    );
    assert_eq!(told(&peers), [r#"pools/release {"addresses":[],"subnet":"10.2.0.0/24","vrf":"default"}"#]);
    let json = peers.run(&["ipam", "release", "--json", "--vrf", "blue", "10.1.0.0/24", "10.1.0.10"]);
    assert_eq!(json.code, 0, "{json:?}");
    assert_eq!(told(&peers)[1], r#"pools/release {"addresses":["10.1.0.10"],"subnet":"10.1.0.0/24","vrf":"blue"}"#);
}

#[test]
fn what_docker_has_is_refused_and_without_docker_all_is_but_by_force() {
    let peers = Peers::new(docker, driver);
    let fails = |docker: &str, arguments: &[&str], code: i32, word: &str| {
        peers.fails(docker, &[&["ipam", "release"], arguments].concat(), code, &[word]);
    };
    let docker = peers.docker();
    fails(&docker, &["--vrf", "blue", "10.1.0.0/24"], 65, "Docker still has network web");
    fails(&docker, &["--force", "--vrf", "blue", "10.1.0.0/24", "10.1.0.9"], 65, "docker network disconnect web left");
    fails("unix:///no/socket", &["10.2.0.0/24"], 69, "--force");
    assert!(told(&peers).is_empty());
    assert_eq!(peers.run_with("unix:///no/socket", &["ipam", "release", "--force", "10.2.0.0/24"]).code, 0);
    assert_eq!(told(&peers).len(), 1);
}

#[test]
fn what_a_host_had_is_shown_before_it_goes() {
    let peers = Peers::new(docker, driver);
    let had = "what node7 (c7) had: driver 7777, 1 networks, 4 rows, 2 ports of containers, 1 address pools\n";
    let look = peers.run(&["ovn", "reclaim", "node7", "--dry-run"]);
    assert_eq!((look.code, look.out), (0, format!("would let go of {had}")));
    assert_eq!(peers.run(&["ovn", "reclaim", "node7"]).out, format!("let go of {had}"));
    assert_eq!(
        told(&peers),
        [r#"ovn/reclaim {"host":"node7","only_look":true}"#, r#"ovn/reclaim {"host":"node7","only_look":false}"#]
    );
}
