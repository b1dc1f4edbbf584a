//! Modules of a site: put there by hand or by command, with a driver that runs and without one.

mod added;
mod refused;
mod removed;
mod watched;

use serde_json::{Value, json};

use crate::build::{MANIFEST, built, contract, file, with_section};
use crate::place::{Place, client};
use crate::run::Ended;

const WEB: &str = "b5082ded43d3b362c2b913dae6ee17a8afb51ef0e2a2e19db122d4b5fea67142";

const NETWORK: &str = r#"{"NetworkID":"n1","Options":{"com.docker.network.generic":{"mode":"lab"}},
    "IPv4Data":[{"Gateway":"10.9.0.1/24","Pool":"10.9.0.0/24"}]}"#;

/// The built-in `flat` with something behind it: another file of the same mode.
fn flat(version: &str) -> Vec<u8> {
    let (name, flat) = builtin_modes::builtin()[0];
    assert_eq!(name, "flat");
    with_section(flat.to_vec(), "version", version.as_bytes())
}

fn module(name: &str) -> Vec<u8> {
    built(file(name), &contract(), MANIFEST)
}

/// Whether a network can be made with mode `lab`, but for the Open vSwitch that is not there: the driver says so, or is
/// still waiting for it when the call's time is over.
fn takes_lab(place: &Place) -> bool {
    let said = place.call("NetworkDriver.CreateNetwork", NETWORK);
    assert!(said.contains("\"Err\""), "{said}");
    !said.contains("mode lab")
}

fn path(place: &Place, name: &str) -> String {
    place.path(name).to_str().unwrap().to_owned()
}

fn list(place: &Place) -> Value {
    let listed = client(place, &["mode", "ls", "--json"]);
    assert_eq!(listed.code, 0, "{listed:?}");
    serde_json::from_str(&listed.out).unwrap()
}

/// A mode of the list.
fn listed(place: &Place, name: &str) -> Value {
    let list = list(place);
    list["modes"].as_array().unwrap().iter().find(|mode| mode["name"] == name).cloned().unwrap_or_default()
}

/// What `check` says about modes.
fn checked(place: &Place) -> String {
    let findings: Value = serde_json::from_str(&client(place, &["check", "--json"]).out).unwrap();
    let of_modes = findings.as_array().unwrap().iter().filter(|finding| finding["subject"] == "mode");
    of_modes.map(|finding| format!("{}\n", finding["what"].as_str().unwrap())).collect()
}

#[track_caller]
fn fails(ended: &Ended, code: i32, words: &[&str]) {
    assert_eq!((ended.code, ended.out.as_str()), (code, ""), "{ended:?}");
    for word in words {
        assert!(ended.err.contains(word), "\"{word}\" is not in: {}", ended.err);
    }
}

fn docker(question: &str) -> Option<Value> {
    (question == "GET /networks").then(|| json!([{"Name": "web", "Id": WEB, "Driver": "ovs"}]))
}
