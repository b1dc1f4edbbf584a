//! What Docker has forgotten: `check` names it, with the command that removes it; what Docker has is not removed.

use serde_json::{Value, json};

use crate::peers::Peers;

/// A network that both have, with an endpoint that both have and one that Docker has forgotten.
const WEB: &str = "b5082ded43d3b362c2b913dae6ee17a8afb51ef0e2a2e19db122d4b5fea67142";
const LEFT: &str = "2f2497db76a577c0f0ff0f8056b657a003bd7636d7fd984b875d5ad9a5d3fedf";
const LOST: &str = "77c097db76a577c0f0ff0f8056b657a003bd7636d7fd984b875d5ad9a5d3fedf";
/// A network that Docker has forgotten.
const GONE: &str = "3f9a2ded43d3b362c2b913dae6ee17a8afb51ef0e2a2e19db122d4b5fea67142";
/// One that is being made, and one that is being removed.
const NEW: &str = "0e31000000000000";
const OLD: &str = "01d0000000000000";

fn docker(question: &str) -> Option<Value> {
    let left = json!({"Name": "left", "EndpointID": LEFT});
    let web = json!({"Name": "web", "Id": WEB, "Driver": "ovs", "Containers": {"c1": left}});
    match question.strip_prefix("GET /networks/")? {
        "web" => Some(web),
        id if id == WEB => Some(web),
        _ => None,
    }
}

fn driver(question: &str) -> Option<Value> {
    let (method, path) = question.split_once(' ')?;
    let network = |id: &str, state: &str| json!({"id": id, "mode": "nat", "state": state});
    let (left, lost) = (json!({"id": LEFT, "state": "joined"}), json!({"id": LOST, "state": "planned"}));
    let leaving = json!({"id": "1ea5", "state": "leaving"});
    match (method, path.strip_prefix("/v1/")?.replace(WEB, "web").replace(LOST, "lost").replace(GONE, "gone").as_str())
    {
        ("GET", "networks") => Some(json!([
            network(WEB, "ready"),
            network(GONE, "ready"),
            network(NEW, "creating"),
            network(OLD, "removing")
        ])),
        ("GET", "networks/web") => Some(json!({"id": WEB, "endpoint_list": [left, lost, leaving]})),
        ("GET", "networks/gone") => Some(json!({"id": GONE, "endpoint_list": [lost]})),
        ("GET", "networks/web/explain") => Some(json!({"network": WEB})),
        ("GET", "networks/gone/explain" | "networks/3f9a2ded43d3/explain") => Some(json!({"network": GONE})),
        ("GET", "networks/web/endpoints/2f24/explain") => Some(json!({"network": WEB, "endpoint": LEFT})),
        ("GET", "networks/web/endpoints/77c0/explain") => Some(json!({"network": WEB, "endpoint": LOST})),
        ("DELETE", "networks/gone") => Some(json!({"network": GONE, "endpoints": [LOST]})),
        ("DELETE", "networks/web/endpoints/lost") => Some(json!({"network": WEB, "endpoint": LOST})),
        _ => None,
    }
}

fn removals(peers: &Peers) -> Vec<String> {
    let asked = peers.asked.lock().unwrap();
    asked.iter().filter(|question| question.starts_with("DELETE")).cloned().collect()
}

#[test]
fn a_check_names_it_with_the_command_that_removes_it() {
    let peers = Peers::new(docker, driver);
    let forgotten = |docker: &str| -> Vec<Value> {
        let found: Value = serde_json::from_str(&peers.run_with(docker, &["check", "--json"]).out).unwrap();
        found.as_array().unwrap().iter().filter(|finding| finding["subject"] == "forgotten").cloned().collect()
    };
    let found = forgotten(&peers.docker());
    let advice: Vec<_> = found.iter().map(|finding| finding["advice"].as_str().unwrap()).collect();
    let [network, endpoint] = ["docker-ovs network rm 3f9a2ded43d3", "docker-ovs network rm b5082ded43d3/77c097db76a5"];
    assert_eq!(advice, [network, endpoint], "{found:?}");
    assert!(found.iter().all(|finding| finding["state"] == "doubtful"));

    let found = forgotten("unix:///no/socket");
    assert!(found.len() == 1 && found[0]["what"].as_str().unwrap().contains("/no/socket"), "{found:?}");
    assert!(removals(&peers).is_empty(), "a check changes nothing");
}

#[test]
fn what_docker_has_forgotten_is_removed() {
    let peers = Peers::new(docker, driver);
    let done = peers.run(&["network", "rm", "3f9a2ded43d3", "web/77c0"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(
        done.out,
        "removed network 3f9a2ded43d3 and its endpoint\nremoved endpoint 77c097db76a5 of network b5082ded43d3\n"
    );
    let [network, endpoint] = [format!("/{GONE}"), format!("/{WEB}/endpoints/{LOST}")];
    assert_eq!(removals(&peers), [network, endpoint].map(|path| format!("DELETE /v1/networks{path}")));
    let done: Value = serde_json::from_str(&peers.run(&["network", "rm", "--json", GONE]).out).unwrap();
    assert_eq!((&done[0]["network"], &done[0]["endpoints"][0]), (&json!(GONE), &json!(LOST)));
}

#[test]
fn what_docker_has_is_refused_and_so_is_all_beside_it() {
    let peers = Peers::new(docker, driver);
    for force in [&[][..], &["--force"]] {
        let fails = |subjects: &[&str], words: &[&str]| {
            peers.fails(&peers.docker(), &[&["network", "rm"], force, subjects].concat(), 65, words);
        };
        fails(&["web"], &["Docker still has network web: docker network rm web removes it"]);
        fails(&[WEB], &["Docker still has network web"]);
        fails(&[GONE, "web/2f24"], &["Docker still has endpoint 2f2497db76a5", "docker network disconnect web left"]);
    }
    peers.fails(&peers.docker(), &["network", "rm", "wbe"], 66, &["Docker has no network wbe either"]);
    assert!(removals(&peers).is_empty());
}

#[test]
fn without_docker_it_is_done_only_by_force() {
    let peers = Peers::new(docker, driver);
    for docker in ["unix:///no/socket", "tcp://10.0.0.1:2375"] {
        peers.fails(
            docker,
            &["network", "rm", GONE],
            69,
            &["3f9a2ded43d3", docker.trim_start_matches("unix://"), "--force"],
        );
    }
    assert!(removals(&peers).is_empty());
    assert_eq!(peers.run_with("unix:///no/socket", &["network", "rm", "--force", GONE]).code, 0);
    assert_eq!(removals(&peers).len(), 1);
}
