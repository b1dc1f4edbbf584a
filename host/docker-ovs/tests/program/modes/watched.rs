//! What is put into the directory of modules is picked up, when it is whole.

use std::fs::{self, File};
use std::io::Write;
use std::process::Command;

use super::{flat, listed, module, takes_lab};
use crate::place::{Place, Server};

/// Waits until the directory of modules is watched. The first module may have been there when the driver looked for a
/// directory to watch, and saw none yet; the second can only be seen by whoever watches.
fn is_watched(place: &Place, server: &Server<'_>) {
    for name in ["good", "better"] {
        fs::write(place.path(&format!("modes.d/{name}.wasm")), module("good")).unwrap();
        server.until(|| place.said(&format!("new mode {name} 0.0.1")));
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
    assert!(!takes_lab(&place));
    let log = fs::read_to_string(place.path("log")).unwrap();
    assert!(!log.contains("lab.wasm"), "half of it is nothing to talk about:\n{log}");
    half.write_all(&bytes[bytes.len() / 2..]).unwrap();
    drop(half);
    server.until(|| place.said("new mode lab 0.1.0"));
    server.until(|| takes_lab(&place));
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
    server.until(|| takes_lab(&place));
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
