//! Names: the commands ask Docker what they stand for, and the driver for what it has under that identifier.

use serde_json::{Value, json};

use crate::peers::Peers;

const WEB: &str = "b5082ded43d3b362c2b913dae6ee17a8afb51ef0e2a2e19db122d4b5fea67142";
const LEFT: &str = "2f2497db76a577c0f0ff0f8056b657a003bd7636d7fd984b875d5ad9a5d3fedf";
const NOTHING: &str = "/no/socket";

fn peers() -> Peers {
    Peers::new(docker, driver)
}

fn docker(question: &str) -> Option<Value> {
    let left = json!({"Name": "left", "EndpointID": LEFT});
    let web = json!({"Name": "web", "Id": WEB, "Driver": "ovs", "Containers": {"c1": left}});
    let connected = |id: &str| json!({"NetworkSettings": {"Networks": {"web": {"NetworkID": WEB, "EndpointID": id}}}});
    let named = |name: &str, mut container: Value| {
        container["Name"] = format!("/{name}").into();
        container
    };
    match question.strip_prefix("GET ")? {
        "/networks" => Some(json!([web, {"Name": "bridge", "Id": "b1", "Driver": "bridge"}])),
        "/networks/web" | "/networks/b5082" => Some(web),
        // As Docker does it: an identifier begins like this, and nothing has the name.
        path if *path == format!("/networks/{WEB}") => Some(web),
        "/networks/bridge" => Some(json!({"Name": "bridge", "Id": "b1", "Driver": "bridge"})),
        "/containers/left/json" => Some(named("left", connected(LEFT))),
        "/containers/stopped/json" => Some(named("stopped", connected(""))),
        "/containers/elsewhere/json" => Some(named("elsewhere", json!({}))),
        _ => None,
    }
}

fn driver(question: &str) -> Option<Value> {
    let web = json!({"id": WEB, "mode": "nat", "health": "healthy", "endpoint_list": [{"id": LEFT}]});
    let (_, path) = question.split_once(' ')?;
    match path.strip_prefix("/v1/networks")? {
        "" => Some(json!([web])),
        path if path == format!("/{WEB}") || path == "/b5082" => Some(web),
        path if path == format!("/{WEB}/reconcile") => Some(json!({"networks": [WEB]})),
        path if path == format!("/{WEB}/explain") => Some(json!({"network": WEB, "mode": "nat"})),
        path if path == format!("/{WEB}/endpoints/{LEFT}/explain") || path == "/b5082/endpoints/2f24/explain" => {
            Some(json!({"network": WEB, "endpoint": LEFT, "mode": "nat"}))
        }
        _ => None,
    }
}

#[test]
fn a_network_is_found_by_its_name_and_by_its_id() {
    let peers = peers();
    for network in ["web", "b5082", WEB] {
        let shown = peers.run(&["network", "inspect", network]);
        assert!(shown.code == 0 && shown.out.contains("network web"), "{shown:?}");
        assert!(shown.out.contains(WEB) && shown.out.contains("left"), "{shown:?}");
    }
    assert_eq!(peers.run(&["network", "reconcile", "web"]).code, 0);
    let explained = peers.run(&["explain", "web"]);
    assert!(explained.out.starts_with("web ") && explained.out.contains("network b5082ded43d3"), "{explained:?}");
}

#[test]
fn an_endpoint_is_found_by_its_container_and_by_its_id() {
    let peers = peers();
    for subject in ["web/left", "b5082/2f24"] {
        let explained = peers.run(&["explain", subject]);
        assert!(explained.out.contains("endpoint 2f2497db76a5 of network b5082ded43d3"), "{subject}: {explained:?}");
    }
    let docker = peers.docker();
    peers.fails(&docker, &["explain", "web/stopped"], 66, &["container stopped does not run"]);
    peers.fails(&docker, &["explain", "web/elsewhere"], 66, &["container elsewhere is not in that network"]);
    peers.fails(&docker, &["explain", "web/nobody"], 66, &["Docker has no container nobody"]);
}

#[test]
fn names_stand_beside_ids_where_docker_answers() {
    let peers = peers();
    let list = peers.run(&["network", "ls"]).out;
    assert!(list.contains("NAME") && list.contains("web"), "{list}");
    let json: Value = serde_json::from_str(&peers.run(&["network", "ls", "--json"]).out).unwrap();
    assert_eq!((&json[0]["id"], &json[0]["name"]), (&json!(WEB), &json!("web")));

    let list = peers.run_with(&format!("unix:{NOTHING}"), &["network", "ls"]).out;
    assert!(!list.contains("NAME") && list.contains("b5082ded43d3"), "{list}");
    let json = peers.run_with(&format!("unix:{NOTHING}"), &["network", "ls", "--json"]).out;
    assert!(!json.contains("\"name\""), "{json}");
}

#[test]
fn ids_work_without_docker_and_names_say_what_they_need() {
    let peers = peers();
    let away = format!("unix:{NOTHING}");
    for arguments in [["network", "inspect", WEB], ["network", "reconcile", WEB]] {
        assert_eq!(peers.run_with(&away, &arguments).code, 0);
    }
    assert_eq!(peers.run_with(&away, &["explain", "b5082/2f24"]).code, 0);
    for arguments in [&["network", "inspect", "web"][..], &["network", "reconcile", "web"], &["explain", "web/left"]] {
        peers.fails(&away, arguments, 66, &["names need Docker, identifiers do not", NOTHING]);
    }
    peers.fails("tcp://10.0.0.1:2375", &["explain", "web"], 66, &["DOCKER_HOST is tcp://10.0.0.1:2375"]);
}

#[test]
fn what_is_nobodys_or_anothers_is_said() {
    let peers = peers();
    let docker = peers.docker();
    peers.fails(&docker, &["network", "inspect", "wbe"], 66, &["Docker has no network wbe either"]);
    peers.fails(&docker, &["explain", "bridge"], 66, &["bridge is a network of Docker's driver bridge"]);
}
