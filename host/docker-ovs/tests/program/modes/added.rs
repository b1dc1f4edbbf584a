//! Modules are added with what they are granted, one at a time.

use std::fs::{self, File, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use super::{checked, docker, fails, flat, list, listed, path, takes_lab};
use crate::peers::Peers;
use crate::place::{Place, client, command_of};
use crate::run::{Ended, ended};

#[test]
fn a_module_is_added_granted_listed_and_removed() {
    let place = Place::new();
    fs::write(place.path("first.wasm"), flat("one")).unwrap();
    let server = place.start();
    let first = path(&place, "first.wasm");
    let arguments = ["mode", "add", &first, "--name", "lab", "--grant", "uplink=eth1", "--grant", "vlan=100-199"];
    let added = client(&place, &arguments);
    assert_eq!(added.code, 0, "{added:?}");
    for words in ["mode lab 0.1.0 (sha256:", "uplink        eth1\n", "vlan          100-199\n", "has it now"] {
        assert!(added.out.contains(words), "{words}: {}", added.out);
    }
    assert!(added.out.contains("bridge        not granted: --grant bridge would"), "{}", added.out);
    let mode = listed(&place, "lab");
    let digest = policy::digest(&flat("one")).to_string();
    assert_eq!((&mode["digest"], &mode["origin"], &mode["error"]), (&digest.into(), &"file".into(), &Value::Null));
    assert_eq!(mode["granted"], json!(["uplink=eth1", "vlan=100-199"]));
    server.until(|| takes_lab(&place));

    // A changed file with the old name loses them.
    fs::write(place.path("modes.d/lab.wasm"), flat("two")).unwrap();
    server.until(|| place.said("nothing is granted; if the new file is to be trusted"));
    assert_eq!(listed(&place, "lab")["granted"], json!([]));
    let shown = client(&place, &["mode", "ls"]).out;
    assert!(
        shown.contains("NOT GRANTED") && shown.contains("note ") && shown.contains("nothing is granted"),
        "{shown}"
    );
    assert!(checked(&place).contains("nothing is granted"), "{}", checked(&place));

    // Adding it again without grants leaves it without.
    let again = client(&place, &["mode", "add", &path(&place, "modes.d/lab.wasm"), "--json"]);
    fails(&Ended { out: String::new(), ..again }, 64, &["flat is a built-in mode", "--name"]);
    let again = client(&place, &["mode", "add", &path(&place, "modes.d/lab.wasm"), "--name", "lab", "--json"]);
    let again: Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!((&again["granted"], &again["driver"]), (&json!([]), &true.into()));
    assert!(!place.path("grants.d/lab.toml").exists(), "nothing is granted to anybody");

    let removed = client(&place, &["mode", "rm", "lab"]);
    assert!(removed.code == 0 && removed.out.contains("removed mode lab"), "{removed:?}");
    assert!(!takes_lab(&place) && listed(&place, "lab").is_null());
    fails(&client(&place, &["mode", "rm", "lab"]), 66, &["there is no lab.wasm"]);
    assert_eq!(server.end(), Some(0));
}

#[test]
fn grants_in_the_configuration_win() {
    let place = Place::new();
    fs::write(place.path("lab.wasm"), flat("one")).unwrap();
    let digest = policy::digest(&flat("one"));
    place.configure(&format!("[grants.lab]\ndigest = \"{digest}\"\nallow = [\"bridge\"]\n"));
    let lab = path(&place, "lab.wasm");
    let refused = client(&place, &["mode", "add", &lab, "--name", "lab", "--grant", "vlan"]);
    fails(&refused, 64, &["[grants.lab] stands in the configuration", digest.as_str()]);
    assert!(!place.path("modes.d").exists(), "nothing was put anywhere");
    assert_eq!(client(&place, &["mode", "add", &lab, "--name", "lab"]).code, 0);
    assert_eq!(listed(&place, "lab")["granted"], json!(["bridge"]));
    assert!(place.path("grants.d").read_dir().unwrap().next().is_none(), "what wins is written elsewhere");
    fs::write(place.path("grants.d/lab.toml"), format!("digest = \"{digest}\"\nallow = [\"vlan\"]\n")).unwrap();
    fs::write(place.path("grants.d/broken.toml"), "alow = []\n").unwrap();
    let list = list(&place);
    let notices = list["notices"].to_string();
    assert!(notices.contains("lab.toml: passed over, grants.lab in the configuration wins over it"), "{notices}");
    assert!(notices.contains("broken.toml: it is no file of grants") && notices.contains("alow"), "{notices}");
    assert_eq!(list["driver"], false);
    assert_eq!(listed(&place, "lab")["granted"], json!(["bridge"]));
}

#[test]
fn what_is_granted_in_vain_is_refused() {
    let place = Place::new();
    fs::write(place.path("lab.wasm"), flat("one")).unwrap();
    let lab = path(&place, "lab.wasm");
    let add = |more: &[&str]| client(&place, &[&["mode", "add", &lab], more].concat());
    fails(&add(&["--name", "lab", "--grant", "root"]), 64, &["\"root\" is not a grant", "bridge, uplink, vlan"]);
    fails(&add(&["--name", "lab", "--grant", "nat"]), 64, &["nat is not what the module asks for", "bridge, uplink"]);
    fails(&add(&["--name", "No Such"]), 64, &["a mode cannot be called \"No Such\"", "lower case"]);
    fails(&add(&[]), 64, &["flat is a built-in mode"]);
    assert!(!place.path("modes.d").exists() && !place.path("grants.d").exists());
}

/// `mode add` of a version of `flat` as mode `lab`, begun while somebody else edits the modes of the place. It says that
/// it waits.
fn waiting(place: &Place, version: &str) -> Child {
    let file = path(place, &format!("{version}.wasm"));
    fs::write(&file, flat(version)).unwrap();
    let mut command = command_of(place, &["mode", "add", &file, "--name", "lab", "--grant", "vlan=7"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(child.stderr.as_mut().unwrap()).read_line(&mut said).unwrap();
    assert!(said.contains("waiting until that is done"), "{said}");
    child
}

#[test]
fn two_who_add_a_mode_at_once_lose_nothing_of_each_other() {
    let place = Place::new();
    fs::create_dir(place.path("grants.d")).unwrap();
    let editing = File::open(place.path("grants.d")).unwrap();
    editing.lock().unwrap();
    let [mut one, mut two] = ["one", "two"].map(|version| waiting(&place, version));
    let third = format!("digest = \"{}\"\nallow = [\"uplink=eth1\"]\n", "c".repeat(64));
    fs::write(place.path("grants.d/lab.toml"), third).unwrap();
    drop(editing);
    assert!(one.wait().unwrap().success() && two.wait().unwrap().success());

    let there = policy::digest(&fs::read(place.path("modes.d/lab.wasm")).unwrap());
    let grants = policy::GrantFile::read(&place.path("grants.d/lab.toml")).unwrap().unwrap();
    assert_eq!(grants.digest, Some(there), "who came last is whom it is for");
    for granted in [flat("one"), flat("two")].map(|bytes| policy::digest(&bytes)) {
        assert!(grants.of(&granted).is_some(), "{grants:?}");
    }
    assert_eq!(grants.earlier.len(), 2, "{grants:?}");
}

#[test]
fn whenever_an_addition_ends_what_lies_there_has_its_grants() {
    let place = Place::new();
    let add = |version: &str, more: &[&str]| {
        let file = path(&place, &format!("{version}.wasm"));
        fs::write(&file, flat(version)).unwrap();
        client(&place, &[&["mode", "add", &file, "--name", "lab"], more].concat())
    };
    let peers = Peers::new(docker, |question| (question == "GET /v1/modes").then(|| json!({"modes": []})));
    assert_eq!(add("one", &["--grant", "vlan=7"]).code, 0);
    // The driver breaks off when it is to take the new one over: all that comes after the installing is missing.
    let second = add("two", &["--grant", "uplink=eth1", "--admin-socket", &peers.admin()]);
    assert_ne!(second.code, 0, "{second:?}");
    let grants = policy::GrantFile::read(&place.path("grants.d/lab.toml")).unwrap().unwrap();
    assert!(
        grants.of(&policy::digest(&flat("one"))).is_some(),
        "networks that were made meanwhile keep theirs: {grants:?}"
    );
    assert!(grants.of(&policy::digest(&flat("two"))).is_some());
}

/// The command as somebody who may write nothing here.
fn as_nobody(place: &Place, arguments: &[&str]) -> Command {
    let own = command_of(place, arguments);
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(own.get_program()).args(own.get_args());
    command.envs(own.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

#[test]
fn whoever_may_not_is_told_who_may() {
    let place = Place::new();
    let readable = |path: &PathBuf| fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
    fs::write(place.path("lab.wasm"), flat("one")).unwrap();
    readable(&place.path("."));
    readable(&place.path("lab.wasm"));
    let lab = path(&place, "lab.wasm");
    let refused = ended(&as_nobody(&place, &["mode", "add", &lab, "--name", "lab"]).output().unwrap());
    fails(&refused, 77, &["grants.d cannot be locked", "as root"]);
    let shown = ended(&as_nobody(&place, &["mode", "ls"]).output().unwrap());
    assert!(shown.code == 0 && shown.out.contains("nat "), "everybody may look: {shown:?}");
}
