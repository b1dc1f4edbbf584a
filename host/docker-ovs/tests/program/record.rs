//! `record_plans`: what modes are asked on a host becomes fixtures that `mode test` passes as they are.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::place::{LONG_CALL, Place};
use crate::run::run;

/// Requests that a Docker really sent.
const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docker-api/tests/requests/docker-28.5.2");

/// A network that mode nat refuses: IPv6 needs a larger MTU.
const REFUSED: &str = r#"{"NetworkID":"n6","Options":{"com.docker.network.generic":{"mode":"nat","mtu":"68"}},
    "IPv4Data":[],"IPv6Data":[{"Gateway":"fd00:7::1/64","Pool":"fd00:7::/64"}]}"#;

/// Networks as Docker asked for them, all of mode nat.
fn requests() -> Vec<String> {
    let files = fs::read_dir(RECORDED).unwrap().map(|entry| entry.unwrap().path());
    let wanted = files.filter(|file| file.to_string_lossy().ends_with("-CreateNetwork.json"));
    wanted.map(|file| fs::read_to_string(file).unwrap()).collect()
}

fn records(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

#[test]
fn what_was_asked_in_production_is_a_test() {
    let place = Place::new();
    let folder = place.path("plans");
    place.configure(&format!("record_plans = \"{}\"\n", folder.display()));
    let server = place.start();
    let asked = requests();
    assert!(asked.len() >= 2, "there are such requests");
    for body in asked.iter().map(String::as_str).chain([REFUSED]) {
        place.call("NetworkDriver.CreateNetwork", body);
    }
    server.until(|| records(&folder).len() == asked.len() + 1);
    assert_eq!(server.end(), Some(0));
    for file in records(&folder) {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let tested = run(&["mode", "test", file.to_str().unwrap(), "--module", "nat"]);
        assert_eq!(tested.code, 0, "{tested:?}\n{}", fs::read_to_string(&file).unwrap());
    }
    let last = fs::read_to_string(records(&folder).pop().unwrap()).unwrap();
    assert!(last.contains("code = \"mtu-too-small\"") && last.contains("at = \"mtu\""), "{last}");
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_directory_that_cannot_be_used_costs_the_records_and_nothing_else() {
    let place = Place::new();
    fs::create_dir(place.path("plans")).unwrap();
    fs::set_permissions(place.path("plans"), fs::Permissions::from_mode(0o755)).unwrap();
    place.configure(&format!("{LONG_CALL}record_plans = \"{}\"\n", place.path("plans").display()));
    let server = place.start();
    assert!(place.said("planning calls are not recorded") && place.said("chmod 700"));
    assert!(place.call("NetworkDriver.CreateNetwork", REFUSED).contains("too small"), "modes are asked all the same");
    assert!(records(&place.path("plans")).is_empty());
    assert_eq!(server.end(), Some(0));
}
