//! Files that are no modes of this driver: refused, or told of, with the reason.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use super::{checked, fails, flat, listed, module, path, takes_lab};
use crate::build::{MANIFEST, built, contract, file};
use crate::place::{Place, client, command_of};
use crate::run::ended;

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
    server.until(|| takes_lab(&place));
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
    let directory = place.path("cache");
    let checked =
        || ended(&command_of(&place, &["check"]).env("DOCKER_OVS_CACHE_DIR", &directory).output().unwrap()).out;
    assert!(!checked().contains("cache_dir"));
    fs::create_dir_all(&directory).unwrap();
    fs::set_permissions(&directory, Permissions::from_mode(0o755)).unwrap();
    let found = checked();
    assert!(found.contains("is not used") && found.contains("others may use it (mode 0755)"), "{found}");
}
