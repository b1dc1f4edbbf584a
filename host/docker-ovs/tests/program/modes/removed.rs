//! Modules are removed, unless something needs them.

use std::fs;

use serde_json::{Value, json};

use super::{WEB, docker, fails, flat, path};
use crate::peers::Peers;
use crate::place::{Place, client, command_of};
use crate::run::ended;

#[test]
fn without_a_driver_nobody_says_who_uses_a_mode() {
    let place = Place::new();
    fs::write(place.path("lab.wasm"), flat("one")).unwrap();
    let lab = path(&place, "lab.wasm");
    let added = client(&place, &["mode", "add", &lab, "--name", "lab", "--grant", "vlan=7"]);
    assert!(added.code == 0 && added.out.contains("none answers here"), "{added:?}");
    let shown = client(&place, &["mode", "ls"]).out;
    assert!(shown.contains("vlan=7") && shown.contains("which networks use them is not known"), "{shown}");
    fails(&client(&place, &["mode", "rm", "lab"]), 69, &["no driver runs", "--force"]);
    let removed = client(&place, &["mode", "rm", "lab", "--force", "--json"]);
    let removed: Value = serde_json::from_str(&removed.out).unwrap();
    let left = fs::read_to_string(removed["grants"].as_str().unwrap()).unwrap();
    assert!(left.contains("[[earlier]]") && left.contains("vlan=7"), "{left}");
    assert!(!place.path("modes.d/lab.wasm").exists());

    // Once more: there is nothing left to remove, and what stays is said.
    let digest = policy::digest(&flat("one")).to_string();
    let again = client(&place, &["mode", "rm", "lab", "--force"]);
    assert!(
        again.code == 0 && again.out.starts_with("nothing was removed: mode lab has no module here\n"),
        "{again:?}"
    );
    let stays = format!("lab.toml: what is granted to sha256:{}, nobody could say whether", &digest[..12]);
    assert!(again.out.contains(&stays), "{again:?}");
    assert_eq!(removed["kept"], json!([digest]));
    assert_eq!(fs::read_to_string(place.path("grants.d/lab.toml")).unwrap(), left);
}

#[test]
fn what_has_to_stay_is_not_removed() {
    let place = Place::new();
    place.configure("default_mode = \"lab\"\n");
    fs::create_dir(place.path("modes.d")).unwrap();
    fs::write(place.path("modes.d/lab.wasm"), flat("one")).unwrap();
    fails(&client(&place, &["mode", "rm", "lab", "--force"]), 65, &["lab is default_mode"]);
    fails(&client(&place, &["mode", "rm", "nat", "--force"]), 65, &["nat is a built-in mode", "[grants.nat]"]);
    fails(&client(&place, &["mode", "rm", "../x"]), 66, &["no mode is called \"../x\""]);
    assert!(place.path("modes.d/lab.wasm").exists());
}

/// A driver with a network on a module that had the name before, and one on the module that has it.
fn driver(question: &str) -> Option<Value> {
    let lab = |digest: &str, origin: &str, user: &str| {
        let granted = json!(["vlan=7"]);
        json!({"name": "lab", "version": "1.0", "digest": digest.repeat(64), "origin": origin, "asked": ["vlan"],
            "granted": granted, "networks": 1, "users": [{"id": user}]})
    };
    let modes = json!({"modes": [lab("a", "file", WEB), lab("b", "store", "3f9a")], "notices": ["something is odd"]});
    ["GET /v1/modes", "POST /v1/modes/reload"].contains(&question).then_some(modes)
}

#[test]
fn a_mode_that_networks_use_is_not_removed_and_they_are_named() {
    let (place, peers) = (Place::new(), Peers::new(docker, driver));
    let run = |docker: &str, arguments: &[&str]| {
        let socket = peers.admin();
        let mut command = command_of(&place, &[&["--admin-socket", &socket], arguments].concat());
        ended(&command.env("DOCKER_HOST", docker).output().unwrap())
    };
    let shown = run(&peers.docker(), &["mode", "ls"]).out;
    for words in ["aaaaaaaaaaaa", "bbbbbbbbbbbb", "web", "3f9a", "for its networks only", "note something is odd"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    fs::create_dir(place.path("modes.d")).unwrap();
    fs::create_dir(place.path("grants.d")).unwrap();
    fs::write(place.path("modes.d/lab.wasm"), flat("one")).unwrap();
    let grants = |digit: &str| format!("digest = \"{}\"\nallow = [\"vlan=7\"]\n", digit.repeat(64));
    let file = format!("{}\n[[earlier]]\n{}\n[[earlier]]\n{}", grants("a"), grants("b"), grants("c"));
    fs::write(place.path("grants.d/lab.toml"), file).unwrap();
    fails(&run(&peers.docker(), &["mode", "rm", "lab"]), 65, &["mode lab is used by web, 3f9a", "--force"]);
    fails(&run("unix:///no/socket", &["mode", "rm", "lab"]), 65, &["used by b5082ded43d3, 3f9a"]);
    assert!(place.path("modes.d/lab.wasm").exists());

    let removed = run(&peers.docker(), &["mode", "rm", "lab", "--force"]);
    assert!(removed.code == 0 && removed.out.contains("kept by       web 3f9a: they keep"), "{removed:?}");
    assert!(removed.out.contains("revoked       what was granted to sha256:cccccccccccc\n"), "{removed:?}");
    assert!(removed.out.contains("sha256:aaaaaaaaaaaa, sha256:bbbbbbbbbbbb, for them"), "{removed:?}");
    assert!(!place.path("modes.d/lab.wasm").exists());
    let left = fs::read_to_string(place.path("grants.d/lab.toml")).unwrap();
    let has = |digit: &str| left.contains(&digit.repeat(64));
    assert!(has("a") && has("b") && !has("c"), "what no network uses goes: {left}");
}

#[test]
fn grants_that_no_network_needs_any_more_are_told() {
    let (place, peers) = (Place::new(), Peers::new(docker, driver));
    let checked = || {
        let mut command = command_of(&place, &["--admin-socket", &peers.admin(), "check"]);
        ended(&command.env("DOCKER_HOST", peers.docker()).output().unwrap()).out
    };
    let earlier = |digit: &str| format!("[[earlier]]\ndigest = \"{}\"\nallow = [\"vlan=7\"]\n", digit.repeat(64));
    fs::create_dir(place.path("grants.d")).unwrap();
    fs::write(place.path("grants.d/lab.toml"), earlier("b")).unwrap();
    assert!(!checked().contains("that no network has any more"), "one is on it");
    fs::write(place.path("grants.d/lab.toml"), earlier("c")).unwrap();
    let found = checked();
    assert!(found.contains("that no network has any more") && found.contains("docker-ovs mode rm lab"), "{found}");
}
