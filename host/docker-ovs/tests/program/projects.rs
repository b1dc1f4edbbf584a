//! New projects and packing: what people type, and what they are told.

use std::fs;

use crate::run::{ended, fails, run};

#[test]
fn a_new_project_says_how_it_is_built() {
    let place = tempfile::tempdir().unwrap();
    let ended =
        ended(&crate::run::command(&["mode", "new", "my-net", "--lang", "c"]).current_dir(&place).output().unwrap());
    assert_eq!(ended.code, 0, "{ended:?}");
    for words in ["mode my-net in C", "\n  cd my-net\n  make\n  docker-ovs mode test\n"] {
        assert!(ended.out.contains(words), "{}", ended.out);
    }
    assert!(place.path().join("my-net/src/network.c").is_file());
}

#[test]
fn a_project_that_cannot_be_is_the_users_mistake() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path().to_str().unwrap();
    fails(&["mode", "new", "nat", "--lang", "c", place], 64, &["mode nat is built in"]);
    fails(&["mode", "new", "My Net", "--lang", "c", place], 64, &["\"My Net\" cannot name a mode"]);
    fails(&["mode", "new", "x", "--lang", "cobol", place], 64, &["cobol", "rust, c, js, python"]);
    fs::write(format!("{place}/mine"), "").unwrap();
    fails(&["mode", "new", "x", "--lang", "c", place], 64, &[place, "is not empty"]);
}

#[test]
fn what_cannot_be_packed_is_refused_with_the_reason() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("lab.wasm"), "#!/bin/sh").unwrap();
    fs::write(path("mode.toml"), "nmae = \"lab\"").unwrap();
    let arguments = [&path("lab.wasm"), "-m", &path("mode.toml"), "-o", &path("out.wasm")];
    fails(&[&["mode", "pack"][..], &arguments].concat(), 65, &["the manifest is wrong", "nmae"]);
    run(&["mode", "new", "lab", "--lang", "c", &path("lab")]);
    fs::rename(path("lab/mode.toml"), path("mode.toml")).unwrap();
    fails(&[&["mode", "pack"][..], &arguments].concat(), 65, &["not a WebAssembly module"]);
    fails(&["mode", "pack", &path("gone.wasm"), "-m", &path("mode.toml")], 66, &["gone.wasm cannot be read"]);
    assert!(!place.path().join("out.wasm").exists());
}
