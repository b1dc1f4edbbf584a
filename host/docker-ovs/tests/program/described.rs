//! `mode inspect`, `mode diff` and `mode doc`.

use std::fs;
use std::path::Path;

use builtin_modes::builtin;
use serde_json::json;

use crate::build::{MANIFEST, built, contract, file};
use crate::run::{command, ended, fails, json, run};

/// A built-in mode's bytes, and a few that say nothing after them: another file of the same mode.
fn flat(more: &[u8]) -> Vec<u8> {
    let (name, bytes) = builtin()[0];
    assert_eq!(name, "flat");
    [bytes, more].concat()
}

/// A module of a site, by the name in its manifest.
fn lab() -> Vec<u8> {
    built(file("good"), &contract(), &MANIFEST.replace("hostile", "lab"))
}

/// An empty custom section called `x`.
const NOTHING: [u8; 4] = [0, 2, 1, b'x'];

fn written(directory: &Path, name: &str, bytes: &[u8]) -> String {
    let path = directory.join(name);
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_mode_of_this_host_is_inspected_by_its_name() {
    let text = run(&["mode", "inspect", "nat"]);
    assert_eq!((text.code, text.err.as_str()), (0, ""), "{text:?}");
    for words in [
        "nat 0.1.0  a private network behind the host's address",
        "mode          nat, built in\n",
        "contract      ovs:mode 1.0\n",
        "imports       ovs:mode/log@1.0.0, ovs:mode/types@1.0.0\n",
        "exports       ovs:mode/policy@1.0.0\n",
        "gateway       required\n",
        "nat            yes       forward and masquerade",
        "masquerade  network: true or false\n",
        "gateway_mode  network: nat, routed, default nat\n",
        "also com.docker.network.bridge.gateway_mode_ipv4\n",
    ] {
        assert!(text.out.contains(words), "\"{words}\" is not in:\n{}", text.out);
    }
    assert!(!text.out.contains("to grant all"), "it has everything:\n{}", text.out);
    let found = json(&["mode", "inspect", "--json", "nat"]);
    assert_eq!((&found["origin"], &found["component"]), (&json!("built-in"), &json!(true)));
    assert_eq!(found["capabilities"][2]["granted"], json!(["nat"]));
    assert_eq!(found["amounts"][0]["limit"], policy::Limits::default().module_size);
}

#[test]
fn a_file_is_inspected_with_what_the_configuration_grants_its_digest() {
    let directory = tempfile::tempdir().unwrap();
    let file = written(directory.path(), "lab.wasm", &lab());
    let found = json(&["mode", "inspect", "--json", &file]);
    assert_eq!((&found["mode"], &found["name"], &found["origin"]), (&json!("lab"), &json!("lab"), &json!("site")));
    assert_eq!(
        found["capabilities"][1],
        json!({ "capability": "uplink", "granted": [], "means": "put host interfaces on a bridge" })
    );
    let text = run(&["mode", "inspect", &file]).out;
    let digest = found["digest"].as_str().unwrap();
    let section = format!("    [grants.lab]\n    digest = \"{digest}\"\n");
    assert!(text.contains(&section), "{text}");

    let grants = format!("[grants.lab]\ndigest = \"{digest}\"\nallow = [\"uplink=eth1\", \"nat\"]\n");
    let config = written(directory.path(), "config.toml", grants.as_bytes());
    let found = json(&["mode", "inspect", "--json", "--config", &config, &file]);
    assert_eq!(found["capabilities"][1]["granted"], json!(["uplink=eth1"]));
    assert_eq!(found["capabilities"][0]["granted"], json!([]));

    fs::remove_file(&config).unwrap();
    let mut by_name = command(&["mode", "inspect", "lab"]);
    let by_name = ended(&by_name.env("DOCKER_OVS_MODE_DIR", directory.path()).output().unwrap());
    assert!(by_name.code == 0 && by_name.out.contains("lab, a site's module"), "{by_name:?}");
}

#[test]
fn a_module_goes_by_the_name_in_its_manifest_whatever_its_file_is_called() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["My Lab.wasm", "mode_lab.wasm", "other.wasm"] {
        let file = written(directory.path(), name, &lab());
        assert_eq!(json(&["mode", "inspect", "--json", &file])["mode"], "lab", "{name}");
        let page = run(&["mode", "doc", &file]).out;
        assert!(page.starts_with("# Mode lab\n") && page.contains("--opt mode=lab web\n"), "{name}: {page}");
        let difference = run(&["mode", "diff", "flat", &file]).out;
        assert!(difference.contains(" -> lab 0.0.1 ") && difference.contains("[grants.lab]"), "{name}: {difference}");
    }
}

#[test]
fn of_a_folder_the_module_that_was_built_in_it_is_taken() {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().to_str().unwrap();
    let manifest = "name = \"lab\"\nversion = \"1\"\nsummary = \"one\"\ncontract = \"1.0\"\n";
    written(directory.path(), "mode.toml", manifest.as_bytes());
    fails(&["mode", "inspect", folder], 66, &["has no module: build it first"]);
    fs::create_dir(directory.path().join("build")).unwrap();
    written(directory.path(), "build/lab.wasm", &flat(&NOTHING));
    let found = json(&["mode", "inspect", "--json", folder]);
    assert_eq!((&found["mode"], &found["name"]), (&json!("flat"), &json!("flat")), "what the module says holds");
    assert_eq!(run(&["mode", "diff", "flat", folder]).code, 1);
}

#[test]
fn what_is_no_mode_is_told_with_the_reason_and_the_fix() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str, bytes: &[u8]| written(directory.path(), name, bytes);
    let (elf, cut) = (at("elf.wasm", b"\x7fELF...."), at("cut.wasm", &flat(&[])[..5000]));
    let (text, missing) =
        (at("mode.toml", b"name = \"lab\""), directory.path().join("gone.wasm").display().to_string());
    let folder = directory.path().to_str().unwrap();
    for command in ["inspect", "doc"] {
        fails(&["mode", command, &elf], 65, &["elf.wasm is not a mode that this driver takes", "machine code"]);
        fails(&["mode", command, &cut], 65, &["cut.wasm", "it is cut off: copy or build it again"]);
        fails(&["mode", command, &text], 65, &["mode.toml", "not a WebAssembly module or component"]);
        fails(&["mode", command, folder], 65, &["mode.toml"]);
        fails(&["mode", command, "/proc/self/fd/"], 66, &["not in the folder of a mode"]);
        fails(&["mode", command, "./red\u{1b}[31m.wasm"], 66, &["./red\\u{1b}[31m.wasm"]);
        fails(&["mode", command, &missing], 66, &["gone.wasm cannot be read: No such file"]);
        fails(&["mode", command, "flta"], 66, &["there is no mode flta: did you mean flat?"]);
    }
    fails(&["mode", "pack", &missing, "-m", &text], 66, &["gone.wasm cannot be read: No such file"]);
    fails(&["mode", "pack", &elf, "-m", &missing], 66, &["gone.wasm cannot be read: No such file"]);
    fails(&["mode", "diff", "flat", &elf], 65, &["machine code"]);
    fails(&["mode", "diff", &missing, "flat"], 66, &["gone.wasm"]);
}

#[test]
fn modules_are_compared_and_the_exit_code_is_that_of_diff() {
    let directory = tempfile::tempdir().unwrap();
    let same = written(directory.path(), "flat.wasm", &flat(&[]));
    let other = written(directory.path(), "newer.wasm", &flat(&NOTHING));
    let ended = run(&["mode", "diff", "flat", &same]);
    assert!(ended.code == 0 && ended.out.starts_with("flat and flat are one file: sha256:"), "{ended:?}");

    let ended = run(&["mode", "diff", "flat", &other]);
    assert_eq!((ended.code, ended.err.as_str()), (1, ""), "{ended:?}");
    for words in [
        "flat 0.1.0 sha256:",
        " -> flat 0.1.0 sha256:",
        "Nothing but the code differs.",
        "a new grant is needed for bridge, uplink, vlan, host-address",
        "[grants.flat]",
        "every option that networks have today is taken",
    ] {
        assert!(ended.out.contains(words), "\"{words}\" is not in:\n{}", ended.out);
    }

    let ended = run(&["mode", "diff", "flat", "nat"]);
    assert_eq!(ended.code, 1);
    for words in [
        "+ capability nat",
        "- capability uplink",
        "~ gateway: optional -> required",
        "- uplink  network: text",
        "uplink, net.gopher.ovs.bridge.bind_interface, parent of networks: it is gone",
        "no new grant is needed",
    ] {
        assert!(ended.out.contains(words), "\"{words}\" is not in:\n{}", ended.out);
    }
    let place = |words: &str| ended.out.find(words).unwrap();
    assert!(place("  permissions") < place("  options") && place("  options") < place("  upgrade"), "{}", ended.out);
    assert!(!ended.out.contains('\u{1b}'), "there is no colour but on a terminal");

    let found = run(&["mode", "diff", "--json", "flat", "nat"]);
    let parsed: serde_json::Value = serde_json::from_str(&found.out).unwrap();
    assert_eq!((found.code, &parsed["same"]), (1, &json!(false)));
    assert_eq!(parsed["permissions"]["capabilities"]["added"], json!(["nat", "publish"]));
}

#[test]
fn a_page_for_users_is_printed() {
    let page = run(&["mode", "doc", "flat"]);
    assert_eq!((page.code, page.err.as_str()), (0, ""), "{page:?}");
    for words in [
        "# Mode flat\n",
        "docker network create -d ovs --opt mode=flat web\n",
        "| `vlan` | both | 1 to 4094 |",
        "## What it may do",
        "It is built in",
    ] {
        assert!(page.out.contains(words), "\"{words}\" is not in:\n{}", page.out);
    }
}
