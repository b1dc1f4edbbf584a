//! The SDK of the example in Rust is `guest-modes`: its sources by a link, and a `Cargo.toml` that stands for itself.

use std::fs;

use toml::{Table, Value};

use crate::repository;

fn read(path: &str) -> Table {
    fs::read_to_string(repository().join(path)).unwrap().parse().unwrap()
}

/// A value with what the workspace has for it, where it says so, and what it adds to that.
fn resolved(value: &Value, of_workspace: Option<&Value>) -> Value {
    let Some(mut own) = value.as_table().filter(|own| own.contains_key("workspace")).cloned() else {
        return value.clone();
    };
    own.remove("workspace");
    match of_workspace.unwrap() {
        whole if own.is_empty() => whole.clone(),
        Value::Table(shared) => shared.clone().into_iter().chain(own).collect::<Table>().into(),
        version => {
            own.insert("version".to_owned(), version.clone());
            own.into()
        }
    }
}

#[test]
fn the_sdk_of_a_project_is_what_the_built_in_modes_are_written_with() {
    let (ours, theirs) = (read("guest-modes/Cargo.toml"), read("examples/rust/sdk/Cargo.toml"));
    let workspace = &read("Cargo.toml")["workspace"];
    assert_eq!(ours["features"], theirs["features"]);
    for part in ["package", "dependencies"] {
        let told = ours[part].as_table().unwrap().iter().filter(|(key, _)| *key != "description");
        let expected: Table =
            told.map(|(key, value)| (key.clone(), resolved(value, workspace[part].get(key)))).collect();
        assert_eq!(theirs[part].as_table().unwrap(), &expected, "examples/rust/sdk/Cargo.toml, [{part}]");
    }
}

#[test]
fn what_a_project_is_built_from_is_what_the_built_in_modes_are_built_from() {
    let versions = |path: &str| -> Vec<(String, String)> {
        let text = |package: &Value, key: &str| package[key].as_str().unwrap().to_owned();
        let lock = read(path);
        let packages = lock["package"].as_array().unwrap().iter().filter(|package| package.get("source").is_some());
        packages.map(|package| (text(package, "name"), text(package, "version"))).collect()
    };
    let ours = versions("Cargo.lock");
    for version in versions("examples/rust/Cargo.lock") {
        assert!(ours.contains(&version), "{version:?} is in examples/rust/Cargo.lock and not in Cargo.lock");
    }
}
