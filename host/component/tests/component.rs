//! Core modules in, components out, and what is said about files that are neither.

use component::{Error, MANIFEST_SECTION, componentize, manifest_section};
use wasm_encoder::{ComponentSection, CustomSection, Section};
use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// A core module of a world with one export, as a compiler would have made it.
fn module(text: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let package = resolve
        .push_str("test.wit", "package a:b; world w { export answer: func() -> u32; }")
        .expect("a world to build for");
    let world = resolve.select_world(&[package], None).expect("a world to build for");
    let mut module = wat::parse_str(text).expect("text that is a module");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("a world to build for");
    module
}

fn answering() -> Vec<u8> {
    module(r#"(module (func (export "answer") (result i32) i32.const 42))"#)
}

fn with_manifest(mut module: Vec<u8>, manifest: &str) -> Vec<u8> {
    CustomSection { name: MANIFEST_SECTION.into(), data: manifest.as_bytes().into() }.append_to(&mut module);
    module
}

#[test]
fn the_manifest_moves_to_the_top_level() {
    let component = componentize(&with_manifest(answering(), "name = \"a\"")).unwrap();
    assert!(wasmparser::Parser::is_component(&component));
    assert_eq!(manifest_section(&component).unwrap(), b"name = \"a\"");
    let last =
        wasmparser::Parser::new(0).parse_all(&component).filter_map(Result::ok).filter_map(|payload| match payload {
            wasmparser::Payload::CustomSection(section) => Some((section.name().to_owned(), section.range().end)),
            _ => None,
        });
    assert_eq!(last.last().unwrap(), (MANIFEST_SECTION.to_owned(), component.len()));
}

#[test]
fn the_same_module_gives_the_same_component() {
    let module = with_manifest(answering(), "name = \"a\"");
    assert_eq!(componentize(&module).unwrap(), componentize(&module).unwrap());
}

#[test]
fn a_component_is_taken_as_it_is() {
    let component = componentize(&with_manifest(answering(), "x")).unwrap();
    assert_eq!(componentize(&component).unwrap(), component);
}

#[test]
fn a_manifest_in_a_nested_module_counts() {
    let without = componentize(&answering()).unwrap();
    assert!(matches!(manifest_section(&without), Err(Error::NoManifest)));
    let mut outer = wasm_encoder::Component::new();
    let nested = with_manifest(wat::parse_str("(module)").unwrap(), "nested");
    outer.section(&wasm_encoder::RawSection { id: wasm_encoder::ComponentSectionId::CoreModule.into(), data: &nested });
    let outer = outer.finish();
    assert_eq!(manifest_section(&outer).unwrap(), b"nested");
}

#[test]
fn a_manifest_is_put_where_there_is_none() {
    for module in [answering(), componentize(&answering()).unwrap()] {
        let packed = component::with_manifest(&module, b"name = \"a\"").unwrap();
        assert!(packed.starts_with(&module), "all else stays as it is");
        assert_eq!(manifest_section(&packed).unwrap(), b"name = \"a\"");
        assert_eq!(manifest_section(&componentize(&packed).unwrap()).unwrap(), b"name = \"a\"");
        assert!(matches!(component::with_manifest(&packed, b"b"), Err(Error::ManifestThere)));
    }
    assert!(matches!(component::with_manifest(b"#!/bin/sh", b"a"), Err(Error::NotWasm)));
}

#[test]
fn two_manifests_are_one_too_many() {
    let twice = with_manifest(with_manifest(answering(), "a"), "b");
    assert!(matches!(componentize(&twice), Err(Error::ManyManifests(2))));

    let mut lifted = componentize(&with_manifest(answering(), "a")).unwrap();
    CustomSection { name: MANIFEST_SECTION.into(), data: b"b".into() }.append_to_component(&mut lifted);
    assert!(matches!(manifest_section(&lifted), Err(Error::ManyManifests(2))));
}

#[test]
fn what_is_no_mode_is_named() {
    assert!(matches!(componentize(b"#!/bin/sh"), Err(Error::NotWasm)));
    assert!(matches!(manifest_section(b""), Err(Error::NotWasm)));
    let plain = wat::parse_str("(module)").unwrap();
    assert!(matches!(componentize(&plain), Err(Error::NoContract)));
    let liar = module("(module)");
    assert!(matches!(componentize(&liar), Err(Error::NotComponentizable(_))));
    let module = answering();
    assert!(matches!(componentize(&module[..module.len() - 1]), Err(Error::Malformed(_))));
    let component = componentize(&module).unwrap();
    assert!(matches!(manifest_section(&component[..component.len() - 1]), Err(Error::Malformed(_))));
}

#[test]
fn a_file_cut_anywhere_is_an_error_and_not_a_panic() {
    let module = with_manifest(answering(), "name = \"a\"");
    let component = componentize(&module).unwrap();
    let without_manifest = componentize(&answering()).unwrap().len();
    for end in 0..module.len() {
        // Cut between two sections it may still be a module, but then one whose manifest is gone.
        let cut = componentize(&module[..end]);
        assert!(cut.is_err() || cut.is_ok_and(|made| made.len() == without_manifest), "module cut at {end}");
    }
    for end in 0..component.len() {
        assert!(manifest_section(&component[..end]).is_err(), "component cut at {end}");
    }
}
