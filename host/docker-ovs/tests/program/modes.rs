//! Modules of a site: put there by hand or by command, with a driver that runs and without one.

use std::fs::{self, File, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::build::{MANIFEST, built, contract, file, with_section};
use crate::peers::Peers;
use crate::place::{Place, Server, client, command_of};
use crate::run::{Ended, ended};

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

/// Whether a network can be made with mode `lab`, but for the Open vSwitch that is not there.
fn takes_lab(place: &Place) -> bool {
    let said = place.call("NetworkDriver.CreateNetwork", NETWORK);
    assert!(said.contains("\"Err\""), "{said}");
    !said.contains("mode lab")
}

/// Waits until the directory of modules is watched: something in it is picked up.
fn is_watched(place: &Place, server: &Server<'_>) {
    fs::write(place.path("modes.d/good.wasm"), module("good")).unwrap();
    server.until(|| place.said("new mode good 0.0.1"));
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

#[test]
fn a_module_is_picked_up_when_it_is_whole() {
    let place = Place::new();
    let server = place.start();
    assert!(!takes_lab(&place));
    let (modes, bytes) = (place.path("modes.d"), flat("one"));
    fs::create_dir(&modes).unwrap();
    is_watched(&place, &server);
    let mut half = File::create(modes.join("lab.wasm")).unwrap();
    half.write_all(&bytes[..bytes.len() / 2]).unwrap();
    // Something that is whole is picked up meanwhile.
    fs::write(modes.join("meanwhile.wasm"), module("good")).unwrap();
    server.until(|| place.said("new mode meanwhile"));
    assert!(!takes_lab(&place) && !place.said("lab.wasm"), "half of it is nothing to talk about");
    half.write_all(&bytes[bytes.len() / 2..]).unwrap();
    drop(half);
    server.until(|| place.said("new mode lab 0.1.0"));
    assert!(takes_lab(&place));
    assert_eq!(server.end(), Some(0));
}

#[test]
fn a_module_that_is_overwritten_is_what_it_was_until_it_is_whole_again() {
    let place = Place::new();
    let modes = place.path("modes.d");
    fs::create_dir(&modes).unwrap();
    fs::write(modes.join("lab.wasm"), flat("one")).unwrap();
    let server = place.start();
    is_watched(&place, &server);
    let mut half = File::create(modes.join("lab.wasm")).unwrap();
    half.write_all(&flat("two")[..1000]).unwrap();
    fs::write(modes.join("meanwhile.wasm"), module("good")).unwrap();
    server.until(|| place.said("new mode meanwhile"));
    assert!(takes_lab(&place));
    half.write_all(&flat("two")[1000..]).unwrap();
    drop(half);
    server.until(|| place.said("which networks that were made with it keep"));

    fs::write(place.path("three"), flat("three")).unwrap();
    fs::rename(place.path("three"), modes.join("lab.wasm")).unwrap();
    let third = policy::digest(&flat("three")).to_string();
    server.until(|| listed(&place, "lab")["digest"] == third.as_str());
    fs::remove_file(modes.join("lab.wasm")).unwrap();
    server.until(|| place.said("is gone; networks that were made with it keep it"));
    assert!(!takes_lab(&place));
    std::os::unix::fs::symlink(place.path("elsewhere"), modes.join("lab.wasm")).unwrap();
    server.until(|| place.said("lab.wasm: mode lab cannot be used: it cannot be read"));
    assert_eq!(server.end(), Some(0));
}

#[test]
fn a_directory_that_is_moved_away_and_back_is_watched_again() {
    let place = Place::new();
    let (modes, away) = (place.path("modes.d"), place.path("away"));
    fs::create_dir(&modes).unwrap();
    fs::write(modes.join("lab.wasm"), flat("one")).unwrap();
    let server = place.start();
    fs::rename(&modes, &away).unwrap();
    server.until(|| place.said("mode lab") && !takes_lab(&place));
    fs::rename(&away, &modes).unwrap();
    server.until(|| takes_lab(&place));
    is_watched(&place, &server);
    assert_eq!(server.end(), Some(0));
}

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
    assert!(takes_lab(&place));

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

/// Files that are no modes of this driver, and what is said of them.
fn bad() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let other_contract = MANIFEST.replace("contract = \"1.0\"", "contract = \"9.0\"");
    let wrong_manifest = MANIFEST.replace("summary", "sumary");
    let wrong_word = format!("{MANIFEST}gateway = \"maybe\"\n");
    vec![
        ("cut", module("good")[..100].to_vec(), "it is cut off: copy or build it again"),
        ("forged", fs::read(env!("CARGO_BIN_EXE_docker-ovs")).unwrap()[..4096].to_vec(), "it is machine code"),
        ("noise", b"#!/bin/sh\n".to_vec(), "WebAssembly"),
        ("wasi", built(file("wasi"), &contract(), MANIFEST), "a mode gets no system interface (WASI)"),
        ("imports", file("other-import"), "all that a mode can import is ovs:mode/log@1.0.0"),
        (
            "contract",
            built(file("good"), &contract(), &other_contract),
            "contract 9.0, this driver speaks 0.1 and 1.0: build it",
        ),
        (
            "other",
            file("other-contract"),
            "this driver speaks ovs:mode@1.0.0 and 0.1.0; build it with the SDK of this driver",
        ),
        (
            "word",
            built(file("good"), &contract(), &wrong_word),
            "gateway: unknown variant `maybe`, expected one of `required`",
        ),
        ("manifest", built(file("good"), &contract(), &wrong_manifest), "its manifest"),
        ("bare", file("no-manifest"), "no manifest"),
        ("memory", module("huge-memory"), "limit memory"),
        ("loops", module("loop-in-start"), "start ran for too long (limit cpu"),
    ]
}

#[test]
fn what_is_no_mode_is_refused_with_the_reason() {
    let place = Place::new();
    for (name, bytes, reason) in bad() {
        let file = path(&place, "it.wasm");
        fs::write(&file, bytes).unwrap();
        fails(
            &client(&place, &["mode", "add", &file, "--name", name]),
            65,
            &["it.wasm is not a mode that this", reason],
        );
    }
    fails(
        &client(&place, &["mode", "add", "/nonexistent.wasm"]),
        66,
        &["/nonexistent.wasm cannot be read: No such file"],
    );
    assert!(!place.path("modes.d").exists(), "nothing of it was put there");
}

#[test]
fn what_is_dropped_and_no_mode_is_said_and_harms_nobody() {
    let place = Place::new();
    let server = place.start();
    let modes = place.path("modes.d");
    fs::create_dir(&modes).unwrap();
    for (name, bytes, _) in bad() {
        fs::write(modes.join(format!("{name}.wasm")), bytes).unwrap();
    }
    fs::write(modes.join("lab.wasm"), flat("one")).unwrap();
    server.until(|| place.said("new mode lab"));
    assert!(takes_lab(&place));
    for (name, _, reason) in bad() {
        let mode = listed(&place, name);
        assert!(mode["error"].as_str().unwrap_or_default().contains(reason), "{name}: {mode}");
        server.until(|| place.said(&format!("mode {name} cannot be used")) && place.said(reason));
    }
    let found = checked(&place);
    assert!(!found.contains("cache_dir"), "{found}");
    assert!(bad().iter().all(|(name, ..)| found.contains(&format!("mode {name} cannot be used"))), "{found}");
    assert_eq!(server.end(), Some(0));
}

#[test]
fn a_cache_that_others_may_use_is_told() {
    let place = Place::new();
    assert!(!checked(&place).contains("cache_dir"));
    fs::create_dir_all(place.path("cache")).unwrap();
    fs::set_permissions(place.path("cache"), Permissions::from_mode(0o755)).unwrap();
    let found = checked(&place);
    assert!(found.contains("is not used") && found.contains("others may use it (mode 0755)"), "{found}");
}

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

const WEB: &str = "b5082ded43d3b362c2b913dae6ee17a8afb51ef0e2a2e19db122d4b5fea67142";

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

fn docker(question: &str) -> Option<Value> {
    (question == "GET /networks").then(|| json!([{"Name": "web", "Id": WEB, "Driver": "ovs"}]))
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

#[test]
fn a_pipe_among_grants_and_modules_holds_up_nobody() {
    let place = Place::new();
    for (directory, name) in [("modes.d", "pipe.wasm"), ("grants.d", "lab.toml")] {
        fs::create_dir(place.path(directory)).unwrap();
        assert!(Command::new("mkfifo").arg(place.path(directory).join(name)).status().unwrap().success());
    }
    let server = place.start();
    fs::write(place.path("modes.d/lab.wasm"), flat("one")).unwrap();
    server.until(|| place.said("new mode lab"));
    assert!(place.said("lab.toml: it cannot be read: it is not a regular file; it grants nothing until then"));
    assert_eq!(server.end(), Some(0));
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
