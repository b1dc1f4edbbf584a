//! The bindings in the example in C are what wit-bindgen makes of the contract as it is now.

use std::fs;

use wit_bindgen_c::Opts;
use wit_bindgen_core::{Files, wit_parser::Resolve};

use crate::repository;

/// Generates the files: a header, a source, and an object that says what a module was built for.
fn generated() -> Files {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(repository().join("wit/mode.wit")).unwrap();
    let world = resolve.select_world(&[package], Some("mode")).unwrap();
    let mut files = Files::default();
    Opts::default().build().generate(&mut resolve, world, &mut files).unwrap();
    files
}

#[test]
fn the_bindings_in_c_are_those_of_the_contract() {
    let sdk = repository().join("examples/c/sdk");
    let files = generated();
    assert_eq!(files.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["mode.c", "mode.h", "mode_component_type.o"]);
    for (name, contents) in files.iter() {
        let path = sdk.join(name);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, contents).unwrap();
        }
        let there = fs::read(&path).unwrap_or_default();
        assert!(there == contents, "examples/c/sdk/{name} is not what wit/mode.wit gives: run this test with BLESS=1");
    }
}
