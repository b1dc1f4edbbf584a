//! `mode upgrade`: shown, confirmed, and then done, or not at all.

use serde_json::{Value, json};

use crate::peers::Peers;

const WEB: &str = "b5082ded43d3b362c2b913dae6ee17a8afb51ef0e2a2e19db122d4b5fea67142";
const LEFT: &str = "2f2497db76a577c0f0ff0f8056b657a003bd7636d7fd984b875d5ad9a5d3fedf";

fn docker(question: &str) -> Option<Value> {
    let containers = json!({"c1": {"Name": "left", "EndpointID": LEFT}});
    let web = json!({"Name": "web", "Id": WEB, "Driver": "ovs", "Containers": containers});
    match question.strip_prefix("GET /networks/")? {
        "web" => Some(web),
        id if id == WEB => Some(web),
        _ => None,
    }
}

fn driver(question: &str) -> Option<Value> {
    let id = question.strip_prefix("POST /v1/networks/")?.strip_suffix("/upgrade")?;
    let module = |version: &str| json!({"mode": "lab", "version": version, "digest": version.repeat(20)});
    let isolated = json!({"field": "isolated", "before": false, "after": true});
    let step = json!({"change": "changed", "label": "port", "kind": "endpoint-port", "fields": [isolated]});
    let stage = if id == WEB { "planned" } else { "current" };
    Some(json!({
        "network": id, "stage": stage, "from": module("0.1.0"), "to": module("0.2.0"), "granted": ["nat"],
        "endpoints": [{"id": LEFT, "state": "joined", "steps": [step]}], "unchanged_endpoints": 2, "confirmation": "9f2c"
    }))
}

const SHOWN: &str = "\
network web  lab 0.1.0 sha256:0.1.00.1.00. -> lab 0.2.0 sha256:0.2.00.2.00.
  may now   nat
of left, endpoint 2f2497db76a5, joined
  ~ port  endpoint-port  isolated false -> true
2 endpoints stay as they are
";

/// What the driver was asked for.
fn asked(peers: &Peers) -> Vec<Value> {
    let asked = peers.asked.lock().unwrap().clone();
    asked
        .iter()
        .filter_map(|question| Some(serde_json::from_str(question.split_once("/upgrade ")?.1).unwrap()))
        .collect()
}

#[test]
fn a_dry_run_only_shows() {
    let peers = Peers::new(docker, driver);
    let shown = peers.run(&["mode", "upgrade", "web", "--dry-run"]);
    assert_eq!((shown.code, shown.out.as_str()), (0, SHOWN), "{shown:?}");
    let json = peers.run(&["mode", "upgrade", "web", "--dry-run", "--json"]);
    let report: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((&report["name"], &report["endpoints"][0]["container"]), (&json!("web"), &json!("left")));
    let look = json!({"to": null, "confirmation": null});
    assert_eq!(asked(&peers), [look.clone(), look], "looked at twice");
}

#[test]
fn nobody_is_asked_where_nobody_is() {
    let peers = Peers::new(docker, driver);
    let ended = peers.run(&["mode", "upgrade", "web"]);
    assert_eq!((ended.code, ended.out.as_str()), (64, SHOWN), "{ended:?}");
    assert!(ended.err.contains("--yes does it") && ended.err.contains("--dry-run"), "{ended:?}");
    assert_eq!(asked(&peers).len(), 1);
}

#[test]
fn what_was_shown_is_confirmed() {
    let peers = Peers::new(docker, driver);
    let done = peers.run(&["mode", "upgrade", "web", "--yes"]);
    assert_eq!((done.code, done.out), (0, format!("{SHOWN}upgraded\n")));
    assert_eq!(asked(&peers)[1], json!({"to": null, "confirmation": "9f2c"}));
    let json = peers.run(&["mode", "upgrade", "web", "-y", "--json", "--to", "lab2"]);
    assert!(serde_json::from_str::<Value>(&json.out).unwrap().is_object(), "JSON and nothing else: {json:?}");
    assert_eq!(asked(&peers)[3], json!({"to": "lab2", "confirmation": "9f2c"}));
}

#[test]
fn there_may_be_nothing_to_do() {
    let peers = Peers::new(docker, driver);
    let told = peers.run(&["mode", "upgrade", "77c0"]);
    assert_eq!((told.code, told.out.as_str()), (0, "network 77c0  has lab 0.2.0 sha256:0.2.00.2.00. already\n"));
    peers.fails(&peers.docker(), &["mode", "upgrade", "web", "--yes", "--dry-run"], 64, &["cannot be used with"]);
}
