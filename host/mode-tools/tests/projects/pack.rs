//! Packing: what comes out is a mode that the driver takes, and what cannot be one is refused as the driver would.

use std::fs;

use mode_tools::pack::{PackError, Packed};
use policy::{Limits, LoadError};
use wit_bindgen_core::wit_parser::Resolve;
use wit_component::{StringEncoding, embed_component_metadata};

use crate::repository;

fn manifest() -> Vec<u8> {
    fs::read(repository().join("examples/shared/mode.toml")).unwrap()
}

/// A core module as clang leaves it: built for the contract, without a manifest.
fn module(text: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(repository().join("wit/mode.wit")).unwrap();
    let world = resolve.select_world(&[package], Some("mode")).unwrap();
    let mut module = wat::parse_str(text).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    module
}

/// One that can be called, with something more in it.
fn good(more: &str) -> Vec<u8> {
    module(&format!(
        r#"(module {more}
            (memory (export "memory") 1)
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 8)
            (func (export "ovs:mode/policy@1.0.0#plan-network")
                (param i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) i32.const 1024)
            (func (export "ovs:mode/policy@1.0.0#plan-endpoint") (param i32) (result i32) unreachable)
            (func (export "ovs:mode/policy@1.0.0#plan-publish") (param i32) (result i32) unreachable))"#
    ))
}

fn refused(module: &[u8]) -> LoadError {
    match Packed::new(module, &manifest(), &Limits::default()) {
        Err(PackError::Module(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_core_module_becomes_a_component_with_its_manifest() {
    let packed = Packed::new(&good(""), &manifest(), &Limits::default()).unwrap();
    assert_eq!(packed.manifest().name, "lab");
    assert_eq!(component::manifest_section(packed.bytes()).unwrap(), manifest());
    assert_eq!(*packed.digest(), policy::digest(packed.bytes()));
    let again = Packed::new(&good(""), &manifest(), &Limits::default()).unwrap();
    assert_eq!(again.bytes(), packed.bytes(), "the same module gives the same component");
}

#[test]
fn a_component_keeps_every_byte_that_it_has() {
    let component = component::componentize(&good("")).unwrap();
    let packed = Packed::new(&component, &manifest(), &Limits::default()).unwrap();
    assert!(packed.bytes().starts_with(&component));
}

#[test]
fn a_module_has_one_manifest() {
    let packed = Packed::new(&good(""), &manifest(), &Limits::default()).unwrap();
    assert!(matches!(refused(packed.bytes()), LoadError::Component(component::Error::ManifestThere)));
}

#[test]
fn what_wants_a_system_is_told_how_to_do_without() {
    let wasi = r#"(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))"#;
    let error = refused(&good(wasi));
    assert!(matches!(&error, LoadError::Wasi(import) if import == "wasi_snapshot_preview1"), "{error}");
    assert!(error.to_string().contains("--gc-sections"), "{error}");
}

#[test]
fn what_the_driver_would_refuse_is_refused() {
    assert!(matches!(refused(b"#!/bin/sh"), LoadError::Component(component::Error::NotWasm)));
    assert!(matches!(refused(b"\x7fELF"), LoadError::MachineCode));
    assert!(matches!(refused(&wat::parse_str("(module)").unwrap()), LoadError::NoPolicy));
    let unmarked = wat::parse_str(r#"(module (func (export "ovs:mode/policy@1.0.0#plan-network")))"#).unwrap();
    assert!(matches!(refused(&unmarked), LoadError::Component(component::Error::NoContract)));
    let other = r#"(import "ovs:mode/log@0.9.0" "log" (func (param i32 i32 i32)))"#;
    assert!(matches!(refused(&good(other)), LoadError::Contract(_)));
    let short = Limits { module_size: 64, ..Limits::default() };
    let error = Packed::new(&good(""), &manifest(), &short).unwrap_err();
    assert!(matches!(error, PackError::Module(LoadError::Size { limit: 64, .. })), "{error}");
    let misspelt = b"nmae = 'lab'";
    assert!(matches!(Packed::new(&good(""), misspelt, &Limits::default()), Err(PackError::Manifest(_))));
}

#[test]
fn files_are_written_whole() {
    let place = tempfile::tempdir().unwrap();
    let (from, toml, to) = (place.path().join("m.wasm"), place.path().join("mode.toml"), place.path().join("lab.wasm"));
    fs::write(&from, good("")).unwrap();
    let missing = Packed::of_files(&from, &toml, &Limits::default()).unwrap_err();
    assert!(matches!(&missing, PackError::Read { path, .. } if *path == toml), "{missing}");
    fs::write(&toml, manifest()).unwrap();
    let packed = Packed::of_files(&from, &toml, &Limits::default()).unwrap();
    packed.write(&to).unwrap();
    assert_eq!(fs::read(&to).unwrap(), packed.bytes());
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 3, "nothing is left lying about");
    assert!(matches!(packed.write(&place.path().join("no/lab.wasm")), Err(PackError::Write { .. })));
}
